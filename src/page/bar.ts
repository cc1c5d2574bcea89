import type { BudgetState } from '../core/budget.ts'
import { type Html, html } from './html.ts'

export interface Bar {
  /** What the bar says, in words. */
  readonly label: string
  /** Used of the limit, not cut off; null is drawn as an empty bar. */
  readonly ratio: number | null
  readonly state: BudgetState
  /** Share of the period that is over. */
  readonly elapsed?: number | null
  /** Forecast as shares of the limit. */
  readonly band?: { readonly low: number; readonly high: number } | null
}

/** How far beyond the limit a forecast may stretch the scale; what is used may do so without an end. */
const MOST_FORECAST = 1.3

/**
 * The whole width is the limit, or more where more is used: then the limit has a mark where it is. The style sheet says
 * how high the parts are.
 */
export function bar({ label, ratio, state, elapsed = null, band = null }: Bar): Html {
  const used = Math.max(0, ratio ?? 0)
  const scale = Math.max(1, used, Math.min(band?.high ?? 0, MOST_FORECAST))
  const percent = (share: number) => `${Number(((Math.min(Math.max(share, 0), scale) / scale) * 100).toFixed(2))}%`
  const width = (from: number, to: number) => percent(Math.max(0, Math.min(to, scale) - Math.max(from, 0)))
  return html`<svg class="bar is-${state}" width="100%" height="14" role="img" aria-label="${label}"><rect class="track" width="${percent(1)}"/>${
    scale > 1 ? html`<rect class="beyond" x="${percent(1)}" width="${width(1, scale)}"/>` : null
  }${
    band === null || band.low >= scale
      ? null
      : html`<rect class="band" x="${percent(band.low)}" width="${width(band.low, band.high)}"/>`
  }<rect class="fill" width="${percent(used)}"/>${
    elapsed === null ? null : html`<rect class="elapsed" x="${percent(elapsed)}"/>`
  }${scale > 1 ? html`<rect class="limit" x="${percent(1)}"/>` : null}</svg>`
}
