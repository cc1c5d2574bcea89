// Some machines of a team, each with a store and an identity of its own, which append their histories at once.
import { fold } from '../../src/ingest/fold.ts'
import { openPostgresStore } from '../../src/ledger/postgres/open.ts'
import { ledgerOn } from '../../src/ledger/sql/ledger.ts'
import { createPricing } from '../../src/pricing/create-pricing.ts'
import { ledgerOptions } from './cluster.ts'
import { recordsOf, SESSION_LINES, sessionsOf, type TeamShape } from './history.ts'

/** What the parent process asks for. The URL comes by the environment: whoever may list processes reads arguments. */
export interface WorkerTask {
  readonly shape: TeamShape
  readonly machines: readonly number[]
}

export type WorkerReport =
  | { readonly kind: 'ready' }
  | { readonly kind: 'progress'; readonly lines: number }
  | {
      readonly kind: 'done'
      readonly latencyMs: readonly number[]
      readonly repeats: number
      readonly cpuSeconds: number
    }

const { shape, machines } = JSON.parse(process.env['TEAM_TASK'] ?? '') as WorkerTask
const url = process.env['TEAM_URL'] ?? ''
const pricing = createPricing()
const report = (message: WorkerReport) => process.send?.(message)

const stores = await Promise.all(
  machines.map(async (machine) => {
    const name = `machine-${machine}`
    return { machine, store: await openPostgresStore(ledgerOptions(url, name)) }
  }),
)
report({ kind: 'ready' })
await new Promise<void>((resolve) => process.once('message', () => resolve()))
const before = process.cpuUsage()
const latencyMs: number[] = []
await Promise.all(stores.map(({ machine, store }) => readAll(machine, ledgerOn(store))))
const { user, system } = process.cpuUsage(before)
const repeats = stores.reduce((sum, { store }) => sum + store.repeats, 0)
await Promise.all(stores.map(({ store }) => store.close()))
report({ kind: 'done', latencyMs, repeats, cpuSeconds: (user + system) / 1e6 })
process.disconnect()

async function readAll(machine: number, ledger: ReturnType<typeof ledgerOn>): Promise<void> {
  for (const session of sessionsOf(machine, shape)) {
    const records = recordsOf(session, shape)
    const batch = {
      source: 'claude-code' as const,
      stream: `session-${session}`,
      path: `session-${session}.jsonl`,
      expected: null,
      cursor: String(records.length),
      records,
      closed: [],
      claims: [],
      turns: [],
      tally: { lines: records.length, bytes: records.length * 1_000, rejected: {} },
    }
    const append = { ...fold([batch], pricing), live: true, now: Date.now(), zeroFirstMs: 0 }
    const started = performance.now()
    await ledger.append([append])
    latencyMs.push(performance.now() - started)
    report({ kind: 'progress', lines: SESSION_LINES })
  }
}
