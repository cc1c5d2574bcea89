import { settle } from '../append.ts'
import type { Changed, Delta, Ledger } from '../ledger.ts'
import type { SharedLedger } from '../machines.ts'
import type { OrganizationLedger } from '../organization.ts'
import { readActiveSessions } from './active-sessions.ts'
import { appendAll } from './append-all.ts'
import type { BudgetPart } from './budget/index.ts'
import { chunksOf, marksOf } from './chunks.ts'
import { reconcileClaims } from './claims.ts'
import { expose } from './expose.ts'
import { bound, bounded } from './integer.ts'
import { labelReader, readLabels } from './labels.ts'
import * as read from './reads.ts'
import { readStoredParts } from './responses.ts'
import * as sessions from './sessions.ts'
import type { Step, Store } from './store.ts'
import * as streams from './streams.ts'
import { checkLedger, pruneSome, rebuildRollups } from './upkeep.ts'
import { readUsage } from './usage.ts'

export type UsagePart = Omit<
  Ledger,
  keyof OrganizationLedger | keyof BudgetPart | keyof SharedLedger | 'freeze' | 'close'
>

/** What the ledger keeps of responses and of the logs they were read from. */
export function usageLedger(store: Store): UsagePart {
  return { place: store.place, ...writes(store), ...reads(store), ...upkeep(store) }
}

type Write = 'append' | 'settleHeld' | 'expose' | 'reconcileClaims' | 'markGone' | 'setFolded'
type Upkeep = 'prune' | 'check' | 'rebuildRollups' | 'backup' | 'sizeBytes'

function writes(store: Store): Pick<UsagePart, Write> {
  const { machine } = store
  const change = (work: (step: Step) => Promise<Changed>): Promise<Delta> =>
    store.write(async (step) => {
      const delta = { ...(await work(step)), revision: step.revision }
      step.tell({ deltas: [delta] })
      return delta
    })
  return {
    append: (batches) => appendAll(store, batches),
    settleHeld: (selection) =>
      change(async ({ db, tx }) => settle(tx, await streams.heldKeys(db, machine.id, selection))),
    expose: (options) => change((step) => expose(step, machine, options)),
    reconcileClaims: (options) =>
      store.write(async ({ db, tell, revision }) => {
        const changed = await reconcileClaims(db, options)
        if (changed) tell({ deltas: [{ ...NOTHING, claims: true, revision }] })
        return changed
      }),
    markGone: (source, gone, now) => store.write(({ db }) => streams.markGone(db, machine.id, source, gone, now)),
    setFolded: (ids) =>
      store.write(async ({ db, tx }) => {
        for (const chunk of chunksOf(ids)) {
          await db.run(`UPDATE label SET folded = 1 WHERE id IN (${marksOf(chunk)})`, ...chunk)
        }
        tx.forget()
      }),
  }
}

const NOTHING: Changed = { labels: [], rollup: [], counters: [], sessions: [], tallies: [], claims: false }

function reads(store: Store): Omit<UsagePart, Write | Upkeep | 'place'> {
  const { machine } = store
  const labelsOf = labelReader()
  return {
    loadedRoots: (source) => store.read((rows) => streams.readLoadedRoots(rows, machine.id, source)),
    streams: (source) => store.read((rows) => streams.readStreams(rows, machine.id, source)),
    lastStored: () => store.read(streams.readLastStored),
    heldCount: () => store.read(streams.readHeldCount),
    heldStreams: (source) => store.read((rows) => streams.readHeldStreams(rows, machine.id, source)),

    labels: () => store.read(readLabels),
    counters: () => store.read(read.readCounters),
    slots: (start, end) =>
      store.read((rows) => read.readSlots(rows, bound(start), end === undefined ? end : bound(end))),
    tallies: () => store.read(read.readTallies),
    unlogged: () => store.read(read.readUnlogged),
    span: () => store.read(read.readSpan),

    sessionStarts: () => store.read(sessions.readSessionStarts),
    sessionSlots: (start, end) => store.read((rows) => sessions.readSessionSlots(rows, bound(start), bound(end))),
    activeSessions: (since, until) => store.read((rows) => readActiveSessions(rows, bound(since), bound(until))),
    sessions: (query) => store.read((rows) => sessions.readSessions(rows, labelsOf, bounded(query))),
    findSessions: (prefix) => store.read((rows) => sessions.findSessions(rows, prefix)),

    usage: (query) => store.read((rows) => readUsage(rows, labelsOf, bounded(query))),
    explain: (query) => store.read((rows) => readStoredParts(rows, labelsOf, bounded(query))),
  }
}

function upkeep(store: Store): Pick<UsagePart, Upkeep> {
  return {
    async prune(before) {
      let pruned = 0
      for (;;) {
        const some = await store.write(async ({ db, tx }) => {
          const count = await pruneSome(db, before)
          tx.forget()
          return count
        })
        if (some === 0) return pruned
        pruned += some
      }
    },
    async check() {
      const integrity = await store.integrity()
      return { integrity, ...(await store.read(checkLedger)) }
    },
    rebuildRollups: () => store.write(({ db }) => rebuildRollups(db)),
    backup: (path) => store.backup(path),
    sizeBytes: () => store.sizeBytes(),
  }
}
