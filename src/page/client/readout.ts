import { compactText, usdText } from '../numbers.ts'
import { dayNumber, longDay, type TrendData } from './trend-data.ts'

export interface Readout {
  readonly root: HTMLElement
  /** `index`: the day that is pointed at; null: none, which shows the sums. */
  show(data: TrendData, index: number | null): void
}

/** A line with the figures of the day that is pointed at. */
export function createReadout(): Readout {
  const root = document.createElement('p')
  root.className = 'trend-readout'
  const day = part(root, 'trend-day')
  const [metered, plan, tokens] = [part(root), part(root), part(root)]
  return {
    root,
    show(data, index) {
      const of = (column: readonly number[]) => (index === null ? sum(column) : (column[index] ?? 0))
      const name = index === null ? undefined : data.days[index]
      day.textContent = name === undefined ? `${data.days.length} days` : longDay(dayNumber(name))
      metered.textContent = `Estimated ${usdText(cents(of(data.metered)))}`
      plan.textContent = `Plan value ${usdText(cents(of(data.plan)))}`
      tokens.textContent = `${compactText(of(data.tokens))} tokens`
    },
  }
}

function part(root: HTMLElement, className = ''): HTMLElement {
  const element = document.createElement('span')
  element.className = className
  root.append(element, ' ')
  return element
}

function sum(column: readonly number[]): number {
  return column.reduce((total, value) => total + value, 0)
}

/** Without the last digits that adding floats brings. */
function cents(usd: number): number {
  return Number(usd.toFixed(6))
}
