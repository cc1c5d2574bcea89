import type { Database } from 'better-sqlite3'
import type { RowChanges } from '../../../core/sync-run.ts'
import type { OrganizationLedger, ReplaceOptions, Window } from '../../organization.ts'
import { hasTable, type Rows } from '../rows.ts'
import { bucketStore, COST, USAGE } from './buckets.ts'
import { claudeCodeStore, readClaudeCode } from './claude-code.ts'
import { coverDays, readCoverage } from './coverage.ts'
import { rehearse, type Work, workOn } from './database.ts'
import { readDirectories, saveDirectory } from './directory.ts'
import { readApiUsage, readBilledCost, readOrganizations, widen } from './reads.ts'
import { checkWindow, type RowStore, replaceRows, type StoredRow } from './replace.ts'
import { endRun, interruptRuns, pruneRuns, readRuns, startRun } from './runs.ts'

/** How the ledger reaches its database. Both reject with LedgerError. */
export interface Access {
  /** Runs one write transaction of its own. */
  write<T>(work: (db: Database) => T): Promise<T>
  read<T>(query: (rows: Rows) => T): Promise<T>
}

/** What the SQLite ledger keeps of organisations. Windows that are not made of whole buckets reject with RangeError. */
export function organizationLedger({ write, read }: Access): OrganizationLedger {
  const change = (options: ReplaceOptions | undefined, work: (work: Work) => RowChanges) =>
    write((db) => (options?.dryRun ? rehearse(db, () => work(workOn(db))) : work(workOn(db))))

  async function replace<Row extends { readonly start: number }>(
    window: Window<Row>,
    options: ReplaceOptions | undefined,
    storeOf: (work: Work) => RowStore<Row, StoredRow>,
  ): Promise<RowChanges> {
    checkWindow(window)
    return change(options, (work) => {
      const store = storeOf(work)
      const changes = replaceRows(work.rows, window, store)
      coverDays(work, store.report, window)
      return changes
    })
  }

  /** A ledger that an earlier version wrote, opened beside it, knows of no organisation. */
  const readOr = <T>(none: T, query: (rows: Rows) => T): Promise<T> =>
    read((rows) => (hasTable(rows, 'sync_run') ? query(rows) : none))

  return {
    replaceUsage: (window, options) => replace(window, options, (work) => bucketStore(USAGE, work, window)),
    replaceCost: (window, options) => replace(window, options, (work) => bucketStore(COST, work, window)),
    replaceClaudeCode: (window, options) => replace(window, options, (work) => claudeCodeStore(work, window)),
    saveDirectory: (organization, directory, readAt, options) =>
      change(options, (work) => saveDirectory(work, organization, directory, readAt)),

    widenWindow: (organization, report, range) =>
      readOr({ from: range.from, to: range.to }, (rows) => widen(rows, organization, report, range)),
    coverage: (organization, report, range) => readOr([], (rows) => readCoverage(rows, organization, report, range)),
    apiUsage: (query) => readOr([], (rows) => readApiUsage(rows, query)),
    billedCost: (query) => readOr([], (rows) => readBilledCost(rows, query)),
    claudeCode: (range) => readOr([], (rows) => readClaudeCode(rows, range)),
    directories: () => readOr([], readDirectories),
    organizations: () => readOr([], readOrganizations),

    startRun: (run) => write((db) => startRun(workOn(db), run)),
    endRun: (id, end) => write((db) => endRun(workOn(db), id, end)),
    interruptRuns: (now) => write((db) => interruptRuns(workOn(db), now)),
    runs: (query) => readOr([], (rows) => readRuns(rows, query)),
    pruneRuns: (before) => write((db) => pruneRuns(workOn(db), before)),
  }
}
