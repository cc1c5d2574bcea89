import { addInt } from '../core/integer.ts'
import { accumulate } from '../core/measures.ts'
import { DAY_MS } from '../core/time.ts'
import type { Ledger, SessionRow, UsageQuery, UsageRow } from '../ledger/ledger.ts'
import { mainUse, type SessionUse } from '../ledger/session-use.ts'
import { giveWay } from '../lib/turns.ts'

/**
 * A query is made in parts that take about this much of a processor, so that others, above all scrapes, have their turn in
 * between. Time on the clock would make parts ever smaller on a busy machine, and all of them together dearer.
 */
const AIM_MS = 10
const FIRST_DAYS = 7
const MAX_DAYS = 64

export type UsageReader = Pick<Ledger, 'usage' | 'sessions' | 'span'>

/**
 * The usage asked for, part of time by part of time: a combination may come in several parts. What `day` counts are the
 * days of the query. Between the parts everybody else has a turn, so that the ledger had better be frozen.
 */
export async function* usageSlices(ledger: UsageReader, query: UsageQuery): AsyncGenerator<readonly UsageRow[]> {
  const { days } = query
  for await (const { from, to, first, last } of slices(ledger, query, days)) {
    const rows = await ledger.usage({ ...query, from, to, ...(days && { days: days.slice(first, last) }) })
    yield days === undefined ? rows : rows.map((row) => ({ ...row, day: row.day + first }))
  }
}

/** The same ledger, which reads long ranges in parts and adds them up. */
export function slicedLedger(ledger: Ledger): Ledger {
  return {
    ...ledger,
    async usage(query) {
      if (query.days === undefined && !query.by.includes('session') && (await holdsAll(ledger, query))) {
        return ledger.usage(query)
      }
      const sums = new Map<string, UsageRow>()
      for await (const rows of usageSlices(ledger, query)) {
        for (const row of rows) addTo(sums, row)
      }
      return [...sums.values()]
    },
    async sessions(query) {
      const sums = new Map<string, SessionRow>()
      for await (const { from, to } of slices(ledger, query)) {
        for (const row of await ledger.sessions({ from, to })) addSession(sums, row)
      }
      return [...sums.values()]
    },
  }
}

function addTo(sums: Map<string, UsageRow>, row: UsageRow): void {
  const key = JSON.stringify([row.day, ...row.group])
  const sum = sums.get(key)
  if (sum === undefined) sums.set(key, row)
  else accumulate(sum.values, row.values)
}

function addSession(sums: Map<string, SessionRow>, row: SessionRow): void {
  const key = JSON.stringify([row.source, row.session])
  const sum = sums.get(key)
  if (sum === undefined) {
    sums.set(key, row)
    return
  }
  const uses = addUses(sum.uses, row.uses)
  const { agent, project } = mainUse(uses) ?? row
  sums.set(key, { ...sum, agent, project, uses, values: accumulate(sum.values, row.values) })
}

function addUses(some: readonly SessionUse[], more: readonly SessionUse[]): SessionUse[] {
  const sums = new Map<string, SessionUse>()
  for (const use of [...some, ...more]) {
    const key = JSON.stringify([use.agent, use.project])
    const sum = sums.get(key)
    sums.set(key, sum === undefined ? use : { ...use, requests: addInt(sum.requests, use.requests) })
  }
  return [...sums.values()]
}

interface Slice {
  readonly from: number
  readonly to: number
  /** Indices of its days, the last one not in it. */
  readonly first: number
  readonly last: number
}

/** Parts of the range that has any use, each as long as the time that the ones before took allows. */
async function* slices(
  ledger: UsageReader,
  { from, to }: { readonly from: number; readonly to: number },
  days: readonly number[] = daysBetween(from, to),
): AsyncGenerator<Slice> {
  const span = await ledger.span()
  if (span === null) return
  let width = FIRST_DAYS
  for (let first = 0, last = 0; first < days.length; first = last) {
    last = Math.min(first + width, days.length)
    const begin = Math.max(days[first] ?? from, from)
    const end = Math.min(days[last] ?? to, to)
    if (end <= span.first || begin > span.last) continue
    const start = process.cpuUsage()
    yield { from: begin, to: end, first, last }
    const { user, system } = process.cpuUsage(start)
    const took = (user + system) / 1_000
    if (took < AIM_MS / 2) width = Math.min(width * 2, MAX_DAYS)
    else if (took > AIM_MS) width = Math.max(1, Math.floor(width / 2))
    await giveWay()
  }
}

async function holdsAll(ledger: UsageReader, { from, to }: UsageQuery): Promise<boolean> {
  const span = await ledger.span()
  return span === null || (from <= span.first && span.last < to)
}

function daysBetween(from: number, to: number): number[] {
  return Array.from({ length: Math.max(1, Math.ceil((to - from) / DAY_MS)) }, (_, index) => from + index * DAY_MS)
}
