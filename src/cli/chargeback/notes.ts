import { isoDate } from '../../core/period.ts'
import { escapeControls } from '../../lib/escape.ts'
import { cut } from '../../lib/name-text.ts'
import type { ChargebackRow } from '../../owners/chargeback.ts'
import type { MonthReport } from '../../owners/report.ts'
import { localTime } from '../../report/period.ts'
import type { Output } from '../io.ts'
import { noteLines } from '../report/notes.ts'
import { formatCount, formatUsd } from '../terminal/figures.ts'
import { dayRanges } from './day-ranges.ts'
import type { ChargebackReport } from './report.ts'

const MAX_NAMES = 5
const MAX_NAME_UNITS = 40

/** What has to be known about one month. */
export function monthNotes(month: MonthReport, { context, share }: ChargebackReport, out: Output): string[] {
  const { chargeback, bill } = month
  const unallocated = chargeback.rows.find(({ isAllocated }) => !isAllocated)
  return [
    ...beginning(month, context.timeZone, out),
    ...(bill.isKnown
      ? note('Bill', openText(month), out)
      : note('Bill', 'none of an organisation is known for this month.', out)),
    ...(unallocated === undefined ? [] : note('No rule', unallocatedText(unallocated, bill.isKnown), out)),
    ...(chargeback.total.unpricedTokens > 0n
      ? note(
          'Unpriced',
          `${formatCount(chargeback.total.unpricedTokens)} tokens have no known price and are in no amount.`,
          out,
        )
      : []),
    ...(share === 'none' || chargeback.sharedPico === null
      ? []
      : note('Shared', 'is also in Billed of what is unallocated: never add the two columns.', out)),
  ]
}

/** What holds for all months. */
export function reportNotes({ rules, context, freshness }: ChargebackReport, out: Output): string[] {
  const newest =
    freshness.newest === null ? 'no response yet' : `newest response ${localTime(freshness.newest, context.timeZone)}`
  return [
    ...(rules === 0
      ? note('Rules', 'none yet: under `owners` in the configuration stands who is charged for what.', out)
      : []),
    ...note(
      'Columns',
      'session logs (estimate, plan value) and bill are two views of partly the same use: never add them up. Dollars are rounded so that each column adds up.',
      out,
    ),
    ...note(
      'Freshness',
      `${newest}${freshness.isComplete ? '' : '; NOT COMPLETE: older logs have not been read yet'}.`,
      out,
    ),
  ]
}

function note(label: string, text: string, out: Output): string[] {
  return text === '' ? [] : noteLines(label, text, out)
}

function beginning({ ledgerBegan, from, to }: MonthReport, timeZone: string, out: Output): string[] {
  if (ledgerBegan === null) return note('Ledger', 'no use is known yet.', out)
  if (ledgerBegan <= from) return []
  const day = isoDate(ledgerBegan, timeZone)
  const text =
    ledgerBegan >= to
      ? `begins on ${day}: of this month no use is known.`
      : `begins on ${day}: of earlier days no use is known.`
  return note('Ledger', text, out)
}

function openText({ bill: { openDays } }: MonthReport): string {
  if (openDays.length === 0) return ''
  return `not complete yet for ${dayRanges(openDays)} (UTC).`
}

/** What the row that no rule takes consists of: the names to write rules for. */
function unallocatedText({ usage, billed }: ChargebackRow, isBilledKnown: boolean): string {
  const projects = new Set(usage.map(({ project }) => project))
  const costs = new Map<string, bigint>()
  for (const { costType, billedPico } of isBilledKnown ? billed : []) {
    costs.set(costType, (costs.get(costType) ?? 0n) + billedPico)
  }
  const parts = [
    ...(projects.size === 0 ? [] : [`${projects.size === 1 ? 'project' : 'projects'} ${listed([...projects])}`]),
    ...(costs.size === 0 ? [] : [`billed ${listed([...costs].map(([type, pico]) => `${type} (${formatUsd(pico)})`))}`]),
  ]
  return parts.length === 0 ? '' : `takes ${parts.join('; ')}.`
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, MAX_NAMES).map((name) => cut(escapeControls(name), MAX_NAME_UNITS))
  const more = names.length - shown.length
  return more === 0 ? shown.join(', ') : `${shown.join(', ')} and ${more} more`
}
