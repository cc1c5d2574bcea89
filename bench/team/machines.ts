import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { MEASURE } from '../../src/core/measures.ts'
import { openPostgresReader } from '../../src/ledger/postgres/open.ts'
import { ledgerOn } from '../../src/ledger/sql/ledger.ts'
import type { Postgres } from '../../test/support/postgres.ts'
import { WrongTotals } from '../lib/row.ts'
import { mebibytes, milliseconds, quantile, seconds } from '../lib/statistics.ts'
import { largestTables, ledgerBytes, ledgerOptions, SCHEMA, serverCpuSeconds } from './cluster.ts'
import { SESSION_LINES, sessionsOf, type TeamShape, totalsOf } from './history.ts'
import type { WorkerReport, WorkerTask } from './worker.ts'

const WORKER = fileURLToPath(new URL('worker.ts', import.meta.url))

export interface MachinesOptions {
  readonly shape: TeamShape
  readonly processes: number
  readonly note: (text: string) => void
}

/** Machines with overlapping histories append at once. Gives lines to print; throws WrongTotals. */
export async function appendAtOnce(server: Postgres, options: MachinesOptions): Promise<string[]> {
  const { shape, processes, note } = options
  const lines = Array.from({ length: shape.machines }, (_, index) => sessionsOf(index, shape).length * SESSION_LINES)
  const total = lines.reduce((sum, count) => sum + count, 0)
  const truth = totalsOf(shape)
  note(`${shape.machines} machines in ${processes} processes, ${total} lines, ${truth.responses} responses`)
  // The first one makes the schema.
  const workers: Worker[] = []
  for (let index = 0; index < processes; index++) {
    const machines = Array.from({ length: shape.machines }, (_, machine) => machine)
    workers.push(new Worker(server.url, { shape, machines: machines.filter((one) => one % processes === index) }))
  }
  await Promise.all(workers.map(({ ready }) => ready))
  const cpuBefore = serverCpuSeconds(server)
  const started = performance.now()
  const ticker = setInterval(() => {
    const done = workers.reduce((sum, worker) => sum + worker.lines, 0)
    note(`${Math.round((100 * done) / total)} % of the lines, ${seconds((performance.now() - started) / 1_000)}`)
  }, 5_000)
  const results = await Promise.all(workers.map((worker) => worker.run())).finally(() => clearInterval(ticker))
  const elapsed = (performance.now() - started) / 1_000
  const cpuAfter = serverCpuSeconds(server)
  const latency = results.flatMap(({ latencyMs }) => latencyMs)
  const bytes = await ledgerBytes(server)
  await compare(server, shape)
  const deadlocks = await server.psql("SELECT deadlocks FROM pg_stat_database WHERE datname = 'postgres'")
  const clientCpu = results.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0)
  const serverCpu = cpuBefore === null || cpuAfter === null ? 'unknown' : seconds(cpuAfter - cpuBefore)
  return [
    `totals equal the truth: ${truth.responses} responses out of ${total} lines, each counted once; the ledger check is ok`,
    `throughput: ${(total / elapsed).toFixed(0)} lines/s, ${(truth.responses / elapsed).toFixed(0)} new responses/s, ${seconds(elapsed)} in all`,
    `latency of an append of ${SESSION_LINES} lines: p50 ${milliseconds(quantile(latency, 0.5))}, p99 ${milliseconds(quantile(latency, 0.99))}, most ${milliseconds(Math.max(...latency))}, ${latency.length} appends`,
    `transactions done again: ${results.reduce((sum, { repeats }) => sum + repeats, 0)}, deadlocks found by the server: ${deadlocks}`,
    `database: ${mebibytes(bytes)}, ${(bytes / truth.responses).toFixed(0)} bytes per response (${await largestTables(server)})`,
    `CPU: server ${serverCpu}, clients ${seconds(clientCpu)}`,
  ]
}

/** Some machines in a process of their own. */
class Worker {
  readonly ready: Promise<void>
  lines = 0
  readonly #child: ChildProcess
  readonly #done: Promise<Extract<WorkerReport, { kind: 'done' }>>

  constructor(url: string, task: WorkerTask) {
    const env = { ...process.env, TEAM_URL: url, TEAM_TASK: JSON.stringify(task) }
    const child = fork(WORKER, { env, execArgv: ['--import', 'tsx'] })
    this.#child = child
    const failed = once(child, 'exit').then(([code, signal]) => {
      throw new Error(`a process with machines ended: ${code ?? signal}`)
    })
    failed.catch(() => {})
    const heard = <Kind extends WorkerReport['kind']>(kind: Kind) =>
      new Promise<Extract<WorkerReport, { kind: Kind }>>((resolve) => {
        child.on('message', (message: WorkerReport) => {
          if (message.kind === kind) resolve(message as Extract<WorkerReport, { kind: Kind }>)
        })
      })
    child.on('message', (message: WorkerReport) => {
      if (message.kind === 'progress') this.lines += message.lines
    })
    this.ready = Promise.race([heard('ready').then(() => {}), failed])
    this.#done = Promise.race([heard('done'), failed])
    this.#done.catch(() => {})
  }

  async run() {
    this.#child.send('go')
    return this.#done
  }
}

async function compare(server: Postgres, shape: TeamShape): Promise<void> {
  const truth = totalsOf(shape)
  const ledger = ledgerOn(await openPostgresReader(ledgerOptions(server.url, 'machine-0')))
  try {
    const rows = await ledger.usage({ from: 0, to: Number.MAX_SAFE_INTEGER, by: ['machine'] })
    const sum = (index: number) => rows.reduce((total, { values }) => total + Number(values[index] ?? 0), 0)
    const seen = {
      responses: sum(MEASURE.requests),
      input: sum(MEASURE.input),
      cacheRead: sum(MEASURE.cache_read),
      output: sum(MEASURE.output),
    }
    const report = await ledger.check()
    if (JSON.stringify(seen) !== JSON.stringify(truth)) {
      throw new WrongTotals(`${SCHEMA} holds ${JSON.stringify(seen)} instead of ${JSON.stringify(truth)}`)
    }
    if (report.integrity !== 'ok' || report.differences.length > 0 || report.responses !== truth.responses) {
      throw new WrongTotals(`the ledger check says ${JSON.stringify(report)}`)
    }
  } finally {
    await ledger.close()
  }
}
