import { escapeControls } from '../../lib/escape.ts'
import { REASON_TEXT, REASONS, type Reason, type ReasonCode } from '../../reconcile/reasons.ts'
import type { ReconciledDay } from '../../reconcile/reconcile.ts'
import type { Output } from '../io.ts'
import { formatCount, formatUsd } from '../terminal/figures.ts'
import { wrap } from '../terminal/wrap.ts'

const MAX_MODELS = 5

/** What each of the reasons means, with what it explains over all days. */
export function reasonLines(days: readonly ReconciledDay[], { style, width }: Output): string[] {
  return REASONS.flatMap((code) => {
    const found = days.flatMap(({ reasons }) => reasons.filter((reason) => reason.code === code))
    return found.length === 0 ? [] : wrap(reasonText(code, found), width, 2).map(style.dim)
  })
}

/** `discount (2 days, +$1.20): the bill is not at list price.` */
function reasonText(code: ReasonCode, found: readonly Reason[]): string {
  const facts = [`${formatCount(found.length)} ${found.length === 1 ? 'day' : 'days'}`]
  if (found.some(({ pico }) => pico !== null)) {
    const pico = found.reduce((sum, reason) => sum + (reason.pico ?? 0n), 0n)
    facts.push(`${pico > 0n ? '+' : ''}${formatUsd(pico)}`)
  }
  if (found.some(({ tokens }) => tokens !== null)) {
    facts.push(`${formatCount(found.reduce((sum, reason) => sum + (reason.tokens ?? 0n), 0n))} tokens`)
  }
  const models = [...new Set(found.flatMap((reason) => reason.models))].sort()
  const named = models.slice(0, MAX_MODELS).map(escapeControls).join(', ')
  const more = models.length > MAX_MODELS ? ` and ${models.length - MAX_MODELS} more` : ''
  const of = models.length === 0 ? '' : `; ${named}${more}`
  return `${code.replaceAll('_', ' ')} (${facts.join(', ')}${of}): ${REASON_TEXT[code]}.`
}
