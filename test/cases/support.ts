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
import { onTestFinished } from 'vitest'
import { type SourceName, TOKEN_CLASSES } from '../../src/core/usage.ts'
import type { Ledger, StoredPart, UsageQuery, UsageRow } from '../../src/ledger/ledger.ts'
import { openSqliteLedger } from '../../src/ledger/sqlite/ledger.ts'
import { createPricing } from '../../src/pricing/create-pricing.ts'
import { createSources } from '../../src/sources/create-sources.ts'
import { HealthView } from '../../src/view/health-view.ts'
import type { SourceHealth } from '../../src/view/snapshot.ts'
import { type UsagePart, UsageView } from '../../src/view/usage-view.ts'
import { dollars, type Figures, figures } from './figures.ts'
import { FollowedSource } from './followed-source.ts'

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
  #isClosed = false
  #view = this.#newView()
  #health = new HealthView()

  constructor(options: TreeOptions) {
    this.#options = options
    this.ledger = openSqliteLedger({
      path: path.join(this.#folder, 'ledger.sqlite'),
      synchronous: 'normal',
      allowNetworkFilesystem: true,
      now: this.now,
    })
    onTestFinished(() => this.close())
  }

  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    await this.#stop()
    await this.ledger.close()
    for (const folder of [this.home, this.#folder]) rmSync(folder, { recursive: true, force: true })
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
    mkdirSync(path.dirname(this.path(file)), { recursive: true })
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
    this.#agents = sources.map(
      (source) =>
        new FollowedSource({
          source,
          ledger: this.ledger,
          pricing,
          quietMs: QUIET_MS,
          holdLimitMs: 10 * QUIET_MS,
          zeroFirstMs: 0,
          now: () => this.now,
          committed: (delta) => {
            this.#view.apply(delta)
            this.#health.add(delta.tallies)
          },
        }),
    )
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
    const sums: Record<string, bigint> = {}
    const add = (name: keyof Figures, value: bigint) => {
      if (value > 0n) sums[name] = (sums[name] ?? 0n) + value
    }
    for (const { requests, webSearches, tokens } of this.snapshot().counters) {
      add('requests', requests)
      add('web_searches', webSearches)
      for (const [index, name] of TOKEN_CLASSES.entries()) add(name, tokens[index] ?? 0n)
    }
    return Object.fromEntries(Object.entries(sums).map(([name, value]) => [name, Number(value)]))
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
    const [held, stored] = [shown(this.#view), shown(fresh)]
    if (held !== stored) throw new Error(`in memory:\n${held}\nin the ledger:\n${stored}`)
  }

  #newView(): UsageView {
    return new UsageView({ timeZone: 'UTC', now: () => this.now, seriesLimit: 10_000 })
  }

  async #stop(): Promise<void> {
    for (const followed of this.#agents) await followed.stop()
    this.#agents = []
  }
}

function toBytes(content: Content): Buffer {
  if (Buffer.isBuffer(content)) return content
  return Buffer.from(typeof content === 'string' ? content : content.map((line) => `${line}\n`).join(''))
}

function shown(view: UsageView): string {
  const { counters, today, last7Days, monthToDate, perSource, sessionsStarted } = view.snapshot()
  const text = (row: unknown) => JSON.stringify(row, (_, value) => (typeof value === 'bigint' ? `${value}` : value))
  return [counters, today, last7Days, monthToDate, perSource, sessionsStarted]
    .map((rows) => rows.map(text).sort().join('\n'))
    .join('\n\n')
}
