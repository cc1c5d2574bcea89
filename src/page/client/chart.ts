import uPlot from 'uplot'
import { OWN } from './morph.ts'
import { createReadout } from './readout.ts'
import { dayNumber, shortDay, stackOf, type TrendData } from './trend-data.ts'

export interface TrendChart {
  readonly root: HTMLElement
  /** Takes over other figures; the days that were zoomed to stay. */
  show(data: TrendData, label: string): void
  /** Takes the width there is. */
  fit(): void
  destroy(): void
}

/** Pixels. The height is that of the server's drawing, so that nothing below moves. */
const HEIGHT = 180
const MIN_WIDTH = 200

const DOLLARS = new Intl.NumberFormat('en-US', {
  style: 'currency',
  currency: 'USD',
  notation: 'compact',
  minimumFractionDigits: 0,
  maximumFractionDigits: 2,
})

/** Cost per day as bars, plan value on metered cost. Throws where the browser cannot draw it. */
export function createChart(first: TrendData, label: string): TrendChart {
  let data = first
  const root = ownElement('div', 'trend-chart')
  root.setAttribute(OWN, '')
  const readout = createReadout()
  const plot = ownElement('div', 'trend-plot')
  plot.setAttribute('role', 'img')
  plot.setAttribute('aria-label', label)
  const all = ownElement('button', 'trend-all')
  all.type = 'button'
  all.textContent = 'Show all days'
  all.hidden = true
  root.append(readout.root, plot, all)

  const chart = new uPlot(
    {
      ...sizeOf(root),
      scales: { x: { time: false, range: wholeDays }, y: { range: fromZero } },
      axes: [xAxis(root), yAxis(root)],
      series: [{}, bars(root, '--inset', '--plan'), bars(root, '--accent', '--accent')],
      padding: [8, 12, 0, 0],
      legend: { show: false },
      cursor: { y: false, points: { show: false }, drag: { x: true, y: false } },
      hooks: {
        setCursor: [({ cursor }) => readout.show(data, cursor.idx ?? null)],
        setScale: [() => showWhetherZoomed()],
      },
    },
    columnsOf(data),
    plot,
  )
  readout.show(data, null)

  function zoomed(): { min: number; max: number } | null {
    const { min, max } = chart.scales['x'] ?? {}
    if (min === undefined || max === undefined) return null
    const [start, end] = rangeOf(data)
    return min > start || max < end ? { min: min + 0.5, max: max - 0.5 } : null
  }
  function showWhetherZoomed(): void {
    // Asked for the first time while the chart is being made.
    queueMicrotask(() => {
      all.hidden = zoomed() === null
    })
  }
  const showAll = () => chart.setScale('x', { min: rangeOf(data)[0] + 0.5, max: rangeOf(data)[1] - 0.5 })
  all.addEventListener('click', showAll)

  const fit = () => chart.setSize(sizeOf(root))
  const observer = new ResizeObserver(fit)
  observer.observe(root)
  const scheme = matchMedia('(prefers-color-scheme: dark)')
  const redraw = () => chart.redraw(false)
  scheme.addEventListener('change', redraw)

  return {
    root,
    fit,
    show(next, nextLabel) {
      plot.setAttribute('aria-label', nextLabel)
      if (JSON.stringify(next) === JSON.stringify(data)) return
      const kept = zoomed()
      data = next
      chart.setData(columnsOf(data), kept === null)
      if (kept !== null) chart.setScale('x', kept)
      readout.show(data, chart.cursor.idx ?? null)
    },
    destroy() {
      observer.disconnect()
      scheme.removeEventListener('change', redraw)
      chart.destroy()
      root.remove()
    },
  }
}

function columnsOf(data: TrendData): uPlot.AlignedData {
  const { x, both, metered } = stackOf(data)
  return [x, both, metered]
}

function rangeOf({ days }: TrendData): [number, number] {
  return [dayNumber(days.at(0) ?? '') - 0.5, dayNumber(days.at(-1) ?? '') + 0.5]
}

/** Half a day of room for the first and the last bar; what was dragged over is zoomed to in whole days. */
function wholeDays(_chart: uPlot, min: number, max: number): [number, number] {
  return [Math.round(min) - 0.5, Math.round(max) + 0.5]
}

function fromZero(_chart: uPlot, _min: number, max: number): [number, number] {
  return [0, max > 0 ? max * 1.05 : 1]
}

function bars(root: HTMLElement, fill: string, stroke: string): uPlot.Series {
  const paths = uPlot.paths.bars?.({ size: [0.72, 64] })
  return {
    fill: () => colorOf(root, fill),
    stroke: () => colorOf(root, stroke),
    width: 1,
    points: { show: false },
    ...(paths && { paths }),
  }
}

function xAxis(root: HTMLElement): uPlot.Axis {
  return {
    stroke: () => colorOf(root, '--soft'),
    grid: { show: false },
    ticks: { show: false },
    size: 24,
    space: 64,
    incrs: [1, 2, 7, 14, 28, 91, 182, 364],
    values: (_chart, splits) => splits.map(shortDay),
  }
}

function yAxis(root: HTMLElement): uPlot.Axis {
  return {
    stroke: () => colorOf(root, '--soft'),
    grid: { stroke: () => colorOf(root, '--line'), width: 1 },
    ticks: { show: false },
    size: 56,
    space: 40,
    values: (_chart, splits) => splits.map((usd) => DOLLARS.format(usd)),
  }
}

function colorOf(root: HTMLElement, property: string): string {
  return getComputedStyle(root).getPropertyValue(property).trim() || 'gray'
}

function sizeOf(root: HTMLElement): { width: number; height: number } {
  return { width: Math.max(MIN_WIDTH, root.clientWidth), height: HEIGHT }
}

function ownElement<Name extends 'div' | 'button'>(name: Name, className: string): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name)
  element.className = className
  return element
}
