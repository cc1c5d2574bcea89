import type { Client } from 'pg'
import { LedgerError } from '../ledger.ts'
import type { Step, StoreMachine, Told } from '../sql/store.ts'
import type { CommitNews } from './commit-body.ts'
import { createPruner, tell } from './commit-log.ts'
import type { Connections } from './connections.ts'
import { isLost, isWorthRepeating, toLedgerError } from './failure.ts'
import { Remembered } from './remembered.ts'
import { PostgresDb } from './rows.ts'
import { PostgresTransaction } from './transaction.ts'

const ATTEMPTS = 10
const LONGEST_WAIT_MS = 1_000

export interface WriterOptions {
  readonly connections: Connections
  readonly machine: StoreMachine
  /** Marks what this program tells in the log of commits. */
  readonly holder: string
}

/** Runs write transactions over the connection that writes. To be asked one at a time. */
export interface Writer {
  run<T>(work: (step: Step) => Promise<T>, revision: number): Promise<T>
  /**
   * Rows of the log of commits whose transactions may have been committed although nobody heard of it. Whoever reads the
   * log takes them as those of others, and says so afterwards.
   */
  readonly doubtful: readonly string[]
  settled(doubtful: readonly string[]): void
  /** How often a transaction was done again because the server asked for it. */
  readonly repeats: number
}

export function createWriter({ connections, machine, holder }: WriterOptions): Writer {
  const remembered = new Remembered()
  const prune = createPruner()
  let doubtful: string[] = []
  let repeats = 0

  const attempt = async <T>(work: (step: Step) => Promise<T>, revision: number): Promise<T> => {
    const client = await connections.writer()
    let told: string | null = null
    let isCommitting = false
    try {
      await client.query('BEGIN ISOLATION LEVEL READ COMMITTED')
      const tx = new PostgresTransaction(client, machine, remembered)
      const news: CommitNews = { changes: [], organizations: false, reload: false }
      const db = new PostgresDb(client, () => tx.flush())
      let heard = news
      const value = await work({ db, tx, revision, tell: (change) => (heard = heardToo(heard, change)) })
      await tx.flush()
      await prune(client, performance.now())
      if (heard !== news) told = await tell(client, holder, heard)
      isCommitting = true
      const { command } = await client.query('COMMIT')
      // So the server answers when a query failed and nobody was told of it.
      if (command !== 'COMMIT') throw new LedgerError('other', 'the transaction had failed before its end')
      tx.committed()
      return value
    } catch (error) {
      if (isLost(error)) {
        if (isCommitting && told !== null) doubtful.push(told)
        connections.dropWriter()
        remembered.forget()
      } else {
        await rollBack(client, connections)
        remembered.rollback()
      }
      throw error
    }
  }

  return {
    async run(work, revision) {
      for (let left = ATTEMPTS; ; left--) {
        try {
          return await attempt(work, revision)
        } catch (error) {
          if (!isWorthRepeating(error) || left <= 1) throw toLedgerError(error, connections.place)
          repeats += 1
          await pause(ATTEMPTS - left)
        }
      }
    },
    get doubtful() {
      return [...doubtful]
    },
    settled(known) {
      doubtful = doubtful.filter((id) => !known.includes(id))
    },
    get repeats() {
      return repeats
    },
  }
}

function heardToo(news: CommitNews, { deltas = [], organizations = false }: Told): CommitNews {
  return {
    ...news,
    changes: [...news.changes, ...deltas],
    organizations: news.organizations || organizations,
  }
}

async function rollBack(client: Client, connections: Connections): Promise<void> {
  try {
    await client.query('ROLLBACK')
  } catch {
    connections.dropWriter()
  }
}

/** Longer every time, and never the same for two programs that are in each other's way. */
function pause(attempt: number): Promise<void> {
  const ms = Math.random() * Math.min(LONGEST_WAIT_MS, 10 * 2 ** attempt)
  return new Promise((resolve) => setTimeout(resolve, ms))
}
