import { accumulate, isZero, MEASURES, type Measures } from '../../core/measures.ts'
import type { Label, UsageQuery, UsageRow } from '../ledger.ts'
import { chunksOf, marksOf } from './chunks.ts'
import { dayOf, equalDays } from './day-runs.ts'
import type { LabelReader } from './labels.ts'
import { readSpan } from './reads.ts'
import type { Rows } from './store.ts'
import { summed } from './sums.ts'

/** Usage within a period per combination of what is asked for. */
export async function readUsage(rows: Rows, labelsOf: LabelReader, query: UsageQuery): Promise<UsageRow[]> {
  const { by, where = {} } = query
  const sums = await labelSums(rows, query)
  const labels = await labelsOf(rows, new Set(sums.map(({ label }) => label)))
  const matching = sums.flatMap((sum) => {
    const label = labels.get(sum.label)
    return label === undefined || !matches(label, where) ? [] : { ...sum, label }
  })
  const sessions = by.includes('session') ? await sessionNames(rows, matching) : new Map<number, string>()
  const groups = new Map<string, { day: number; group: string[]; values: Measures }>()
  for (const { label, session, day, values } of matching) {
    const group = by.map((dimension) => (dimension === 'session' ? (sessions.get(session) ?? '') : label[dimension]))
    const key = JSON.stringify([day, ...group])
    const row = groups.get(key)
    if (row) accumulate(row.values, values)
    else groups.set(key, { day, group, values: [...values] })
  }
  // What was counted under one label and turned out to belong to another leaves zeros behind.
  return [...groups.values()].filter(({ values }) => !isZero(values))
}

interface LabelSum {
  readonly label: number
  /** 0 unless sessions are asked for. */
  readonly session: number
  readonly day: number
  readonly values: Measures
}

async function labelSums(rows: Rows, query: UsageQuery): Promise<LabelSum[]> {
  const { by, days, from, to } = query
  const bySession = by.includes('session')
  if (days === undefined && !bySession && (await holdsEverything(rows, query))) return allTimeSums(rows)
  const runs = days === undefined ? [null] : equalDays(days, to)
  const found: LabelSum[] = []
  for (const run of runs) {
    const sums = await summed(rows, {
      columns: ['label_id', ...(bySession ? ['session_id'] : []), ...(run === null ? [] : [dayOf('slot', run)])],
      from: 'rollup WHERE slot >= ? AND slot < ?',
      parameters: run === null ? [from, to] : [Math.max(run.start, from), Math.min(run.end, to)],
    })
    for (const { key, values } of sums) {
      found.push({
        label: Number(key[0]),
        session: bySession ? Number(key[1]) : 0,
        day: run === null ? 0 : run.firstDay + Number(key.at(-1)),
        values,
      })
    }
  }
  return found
}

async function holdsEverything(rows: Rows, { from, to }: UsageQuery): Promise<boolean> {
  const span = await readSpan(rows)
  return span !== null && from <= span.first && span.last < to
}

const measures = MEASURES.join(', ')
const net = MEASURES.map((name) => `CASE kind WHEN 0 THEN ${name} ELSE -${name} END AS ${name}`).join(', ')
const held = (table: string) => `SELECT label_id, ${measures} FROM ${table} WHERE key IN (SELECT key FROM held)`

/**
 * All of time is what the counters show, less what was corrected, and what is held: a few rows per label, where the
 * rollup has one for every quarter of an hour of every session.
 */
async function allTimeSums(rows: Rows): Promise<LabelSum[]> {
  const sums = await summed(rows, {
    columns: ['label_id'],
    from: `(SELECT label_id, ${net} FROM counter UNION ALL ${held('message')} UNION ALL ${held('message_part')}) part`,
    parameters: [],
  })
  return sums.map(({ key: [label], values }) => ({ label: Number(label), session: 0, day: 0, values }))
}

function matches(label: Label, where: NonNullable<UsageQuery['where']>): boolean {
  return Object.entries(where).every(([name, value]) => label[name as keyof Label] === value)
}

/** Only the few that are asked for: a ledger may have very many. */
async function sessionNames(
  rows: Rows,
  sums: readonly { readonly session: number }[],
): Promise<ReadonlyMap<number, string>> {
  const names = new Map<number, string>()
  for (const chunk of chunksOf(new Set(sums.map(({ session }) => session)))) {
    const found = await rows.all(`SELECT id, ext_id FROM session WHERE id IN (${marksOf(chunk)})`, ...chunk)
    for (const [id, name] of found) names.set(Number(id), String(name))
  }
  return names
}
