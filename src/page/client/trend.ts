import { createChart, type TrendChart } from './chart.ts'
import { OWN } from './morph.ts'
import { readTrend } from './trend-data.ts'

/** Marks the figure whose drawing by the server is replaced by the chart. */
const CHARTED = `${OWN}-chart`

/**
 * Draws the trend as a chart that can be pointed at. Returns what to call after the page was updated. The server's
 * drawing stays, or comes back, where the chart cannot be made.
 */
export function enhanceTrend(): () => void {
  let chart: TrendChart | null = null
  const giveUp = () => {
    chart?.destroy()
    chart = null
    document.querySelector(`[${CHARTED}]`)?.removeAttribute(CHARTED)
  }
  const draw = () => {
    const figure = document.querySelector('figure#trend')
    const data = readTrend(figure?.querySelector('#trend-data')?.textContent ?? '')
    if (figure === null || data === null || data.days.length === 0) {
      giveUp()
      return
    }
    try {
      if (chart !== null && !figure.contains(chart.root)) giveUp()
      if (chart === null) {
        chart = createChart(data, labelOf(figure))
        figure.prepend(chart.root)
        figure.setAttribute(CHARTED, '')
        chart.fit()
      } else {
        chart.show(data, labelOf(figure))
      }
    } catch {
      giveUp()
    }
  }
  draw()
  return draw
}

/** What the server's drawing is called, for those who hear it. */
function labelOf(figure: Element): string {
  const drawing = figure.querySelector('svg')
  return drawing?.getAttribute('aria-label') ?? drawing?.querySelector('title')?.textContent ?? 'Cost per day'
}
