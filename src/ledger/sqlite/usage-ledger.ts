import { statSync } from 'node:fs'
import { append, settle } from '../append.ts'
import type { AppendBatch, Delta, LabelRow, Ledger } from '../ledger.ts'
import type { OrganizationLedger } from '../organization.ts'
import { readActiveSessions } from './active-sessions.ts'
import type { BudgetPart } from './budget/index.ts'
import { reconcileClaims } from './claims.ts'
import type { Connections } from './connections.ts'
import { expose } from './expose.ts'
import { toLedgerError } from './failure.ts'
import * as read from './reads.ts'
import type { Rows } from './rows.ts'
import * as sessions from './sessions.ts'
import * as streams from './streams.ts'
import type { SqliteTransaction } from './transaction.ts'
import { checkLedger, pruneSome, rebuildRollups } from './upkeep.ts'
import { readUsage } from './usage.ts'

export type UsagePart = Omit<Ledger, keyof OrganizationLedger | keyof BudgetPart | 'freeze' | 'close'>

/** What the SQLite ledger keeps of responses and of the logs they were read from. */
export function usageLedger(connections: Connections): UsagePart {
  return { ...writes(connections), ...reads(connections), ...upkeep(connections) }
}

type Write = 'append' | 'settleHeld' | 'expose' | 'reconcileClaims' | 'markGone' | 'setFolded'
type Upkeep = 'prune' | 'check' | 'rebuildRollups' | 'backup' | 'sizeBytes'

function writes(connections: Connections): Pick<UsagePart, Write> {
  return {
    append: (batches) => connections.write((_, tx, revision) => appendAll(tx, batches, revision)),
    settleHeld: (selection) =>
      connections.write(async (db, tx, revision) => ({
        ...(await settle(tx, streams.heldKeys(db, selection))),
        revision,
      })),
    expose: (options) =>
      connections.write(async (db, tx, revision) => ({ ...(await expose(db, tx, options)), revision })),
    reconcileClaims: (options) => connections.write((db) => reconcileClaims(db, options)),
    markGone: (source, gone, now) => connections.write((db) => streams.markGone(db, source, gone, now)),
    setFolded: (labels) =>
      connections.write((db, tx) => {
        const fold = db.prepare('UPDATE label SET folded = 1 WHERE id = ?')
        for (const id of labels) fold.run(id)
        tx.forget()
      }),
  }
}

async function appendAll(
  tx: SqliteTransaction,
  batches: Iterable<AppendBatch> | AsyncIterable<AppendBatch>,
  revision: number,
): Promise<Delta[]> {
  const deltas: Delta[] = []
  for await (const batch of batches) deltas.push({ ...(await append(tx, batch)), revision })
  return deltas
}

function reads(connections: Connections): Omit<UsagePart, Write | Upkeep> {
  const from = <T>(query: (rows: Rows) => T): Promise<T> => connections.read(query)
  const labelsById = labelCache(connections)
  return {
    loadedRoots: (source) => from((rows) => streams.readLoadedRoots(rows, source)),
    streams: (source) => from((rows) => streams.readStreams(rows, source)),
    lastStored: () => from(streams.readLastStored),
    heldCount: () => from(streams.readHeldCount),
    heldStreams: (source) => from((rows) => streams.readHeldStreams(rows, source)),

    labels: () => from(read.readLabels),
    counters: () => from(read.readCounters),
    slots: (start, end) => from((rows) => read.readSlots(rows, start, end)),
    tallies: () => from(read.readTallies),
    unlogged: () => from(read.readUnlogged),
    span: () => from(read.readSpan),

    sessionStarts: () => from(sessions.readSessionStarts),
    sessionSlots: (start, end) => from((rows) => sessions.readSessionSlots(rows, start, end)),
    activeSessions: (since, until) => from((rows) => readActiveSessions(rows, since, until)),
    sessions: (query) => from((rows) => sessions.readSessions(rows, labelsById(rows), query)),
    findSessions: (prefix) => from((rows) => sessions.findSessions(rows, prefix)),

    usage: (query) => from((rows) => readUsage(rows, labelsById(rows), query)),
    explain: (query) => from((rows) => read.readStoredParts(rows, labelsById(rows), query)),
  }
}

function upkeep(connections: Connections): Pick<UsagePart, Upkeep> {
  const { path, reader } = connections
  return {
    async prune(before) {
      let pruned = 0
      for (;;) {
        const some = await connections.write((db, tx) => {
          const count = pruneSome(db, before)
          tx.forget()
          return count
        })
        if (some === 0) return pruned
        pruned += some
      }
    },
    check: () => connections.read(checkLedger),
    rebuildRollups: () => connections.write(rebuildRollups),
    async backup(copy) {
      try {
        await reader.backup(copy)
      } catch (error) {
        throw toLedgerError(error, copy)
      }
    },
    async sizeBytes() {
      const sizeOf = (file: string) => statSync(file, { throwIfNoEntry: false })?.size ?? 0
      return sizeOf(path) + sizeOf(`${path}-wal`)
    },
  }
}

/** Labels by id, read again once anything was committed. */
function labelCache({ reader }: Connections): (rows: Rows) => ReadonlyMap<number, LabelRow> {
  let version: unknown
  let labels: ReadonlyMap<number, LabelRow> = new Map()
  return (rows) => {
    const current = reader.pragma('data_version', { simple: true })
    if (current !== version) {
      labels = new Map(read.readLabels(rows).map((label) => [label.id, label]))
      version = current
    }
    return labels
  }
}
