import {
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import { type Int, shrinkInt } from '../../src/core/integer.ts'
import { amountOf, MEASURE, MEASURES, type Measure, zeroMeasures } from '../../src/core/measures.ts'
import { decimalFromPico } from '../../src/core/money.ts'
import type { SourceName } from '../../src/core/usage.ts'
import { Follower } from '../../src/ingest/follow.ts'
import type { Ledger, StoredPart, UsageQuery, UsageRow } from '../../src/ledger/ledger.ts'
import { openSqliteLedger } from '../../src/ledger/sqlite/ledger.ts'
import { createPricing } from '../../src/pricing/create-pricing.ts'
import { createSources } from '../../src/sources/create-sources.ts'
import type { Source } from '../../src/sources/source.ts'
import { HealthView } from '../../src/view/health-view.ts'
import type { SourceHealth } from '../../src/view/snapshot.ts'
import { type UsagePart, UsageView } from '../../src/view/usage-view.ts'

/** A file's bytes, its text, or its lines. */
export type Content = Buffer | string | readonly string[]

export interface TreeOptions {
  readonly env?: Readonly<Record<string, string>>
  /** Folders of Claude Code to read instead of its own, below the home folder. */
  readonly claudeRoots?: readonly string[]
}

const ALL_TIME = { from: Number.MIN_SAFE_INTEGER, to: Number.MAX_SAFE_INTEGER }
const QUIET_MS = 60_000
const pricing = createPricing()

/** Counts by name, those that are 0 left out; `cost` is an amount in dollars, see `Tree.cost`. */
export type Figures = Partial<Record<Exclude<Measure, `${string}_${'usd' | 'pico'}`>, Int>>

/** A home folder with these logs in it (paths below it), read into a new ledger and followed from then on. */
export async function loadTree(files: Readonly<Record<string, Content>>, options: TreeOptions = {}): Promise<Tree> {
  const tree = new Tree(options)
  for (const [file, content] of Object.entries(files)) tree.write(file, content)
  await tree.start()
  return tree
}

/** Log files on disk, and everything between them and the figures. */
export class Tree {
  readonly home = realpathSync(mkdtempSync(path.join(tmpdir(), 'exporter-cases-')))
  readonly ledger: Ledger
  /** What the exporter takes for the present, epoch milliseconds. */
  now = Date.parse('2026-11-21T12:00:00Z')
  readonly #options: TreeOptions
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'exporter-cases-ledger-'))
  #agents: readonly FollowedSource[] = []
  #view = this.#newView()
  #health = new HealthView()

  constructor(options: TreeOptions) {
    this.#options = options
    const database = path.join(this.#folder, 'ledger.sqlite')
    this.ledger = openSqliteLedger({ path: database, synchronous: 'off', allowNetworkFilesystem: true, now: this.now })
    onTestFinished(() => this.close())
  }

  async close(): Promise<void> {
    await this.#stop()
    await this.ledger.close()
    for (const folder of [this.home, this.#folder]) rmSync(folder, { recursive: true, force: true })
    this.close = async () => {}
  }

  path(file: string): string {
    return path.join(this.home, file)
  }

  /** Writes a file, in place where it exists; `modified` sets its time. */
  write(file: string, content: Content, modified?: string): void {
    mkdirSync(path.dirname(this.path(file)), { recursive: true })
    writeFileSync(this.path(file), toBytes(content))
    if (modified !== undefined) utimesSync(this.path(file), new Date(modified), new Date(modified))
  }

  append(file: string, content: Content): void {
    writeFileSync(this.path(file), toBytes(content), { flag: 'a' })
  }

  /** Puts another file in the place of one. */
  replace(file: string, content: Content): void {
    this.write(`${file}.tmp`, content)
    renameSync(this.path(`${file}.tmp`), this.path(file))
  }

  /** Makes `place` lead to a folder. */
  link(folder: string, place: string): void {
    mkdirSync(path.dirname(this.path(place)), { recursive: true })
    symlinkSync(this.path(folder), this.path(place), 'junction')
  }

  delete(file: string): void {
    rmSync(this.path(file), { recursive: true })
  }

  /** A new process: nothing but the ledger and the logs is left of the one before. */
  async restart(): Promise<void> {
    await this.#stop()
    await this.start()
  }

  async start(): Promise<void> {
    this.#view = this.#newView()
    this.#health = new HealthView()
    await this.#view.load(this.ledger)
    this.#health.add(await this.ledger.tallies())
    const { env = {}, claudeRoots = [] } = this.#options
    const agent = { enabled: true, roots: [], billing: 'metered' } as const
    const sources = createSources({
      machine: { env, home: this.home },
      claudeCode: { ...agent, roots: claudeRoots.map((root) => ({ path: this.path(root) })) },
      openclaw: agent,
      pi: agent,
      tail: {},
      projects: {},
    })
    this.#agents = sources.map((source) => this.#followed(source))
    for (const followed of this.#agents) await followed.start()
  }

  /** The running exporter looks at everything again. */
  async readAgain(): Promise<void> {
    for (const followed of this.#agents) await followed.readAgain()
  }

  /** Everything the ledger holds, in one sum. */
  async usage(): Promise<Figures> {
    return figures((await this.#rows([]))[0]?.values ?? [])
  }

  /** The same, by one or more dimensions; their values are joined by a blank. */
  async usageBy(...by: UsageQuery['by']): Promise<Readonly<Record<string, Figures>>> {
    return Object.fromEntries((await this.#rows(by)).map(({ group, values }) => [group.join(' '), figures(values)]))
  }

  /** Exact dollars. */
  async cost(): Promise<string> {
    return dollars((await this.#rows([]))[0]?.values ?? [])
  }

  async costBy(by: UsageQuery['by'][number]): Promise<Readonly<Record<string, string>>> {
    return Object.fromEntries((await this.#rows([by])).map(({ group, values }) => [group.join(), dollars(values)]))
  }

  /** What is stored of each response, in the order of time. */
  responses(): Promise<readonly StoredPart[]> {
    return this.ledger.explain(ALL_TIME)
  }

  /** What `/metrics` is made from. */
  snapshot(): UsagePart {
    return this.#view.snapshot()
  }

  /** The published counters in one sum: what waits for its final count is missing. */
  counters(): Figures {
    const sum = zeroMeasures()
    const add = (name: Measure, value: bigint) => {
      sum[MEASURE[name]] = shrinkInt(BigInt(sum[MEASURE[name]] ?? 0) + value)
    }
    for (const { requests, webSearches, tokens } of this.snapshot().counters) {
      add('requests', requests)
      add('web_searches', webSearches)
      for (const [index, name] of (
        ['input', 'cache_write_5m', 'cache_write_1h', 'cache_read', 'output'] as const
      ).entries()) {
        add(name, tokens[index] ?? 0n)
      }
    }
    return figures(sum)
  }

  health(source: SourceName): SourceHealth {
    const { sources } = this.#health.part(this.#agents.map((followed) => [followed.name, followed.status()]))
    const found = sources.find((health) => health.source === source)
    if (found === undefined) throw new Error(`no source ${source}`)
    return found
  }

  async #rows(by: UsageQuery['by']): Promise<readonly UsageRow[]> {
    await this.#verify()
    return this.ledger.usage({ ...ALL_TIME, by })
  }

  /** The sums that are kept must be the sums of what they are made of, in the ledger and in memory. */
  async #verify(): Promise<void> {
    const { integrity, differences } = await this.ledger.check()
    if (integrity !== 'ok' || differences.length > 0) throw new Error([integrity, ...differences].join('\n'))
    const fresh = this.#newView()
    await fresh.load(this.ledger)
    if (shown(fresh) !== shown(this.#view))
      throw new Error(`in memory ${shown(this.#view)}, in the ledger ${shown(fresh)}`)
  }

  #newView(): UsageView {
    return new UsageView({ timeZone: 'UTC', now: () => this.now, seriesLimit: 10_000 })
  }

  #followed(source: Source): FollowedSource {
    return new FollowedSource(source, (events, told) => {
      const base = { ledger: this.ledger, pricing, quietMs: QUIET_MS, holdLimitMs: 10 * QUIET_MS, zeroFirstMs: 0 }
      return new Follower({
        ...base,
        source: told,
        now: () => this.now,
        events: {
          ...events,
          committed: (delta) => {
            this.#view.apply(delta)
            this.#health.add(delta.tallies)
          },
        },
      })
    })
  }

  async #stop(): Promise<void> {
    for (const followed of this.#agents) await followed.stop()
    this.#agents = []
  }
}

/** A source that is read when the test says so, instead of when the file system tells of a change. */
class FollowedSource {
  readonly #source: Source
  readonly #follower: Follower
  #changed: (paths: readonly string[] | null) => void = () => {}
  #done: { readonly resolve: () => void; readonly reject: (error: unknown) => void } | null = null

  constructor(
    source: Source,
    follower: (
      events: Pick<ConstructorParameters<typeof Follower>[0]['events'], 'started' | 'finished' | 'failed'>,
      told: Source,
    ) => Follower,
  ) {
    this.#source = source
    const events = {
      started: () => {},
      finished: () => this.#done?.resolve(),
      failed: (error: unknown) => this.#done?.reject(error),
    }
    this.#follower = follower(events, {
      name: source.name,
      restore: (streams) => source.restore(streams),
      read: (options) => source.read(options),
      status: () => source.status(),
      gone: () => source.gone(),
      follow: async (changed) => {
        this.#changed = changed
        return async () => {}
      },
    })
  }

  get name(): SourceName {
    return this.#source.name
  }

  status() {
    return this.#source.status()
  }

  async start(): Promise<void> {
    await this.#awaited(() => this.#follower.load())
    await this.#follower.follow()
  }

  async readAgain(): Promise<void> {
    await this.#awaited(() => this.#changed(null))
    // What follows the reading of files begins at once and goes through the ledger, where later questions wait for it.
    await setImmediate()
  }

  stop(): Promise<void> {
    return this.#follower.stop()
  }

  async #awaited(work: () => unknown): Promise<void> {
    const finished = new Promise<void>((resolve, reject) => {
      this.#done = { resolve, reject }
    })
    await Promise.all([finished, work()])
  }
}

const COUNTED = MEASURES.filter((name): name is keyof Figures => !/_(?:usd|pico)$/.test(name))

function figures(values: readonly Int[]): Figures {
  const found = COUNTED.map((name) => [name, shrinkInt(values[MEASURE[name]] ?? 0)] as const)
  return Object.fromEntries(found.filter(([, value]) => value !== 0))
}

function dollars(values: readonly Int[]): string {
  return decimalFromPico(amountOf(values, 'cost_usd'))
}

function toBytes(content: Content): Buffer {
  if (content instanceof Buffer) return content
  return Buffer.from(typeof content === 'string' ? content : content.map((line) => `${line}\n`).join(''))
}

function shown(view: UsageView): string {
  const { counters, today, last7Days, monthToDate, perSource, sessionsStarted } = view.snapshot()
  const text = (row: unknown) => JSON.stringify(row, (_, value) => (typeof value === 'bigint' ? `${value}` : value))
  return [counters, today, last7Days, monthToDate, perSource, sessionsStarted]
    .map((rows) => rows.map(text).sort().join('\n'))
    .join('\n\n')
}
