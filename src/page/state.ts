import type { BudgetState } from '../core/budget.ts'
import { type Html, html } from './html.ts'

/** A state in words; the style sheet gives each a mark and a colour of its own. */
export function chip(state: BudgetState, text: string = state): Html {
  return html`<span class="chip is-${state}">${text}</span>`
}
