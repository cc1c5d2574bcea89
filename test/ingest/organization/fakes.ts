import type { ApiUsageRow, BucketReport, Directory, Generation } from '../../../src/core/organization.ts'
import { NO_CHANGES, type RowChanges, type SyncRun } from '../../../src/core/sync-run.ts'
import type {
  CoveredDay,
  OrganizationLedger,
  ReplaceOptions,
  RunEnd,
  RunStart,
} from '../../../src/ledger/organization.ts'
import type { Logger } from '../../../src/lib/logger.ts'
import type { AdminApi, RangeQuery, ReadEvents, Reading } from '../../../src/sources/admin-api/admin-api.ts'

export const silent: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  child: () => silent,
}

/** What the next request does: answers when undefined, else rejects or never answers. */
export type Answer = Error | 'hang' | undefined

export class FakeApi implements AdminApi {
  readonly organization = 'default'
  readonly answers: Answer[] = []
  readonly asked: string[] = []
  mark: string | Error = 'first'
  generation: Generation = 'legacy'
  directory: Directory = { id: 'o', name: 'n', workspaces: [], apiKeys: [], rateLimits: [], spendLimits: null }

  async credentialMark(): Promise<string> {
    if (this.mark instanceof Error) throw this.mark
    return this.mark
  }

  async chooseGeneration(): Promise<Generation> {
    return this.generation
  }

  readUsage(query: RangeQuery, events: ReadEvents, signal: AbortSignal): Promise<Reading<ApiUsageRow>> {
    return this.#read(`usage ${query.width} ${stamp(query.from)} ${stamp(query.to)}`, query.to, events, signal)
  }

  readCost(query: RangeQuery, events: ReadEvents, signal: AbortSignal): Promise<Reading<never>> {
    return this.#read(`cost ${query.width} ${stamp(query.from)} ${stamp(query.to)}`, query.to, events, signal)
  }

  readClaudeCode(day: number, events: ReadEvents, signal: AbortSignal): Promise<Reading<never>> {
    return this.#read(`claude-code ${stamp(day)}`, day, events, signal)
  }

  async readDirectory(events: ReadEvents, signal: AbortSignal): Promise<Directory> {
    await this.#read('directory', 0, events, signal)
    return this.directory
  }

  async #read(what: string, completeTo: number, events: ReadEvents, signal: AbortSignal): Promise<Reading<never>> {
    this.asked.push(what)
    events.request()
    const answer = this.answers.shift()
    if (answer instanceof Error) throw answer
    if (answer === 'hang') {
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }))
    }
    events.page(0)
    return { rows: [], completeTo }
  }
}

/** Keeps days and runs; every window stored brings ten rows. */
export class FakeLedger {
  readonly stored: string[] = []
  readonly days = new Map<string, CoveredDay>()
  readonly log: SyncRun[] = []
  failure: Error | null = null
  widen = (range: { from: number; to: number }) => range

  async replaceUsage(window: Parameters<OrganizationLedger['replaceUsage']>[0], options?: ReplaceOptions) {
    return this.#replace('usage', window.from, window.to, options)
  }

  async replaceCost(window: Parameters<OrganizationLedger['replaceCost']>[0], options?: ReplaceOptions) {
    return this.#replace('cost', window.from, window.to, options)
  }

  async replaceClaudeCode(window: Parameters<OrganizationLedger['replaceClaudeCode']>[0], options?: ReplaceOptions) {
    return this.#replace('claude-code', window.from, window.to, options)
  }

  async saveDirectory(_organization: string, _directory: Directory, _readAt: number, options?: ReplaceOptions) {
    return this.#replace('directory', 0, 0, options)
  }

  async widenWindow(_organization: string, _report: BucketReport, range: { from: number; to: number }) {
    return this.widen(range)
  }

  async coverage() {
    return [...this.days.values()]
  }

  async startRun(run: RunStart): Promise<number> {
    if (this.failure !== null) throw this.failure
    const id = this.log.length + 1
    this.log.push({ ...EMPTY, ...run, id })
    return id
  }

  async endRun(id: number, end: RunEnd): Promise<void> {
    const started = this.log[id - 1]
    if (started !== undefined) this.log[id - 1] = { ...started, ...end }
  }

  asLedger(): OrganizationLedger {
    return this as unknown as OrganizationLedger
  }

  #replace(report: string, from: number, to: number, options: ReplaceOptions | undefined): RowChanges {
    if (this.failure !== null) throw this.failure
    this.stored.push(`${report} ${stamp(from)} ${stamp(to)}${options?.dryRun === true ? ' dry' : ''}`)
    return { ...NO_CHANGES, fetched: 10, added: 10 }
  }
}

const EMPTY = {
  endedAt: null,
  result: 'running',
  generation: null,
  from: null,
  to: null,
  attempts: 0,
  requests: 0,
  changes: NO_CHANGES,
  reason: null,
  error: null,
} as const

function stamp(instant: number): string {
  return new Date(instant).toISOString().slice(5, 13)
}
