import { expect } from 'vitest'
import { eventually, type RunningExporter, sumOf } from '../../support/exporter.ts'
import type { TeamLogs, Use } from './logs.ts'
import { command, type Database } from './programs.ts'

const WAIT_MS = 60_000
const COUNTER = /^claude_(tokens|requests|estimated_cost_usd|sessions_started)_total\{/

type Series = ReadonlyMap<string, string>

/** What `/metrics` counts, of all machines or of one. */
export function useOf(series: Series, machine?: string): Use {
  const label = machine === undefined ? '' : `machine="${machine}"`
  const tokens = (type: string) => {
    let sum = 0n
    for (const [name, value] of series) {
      const wanted = name.startsWith('claude_tokens_total{') && name.includes(`token_type="${type}"`)
      if (wanted && name.includes(label)) sum += BigInt(value)
    }
    return sum
  }
  return { requests: sumOf(series, 'claude_requests_total', label), input: tokens('input'), output: tokens('output') }
}

/** Looks at the counters of an instance again and again: none of them may ever fall, whatever is restarted. */
export class CounterWatch {
  #seen: Series = new Map()

  /** The series as they are now, null while the history is not loaded. */
  async look(exporter: Pick<RunningExporter, 'scrape'>): Promise<Series | null> {
    const series = await exporter.scrape()
    if (series === null) return null
    for (const [name, value] of this.#seen) {
      if (COUNTER.test(name)) expect(Number(series.get(name)), name).toBeGreaterThanOrEqual(Number(value))
    }
    this.#seen = series
    return series
  }

  /** Waits until the instance counts what was used, and never more than that. */
  async until(exporter: Pick<RunningExporter, 'scrape'>, logs: TeamLogs): Promise<Series> {
    let last: Use | null = null
    const wait = eventually(
      'the sums of all machines',
      async () => {
        const series = await this.look(exporter)
        if (series === null) return null
        last = useOf(series)
        expect(last.requests).toBeLessThanOrEqual(logs.use.requests)
        return isSame(last, logs.use) ? series : null
      },
      WAIT_MS,
    )
    return wait.catch((error: Error) => {
      throw new Error(`${error.message}; shown: ${text(last)}, used: ${text(logs.use)}`)
    })
  }
}

function isSame(a: Use, b: Use): boolean {
  return a.requests === b.requests && a.input === b.input && a.output === b.output
}

function text(use: Use | null): string {
  return use === null ? 'nothing' : `${use.requests} requests, ${use.input} input, ${use.output} output`
}

interface UsageJson {
  readonly requests: number
  readonly tokens: { readonly input: number; readonly output: number }
}

/** What the API says that was used in the last days. */
export async function apiUse({ url }: Pick<RunningExporter, 'url'>): Promise<Use> {
  const answer = await fetch(`${url}/api/usage/summary?days=60`)
  const { grandTotal } = (await answer.json()) as { grandTotal: UsageJson }
  return useFrom(grandTotal)
}

/** The same per machine. */
export async function apiMachines({ url }: Pick<RunningExporter, 'url'>): Promise<ReadonlyMap<string, Use>> {
  const answer = await fetch(`${url}/api/machines?days=60`)
  const { rows } = (await answer.json()) as { rows: (UsageJson & { machine: string })[] }
  return new Map(rows.map((row) => [row.machine, useFrom(row)]))
}

/** What the command line says that was ever used. */
export async function commandUse(database: Database): Promise<Use> {
  const printed = JSON.parse(await command(database, 'summary', '--no-sync', '--json'))
  return useFrom((printed as { windows: { allTime: UsageJson } }).windows.allTime)
}

function useFrom({ requests, tokens }: UsageJson): Use {
  return { requests: BigInt(requests), input: BigInt(tokens.input), output: BigInt(tokens.output) }
}
