import type { RowChanges } from '../../../core/sync-run.ts'
import type { OrganizationLedger, ReplaceOptions, Window } from '../../organization.ts'
import { bounded } from '../integer.ts'
import type { Db, Rows, Store } from '../store.ts'
import { bucketStore, COST, USAGE } from './buckets.ts'
import { claudeCodeStore } from './claude-code.ts'
import { readClaudeCode } from './claude-code-reads.ts'
import { coverDays, readCoverage } from './coverage.ts'
import { saveDirectory } from './directory.ts'
import { readDirectories } from './directory-reads.ts'
import { readApiUsage, readBilledCost, readOrganizations, widen } from './reads.ts'
import { rehearse } from './rehearse.ts'
import { checkWindow, type RowStore, replaceRows, type StoredRow } from './replace.ts'
import { endRun, interruptRuns, pruneRuns, readRuns, startRun } from './runs.ts'

/** Whoever changed the row last has it until the transaction is done. */
const LOCK = `INSERT INTO meta(name, value) VALUES('organizations_lock', '')
  ON CONFLICT(name) DO UPDATE SET value = excluded.value`

/** What the ledger keeps of organisations. Windows that are not made of whole buckets reject with RangeError. */
export function organizationLedger(store: Store): OrganizationLedger {
  const { machine } = store
  const write = <T>(work: (db: Db) => Promise<T>): Promise<T> =>
    store.write(({ db, tell }) => {
      tell({ organizations: true })
      return work(db)
    })
  const change = (options: ReplaceOptions | undefined, work: (db: Db) => Promise<RowChanges>) => {
    // What is compared with what came back must not change meanwhile.
    const alone = async (db: Db) => {
      if (store.isShared) await db.run(LOCK)
      return work(db)
    }
    return options?.dryRun ? store.write(({ db }) => rehearse(db, () => alone(db))) : write(alone)
  }

  async function replace<Row extends { readonly start: number }, Stored extends StoredRow>(
    window: Window<Row>,
    options: ReplaceOptions | undefined,
    storeOf: (db: Db) => RowStore<Row, Stored> | Promise<RowStore<Row, Stored>>,
  ): Promise<RowChanges> {
    checkWindow(window)
    return change(options, async (db) => {
      const rowStore = await storeOf(db)
      const changes = await replaceRows(db, window, rowStore)
      await coverDays(db, rowStore.report, window)
      return changes
    })
  }

  /** A ledger that an earlier version wrote, opened beside it, knows of no organisation. */
  const readOr = <T>(none: T, query: (rows: Rows) => Promise<T>): Promise<T> =>
    store.read(async (rows) => ((await rows.hasTable('sync_run')) ? query(rows) : none))

  return {
    replaceUsage: (window, options) => replace(window, options, (db) => bucketStore(USAGE, db, window)),
    replaceCost: (window, options) => replace(window, options, (db) => bucketStore(COST, db, window)),
    replaceClaudeCode: (window, options) => replace(window, options, (db) => claudeCodeStore(db, window)),
    saveDirectory: (organization, directory, readAt, options) =>
      change(options, (db) => saveDirectory(db, organization, directory, readAt)),

    widenWindow: (organization, report, range) =>
      readOr({ from: range.from, to: range.to }, (rows) => widen(rows, organization, report, range)),
    coverage: (organization, report, range) =>
      readOr([], (rows) => readCoverage(rows, organization, report, bounded(range))),
    apiUsage: (query) => readOr([], (rows) => readApiUsage(rows, bounded(query))),
    billedCost: (query) => readOr([], (rows) => readBilledCost(rows, bounded(query))),
    claudeCode: (range) => readOr([], (rows) => readClaudeCode(rows, bounded(range))),
    directories: () => readOr([], readDirectories),
    organizations: () => readOr([], readOrganizations),

    startRun: (run) => write((db) => startRun(db, machine.id, run)),
    endRun: (id, end) => write((db) => endRun(db, id, end)),
    interruptRuns: (now) => write((db) => interruptRuns(db, machine.id, now)),
    runs: (query) => readOr([], (rows) => readRuns(rows, query)),
    pruneRuns: (before) => write((db) => pruneRuns(db, before)),
  }
}
