import { MEASURE } from '../../core/measures.ts'
import type { Billing } from '../../core/usage.ts'
import { escapeControls } from '../../lib/escape.ts'
import { estimatedPico, hasUse, planPico, type Totals } from '../../report/totals.ts'
import { formatCompact, formatCount, formatRatio, formatUsd } from '../terminal/figures.ts'
import type { Style } from '../terminal/style.ts'
import type { Cell } from '../terminal/table.ts'

/** Stands where a figure has no meaning. */
export const NOTHING = '–'

export function countCell(value: bigint | number): Cell {
  return { text: formatCount(value), compact: formatCompact(value) }
}

export function usdCell(pico: bigint): Cell {
  return { text: formatUsd(pico) }
}

export function ratioCell(ratio: number | null): Cell {
  return { text: ratio === null ? NOTHING : formatRatio(ratio) }
}

/** A name out of a log: whatever it holds, it stays within its cell. */
export function nameCell(name: string): Cell {
  return { text: escapeControls(name) }
}

/** A model; where room is short, without maker and date: `claude-sonnet-4-5-20250929` is `sonnet-4-5`. */
export function modelCell(name: string, suffix = ''): Cell {
  const text = escapeControls(name)
  const short = text.replace(/^(.*\/)?claude-/, '').replace(/-20\d{6}$/, '')
  return { text: text + suffix, compact: (short === '' ? text : short) + suffix }
}

/** What was paid per token. An amount that is not known is never shown as nothing. */
export function costCell(totals: Totals, style: Style): Cell {
  return moneyCell(estimatedPico(totals), totals, 'metered', style)
}

/** List price of what a plan covers. */
export function planCell(totals: Totals, style: Style): Cell {
  return moneyCell(planPico(totals), totals, 'plan', style)
}

function moneyCell(pico: bigint, totals: Totals, billing: Billing, style: Style): Cell {
  const other = billing === 'plan' ? 'metered' : 'plan'
  if (!hasUse(totals, billing) && hasUse(totals, other)) return { text: NOTHING, paint: style.dim }
  if (pico === 0n && BigInt(totals[billing][MEASURE.unpriced] ?? 0) > 0n)
    return { text: 'unpriced', paint: style.yellow }
  return usdCell(pico)
}
