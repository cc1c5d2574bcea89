import { startOfDay } from '../../core/period.ts'
import { MINUTE_MS } from '../../core/time.ts'
import { type Ledger, SLOT_MS, type StoredPart } from '../../ledger/ledger.ts'
import {
  addTotals,
  addValues,
  emptyTotals,
  estimatedPico,
  planPico,
  type Totals,
  totalTokens,
} from '../../report/totals.ts'
import type { TopGrouping } from './command.ts'

/** Rates are means of this long. */
const WINDOW_MS = 5 * MINUTE_MS

/** What one project, agent, session or model uses now. */
export interface BurnRow {
  readonly name: string
  readonly source: string
  /** Of the last WINDOW_MS. */
  readonly recent: Totals
  /** Of the local day. */
  readonly today: Totals
  /** Time of the last response within the window, epoch milliseconds; null where there was none. */
  readonly last: number | null
}

export interface Burn {
  readonly by: TopGrouping
  readonly now: number
  /** What is used now first, the most expensive first; then what was used today. */
  readonly rows: readonly BurnRow[]
  readonly recent: Totals
  readonly today: Totals
}

export interface BurnQuery {
  readonly by: TopGrouping
  readonly now: number
  readonly timeZone: string
}

/** Looks at the last minutes and at the day, however large the ledger is. */
export async function readBurn(ledger: Ledger, { by, now, timeZone }: BurnQuery): Promise<Burn> {
  const rows = new Map<string, Draft>()
  const draft = (source: string, name: string): Draft => {
    const key = JSON.stringify([source, name])
    const known = rows.get(key) ?? { name, source, recent: emptyTotals(), today: emptyTotals(), last: null }
    rows.set(key, known)
    return known
  }
  for (const part of await ledger.explain({ from: now - WINDOW_MS, to: now + 1 })) {
    const row = draft(sourceOf(by, part.label.source), nameOf(by, part))
    addValues(row.recent, part.label.billing, part.values)
    row.last = Math.max(row.last ?? 0, part.time)
  }
  const day = { from: startOfDay(now, timeZone), to: Math.floor(now / SLOT_MS) * SLOT_MS + SLOT_MS }
  for (const { group, values } of await ledger.usage({ ...day, by: ['source', 'billing', by] })) {
    const [source = '', billing = '', name = ''] = group
    addValues(draft(sourceOf(by, source), name).today, billing === 'plan' ? 'plan' : 'metered', values)
  }
  const list = [...rows.values()].sort(busiestFirst)
  return { by, now, rows: list, recent: sum(list, 'recent'), today: sum(list, 'today') }
}

/** Tokens of all classes a minute. */
export function tokensPerMinute(recent: Totals): number {
  return Number(totalTokens(recent)) / (WINDOW_MS / MINUTE_MS)
}

/** Pico-dollars an hour, at list price; of metered use, or of what a plan covers. */
export function picoPerHour(recent: Totals, billing: 'metered' | 'plan'): bigint {
  return (billing === 'metered' ? estimatedPico(recent) : planPico(recent)) * BigInt((60 * MINUTE_MS) / WINDOW_MS)
}

type Draft = { -readonly [Key in keyof BurnRow]: BurnRow[Key] }

/** Projects and models are one whatever agent works on them. */
function sourceOf(by: TopGrouping, source: string): string {
  return by === 'agent' || by === 'session' ? source : ''
}

function nameOf(by: TopGrouping, { session, label }: StoredPart): string {
  return by === 'session' ? session : label[by]
}

function sum(rows: readonly BurnRow[], what: 'recent' | 'today'): Totals {
  const total = emptyTotals()
  for (const row of rows) addTotals(total, row[what])
  return total
}

function busiestFirst(a: BurnRow, b: BurnRow): number {
  return (
    compare(estimatedPico(a.recent), estimatedPico(b.recent)) ||
    compare(totalTokens(a.recent), totalTokens(b.recent)) ||
    compare(estimatedPico(a.today), estimatedPico(b.today)) ||
    compare(totalTokens(a.today), totalTokens(b.today)) ||
    (a.name < b.name ? -1 : 1)
  )
}

/** The larger first. */
function compare(a: bigint, b: bigint): number {
  return a === b ? 0 : a > b ? -1 : 1
}
