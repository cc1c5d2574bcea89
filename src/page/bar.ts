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

/** The whole width is the limit, or more where more is used: then the limit has a mark where it is. */
export function bar({ label, ratio, state, elapsed = null, band = null }: Bar): Html {
  const used = Math.max(0, ratio ?? 0)
  const scale = Math.max(1, used, Math.min(band?.high ?? 0, MOST_FORECAST))
  const percent = (share: number) => `${Number(((Math.min(Math.max(share, 0), scale) / scale) * 100).toFixed(2))}%`
  const width = (from: number, to: number) => percent(Math.max(0, Math.min(to, scale) - Math.max(from, 0)))
  return html`<svg class="bar is-${state}" width="100%" height="14" role="img" aria-label="${label}">
<rect class="track" y="3" width="${percent(1)}" height="8" rx="2"/>${
    scale > 1 ? html`<rect class="beyond" x="${percent(1)}" y="3" width="${width(1, scale)}" height="8"/>` : null
  }${
    band === null
      ? null
      : html`<rect class="band" x="${percent(band.low)}" y="3" width="${width(band.low, band.high)}" height="8"/>`
  }<rect class="fill" y="3" width="${percent(used)}" height="8" rx="2"/>${
    elapsed === null ? null : html`<rect class="elapsed" x="${percent(elapsed)}" y="1" width="1.5" height="12"/>`
  }${scale > 1 ? html`<rect class="limit" x="${percent(1)}" width="2" height="14"/>` : null}</svg>`
}
