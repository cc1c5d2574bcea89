import { isoTime } from '../../core/period.ts'
import type { Freshness } from '../../report/freshness.ts'
import { jsonHead, periodJson } from '../../report/json.ts'
import type { Period } from '../../report/period.ts'
import type { ExportType } from './command.ts'

/** What stands above the rows: what they are, of when, by which prices, written by what. */
export interface ExportHead {
  readonly type: ExportType
  readonly version: string
  /** Epoch milliseconds. */
  readonly now: number
  readonly timeZone: string
  readonly period: Period
  readonly by: readonly string[]
  readonly filters: Readonly<Record<string, string>>
  /** Day of the newest evidence in the shipped table, and the fingerprint of all prices in force. */
  readonly prices: { readonly tableDate: string; readonly version: string }
  readonly freshness: Freshness
}

const ABOUT: Readonly<Record<ExportType, string>> = {
  usage: 'usage in the session logs of this machine',
  billed: 'billed cost, as organisations were told by the provider',
  api: "tokens, as the provider's reports tell organisations",
}

const MONEY: Readonly<Record<ExportType, string>> = {
  usage:
    'US dollars at list price; tokens without a known price are in unpriced_tokens and in no amount; plan_value_usd is never part of estimated_cost_usd',
  billed: 'US dollars before credits; list_cost_usd is empty where the provider does not tell it',
  api: 'requests is empty where the provider does not tell it',
}

/** Remarks above a CSV table, a line each. */
export function headRemarks(head: ExportHead): string[] {
  const { type, version, now, timeZone, period, by, prices } = head
  const [from, to] = [period.from, period.to].map((instant) => isoTime(instant, timeZone))
  const filters = Object.entries(head.filters).map(([name, value]) => `${name} = ${value}`)
  return [
    `claude-usage-exporter ${version}: ${ABOUT[type]}`,
    `written ${wholeSeconds(now, timeZone)}${type === 'usage' ? `; ${freshnessText(head)}` : ''}`,
    `from ${from} (included) to ${to} (excluded), days of ${timeZone}`,
    `a row per ${by.join(', ')}; ${filters.length === 0 ? 'no filters' : `only ${filters.join(', ')}`}`,
    ...(type === 'usage' ? [`prices: table of ${prices.tableDate}, version ${prices.version}`] : []),
    MONEY[type],
  ]
}

/** Members of a JSON document before its rows. */
export function headMembers(head: ExportHead): Readonly<Record<string, unknown>> {
  const { type, version, now, timeZone, period, by, filters, prices, freshness } = head
  return {
    ...jsonHead('export', { now, timeZone, span: null }, freshness),
    exporterVersion: version,
    type,
    window: periodJson(period, timeZone),
    filters,
    by,
    ...(type === 'usage' && { prices }),
  }
}

function freshnessText({ freshness: { readAt, isComplete }, timeZone }: ExportHead): string {
  const read =
    readAt === null ? 'no log was read yet' : `logs last brought something new ${wholeSeconds(readAt, timeZone)}`
  return isComplete ? read : `${read}, NOT COMPLETE: older logs have not been read yet`
}

function wholeSeconds(instant: number, timeZone: string): string {
  return isoTime(Math.floor(instant / 1_000) * 1_000, timeZone)
}
