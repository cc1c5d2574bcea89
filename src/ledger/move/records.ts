import { SYNC_RESULTS } from '../../core/sync-run.ts'
import type { Db } from '../sql/store.ts'
import { groupsOf, lock, type Moving } from './moving.ts'

/** Moves the log of runs and what is kept of budgets. Where the target has an entry already, its word counts. */
export async function moveRecords(moving: Moving, now: number): Promise<void> {
  await moveRuns(moving, now)
  for (const table of BUDGET_TABLES) await moveTable(moving, table)
}

interface Table {
  readonly name: string
  readonly key: readonly string[]
  readonly values: readonly string[]
}

const BUDGET_TABLES: readonly Table[] = [
  { name: 'budget_period', key: ['budget', 'start'], values: ['end_at', 'unit', 'limit_amount'] },
  {
    name: 'budget_crossing',
    key: ['budget', 'period_start', 'crossing'],
    values: ['at', 'spent', 'limit_amount'],
  },
  {
    name: 'budget_forecast',
    key: ['budget', 'period_start', 'step'],
    values: ['period_end', 'at', 'expected'],
  },
  { name: 'notice', key: ['key'], values: ['at'] },
]

async function moveTable({ source, target }: Moving, { name, key, values }: Table): Promise<void> {
  const columns = [...key, ...values]
  const rows = await source.rows.all(`SELECT ${columns.join(', ')} FROM ${name}`)
  for (const group of groupsOf(rows)) {
    await target.write(async ({ db, tell }) => {
      for (const row of group) {
        await db.run(
          `INSERT INTO ${name}(${columns.join(', ')}) VALUES(${columns.map(() => '?').join(', ')})
           ON CONFLICT(${key.join(', ')}) DO NOTHING`,
          ...row,
        )
      }
      tell({ organizations: true })
    })
  }
}

const RUN_COLUMNS = [
  'source',
  'started_at',
  'cause',
  'ended_at',
  'result',
  'generation',
  'from_at',
  'to_at',
  'attempts',
  'requests',
  'fetched',
  'added',
  'changed',
  'removed',
  'unchanged',
  'reason',
  'error',
]
const ENDED_AT = RUN_COLUMNS.indexOf('ended_at')
const RESULT = RUN_COLUMNS.indexOf('result')
const [RUNNING] = SYNC_RESULTS

/** A run is known again by its machine, source and start; of several of one instant the first is the first. */
async function moveRuns({ source, target }: Moving, now: number): Promise<void> {
  const seen = new Map<string, number>()
  const rows = (await source.rows.all(`SELECT ${RUN_COLUMNS.join(', ')} FROM sync_run ORDER BY id`)).map((row) => {
    const name = JSON.stringify(row.slice(0, 3))
    const index = seen.get(name) ?? 0
    seen.set(name, index + 1)
    // Nobody writes the ledger while it is moved: the run has ended without a word.
    const isOpen = row[RESULT] === RUNNING
    const ended = Math.max(now, Number(row[1]))
    return { index, row: isOpen ? row.with(ENDED_AT, ended).with(RESULT, 'interrupted') : row }
  })
  for (const group of groupsOf(rows)) {
    await target.write(async ({ db, tell }) => {
      await lock(db, 'move_lock')
      for (const { row, index } of group) await saveRun(db, target.machine.id, row, index)
      tell({ organizations: true })
    })
  }
}

async function saveRun(db: Db, machine: number, row: readonly unknown[], index: number): Promise<void> {
  const [name, startedAt, cause] = row
  const known = await db.all(
    'SELECT id, result FROM sync_run WHERE machine_id = ? AND source = ? AND started_at = ? AND cause = ? ORDER BY id',
    machine,
    name,
    startedAt,
    cause,
  )
  const [id, result] = known[index] ?? []
  if (id === undefined) {
    await db.run(
      `INSERT INTO sync_run(machine_id, ${RUN_COLUMNS.join(', ')}) VALUES(?, ${RUN_COLUMNS.map(() => '?').join(', ')})`,
      machine,
      ...row,
    )
  } else if (result === 'interrupted' && row[RESULT] !== 'interrupted') {
    // It was moved while it seemed to have ended without a word.
    await db.run(
      `UPDATE sync_run SET ${RUN_COLUMNS.map((column) => `${column} = ?`).join(', ')} WHERE id = ?`,
      ...row,
      id,
    )
  }
}
