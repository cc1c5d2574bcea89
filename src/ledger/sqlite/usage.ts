import { accumulate, isZero, MEASURES, type Measures } from '../../core/measures.ts'
import type { Label, UsageQuery, UsageRow } from '../ledger.ts'
import type { Rows } from './rows.ts'
import { summed } from './sums.ts'

/** Usage within a period per combination of what is asked for. */
export function readUsage(rows: Rows, labels: ReadonlyMap<number, Label>, query: UsageQuery): UsageRow[] {
  const { by, where = {} } = query
  const sessionName = sessionNames(rows)
  const groups = new Map<string, { day: number; group: string[]; values: Measures }>()
  for (const { label: id, session, day, values } of labelSums(rows, query)) {
    const label = labels.get(id)
    if (label === undefined || !matches(label, where)) continue
    const group = by.map((dimension) => (dimension === 'session' ? sessionName(session) : label[dimension]))
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

function labelSums(rows: Rows, query: UsageQuery): LabelSum[] {
  const { by, days, from, to } = query
  const bySession = by.includes('session')
  if (days === undefined && !bySession && holdsEverything(rows, query)) return allTimeSums(rows)
  const runs = days === undefined ? [{ start: from, end: to, firstDay: 0, dayMs: null }] : equalDays(days, to)
  return runs.flatMap(({ start, end, firstDay, dayMs }) =>
    summed(rows, {
      columns: [
        'label_id',
        ...(bySession ? ['session_id'] : []),
        ...(dayMs === null ? [] : [`(slot - ${start}) / ${dayMs}`]),
      ],
      from: 'rollup WHERE slot >= ? AND slot < ?',
      parameters: [Math.max(start, from), Math.min(end, to)],
    }).map(({ key, values }) => ({
      label: Number(key[0]),
      session: bySession ? Number(key[1]) : 0,
      day: dayMs === null ? 0 : firstDay + Number(key.at(-1)),
      values,
    })),
  )
}

function holdsEverything(rows: Rows, { from, to }: UsageQuery): boolean {
  const last = rows.one('SELECT MAX(slot) FROM rollup')?.[0]
  const first = rows.one('SELECT MIN(slot) FROM rollup')?.[0]
  return first !== null && first !== undefined && from <= Number(first) && Number(last) < to
}

const measures = MEASURES.join(', ')
const net = MEASURES.map((name) => `CASE kind WHEN 0 THEN ${name} ELSE -${name} END AS ${name}`).join(', ')
const held = (table: string) => `SELECT label_id, ${measures} FROM ${table} WHERE key IN (SELECT key FROM held)`

/**
 * All of time is what the counters show, less what was corrected, and what is held: a few rows per label, where the
 * rollup has one for every quarter of an hour of every session.
 */
function allTimeSums(rows: Rows): LabelSum[] {
  return summed(rows, {
    columns: ['label_id'],
    from: `(SELECT label_id, ${net} FROM counter UNION ALL ${held('message')} UNION ALL ${held('message_part')})`,
    parameters: [],
  }).map(({ key: [label], values }) => ({ label: Number(label), session: 0, day: 0, values }))
}

interface DayRun {
  /** Epoch milliseconds, start inclusive, end exclusive. */
  readonly start: number
  readonly end: number
  /** Index of its first day. */
  readonly firstDay: number
  readonly dayMs: number
}

/**
 * Runs of days of the same length, so that the database can tell the day by a division. Only the two days of the year
 * when clocks change are of another length; the last day may be cut short.
 */
function equalDays(days: readonly number[], to: number): DayRun[] {
  const runs: DayRun[] = []
  for (const [index, start] of days.entries()) {
    const next = days[index + 1]
    const end = next ?? Math.max(to, start + 1)
    const last = runs.at(-1)
    const isAlike =
      last !== undefined && (end - start === last.dayMs || (next === undefined && end - start < last.dayMs))
    if (isAlike) runs[runs.length - 1] = { ...last, end }
    else runs.push({ start, end, firstDay: index, dayMs: end - start })
  }
  return runs
}

function matches(label: Label, where: NonNullable<UsageQuery['where']>): boolean {
  return Object.entries(where).every(([name, value]) => label[name as keyof Label] === value)
}

/** Only the few that are asked for: a ledger may have very many. */
function sessionNames(rows: Rows): (id: number) => string {
  const names = new Map<number, string>()
  return (id) => {
    const known = names.get(id)
    if (known !== undefined) return known
    const name = String(rows.one('SELECT ext_id FROM session WHERE id = ?', id)?.[0] ?? '')
    names.set(id, name)
    return name
  }
}
