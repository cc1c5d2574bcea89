import type { BudgetState } from '../core/budget.ts'
import type { Overview } from '../overview/overview.ts'
import { amountText } from './figures.ts'
import { type Html, html } from './html.ts'
import { name } from './names.ts'
import { ratioText } from './numbers.ts'
import { UNKNOWN_TEXTS } from './unknown-texts.ts'

export interface Headline {
  /** Decides the colour and the mark; null where no budget speaks. */
  readonly state: BudgetState | null
  readonly sentence: Html
}

type Budget = Overview['budgets']['budgets'][number]

/** How things stand, in one sentence: the most serious budget first. */
export function headlineOf({ status, budgets: { budgets, worstState } }: Overview): Headline {
  if (budgets.length === 0) {
    const sentence = status.complete ? html`No budget is configured` : html`The history of the logs is being read`
    return { state: null, sentence }
  }
  const worst = budgets.filter(({ state }) => state === worstState)
  const [first] = [...worst].sort((a, b) => (b.usedRatio ?? 0) - (a.usedRatio ?? 0))
  if (first === undefined || worstState === 'ok') {
    return { state: 'ok', sentence: budgets.length === 1 ? html`The budget is fine` : html`All budgets are fine` }
  }
  const others = worst.length === 1 ? null : html`, and ${worst.length - 1} more ${worstState}`
  return { state: worstState, sentence: html`Budget ${name(first.name)} ${clauseOf(first)}${others}` }
}

function clauseOf({ state, unit, spent, limit, usedRatio, unknownReason }: Budget): string {
  const used = spent === null || limit === null ? '' : `${amountText(spent, unit)} of ${amountText(limit, unit)}`
  if (state === 'unknown')
    return `unknown: ${unknownReason === null ? 'no reason given' : UNKNOWN_TEXTS[unknownReason]}`
  if (state === 'exceeded') return `exceeded: ${used}`
  const share = usedRatio === null ? '' : ` (${ratioText(usedRatio)})`
  return state === 'critical' ? `nearly used up: ${used}${share}` : `needs attention: ${used}${share}`
}
