import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { MEASURE } from '../../src/core/measures.ts'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { openPostgresReader } from '../../src/ledger/postgres/open.ts'
import { ledgerOn } from '../../src/ledger/sql/ledger.ts'
import { openSqliteReader } from '../../src/ledger/sqlite/ledger.ts'
import { postgresOptions, sharedPostgres } from '../ledger/contract/ledgers.ts'
import { claudeLine } from '../support/claude-line.ts'
import { eventually, type RunningExporter, startExporter } from '../support/exporter.ts'
import { hasPostgres } from '../support/postgres.ts'
import { tempFolder } from '../support/temp.ts'

const KILLS = 50
/** A start takes longer with a server: there the rest of the kills is left out after this, but for `KILL_ALL=1`. */
const POSTGRES_LIMIT_MS = process.env['KILL_ALL'] === '1' ? Number.POSITIVE_INFINITY : 60_000
const FEWEST_KILLS = 10
const SEED = 20_260_504
const START = Date.parse('2026-05-04T00:00:00Z')

/** Writes logs as agents do, the unkind ways included, and knows what each response was. */
class Writer {
  readonly #folder: string
  readonly #random = mulberry32(SEED)
  readonly #names = ['a', 'b', 'c', 'd']
  #responses = 0
  #rotations = 0

  constructor(folder: string) {
    this.#folder = folder
    mkdirSync(folder, { recursive: true })
  }

  /** The n-th response; its time tells it apart in the ledger. */
  static response(n: number) {
    return { id: String(n), time: START + n * 1000, input: n % 7, output: 1000 + n, session: `s${n % 5}` }
  }

  step(): void {
    const path = join(this.#folder, `${this.#pick(this.#names)}.jsonl`)
    const dice = this.#random()
    if (dice < 0.6) this.#append(path)
    else if (dice < 0.7) this.#appendPlaceholderThenFinal(path)
    else if (dice < 0.78) this.#tear(path)
    else if (dice < 0.86) this.#cut(path)
    else if (dice < 0.93) this.#rotate(path)
    else this.#replace(path)
  }

  /** Responses that stand in a whole line of some file now. */
  visible(): ReadonlySet<number> {
    const found = new Set<number>()
    for (const name of readdirSync(this.#folder)) {
      const text = readFileSync(join(this.#folder, name), 'utf8')
      for (const line of text.slice(0, text.lastIndexOf('\n') + 1).split('\n')) {
        const id = /^\{.*"id":"msg_01(\d+)".*"stop_reason":"end_turn".*\}$/.exec(line)?.[1]
        if (id) found.add(Number(id))
      }
    }
    return found
  }

  #next() {
    this.#responses += 1
    return Writer.response(this.#responses)
  }

  #append(path: string): void {
    const count = 1 + Math.floor(this.#random() * 5)
    let text = ''
    for (let n = 0; n < count; n++) text += claudeLine(this.#next())
    appendFileSync(path, text)
  }

  #appendPlaceholderThenFinal(path: string): void {
    const response = this.#next()
    appendFileSync(path, claudeLine({ ...response, output: 1, stop: null }))
    appendFileSync(path, claudeLine(response))
  }

  /** A crash in the middle of a line; the next line begins on a new one. */
  #tear(path: string): void {
    const line = claudeLine(this.#next())
    appendFileSync(path, line.slice(0, Math.floor(line.length * this.#random())))
    appendFileSync(path, '\n')
  }

  /** The last line is taken back and others are written in its place. */
  #cut(path: string): void {
    const text = readOr(path)
    const end = text.slice(0, -1).lastIndexOf('\n') + 1
    if (end > 0) truncateSync(path, end)
    this.#append(path)
  }

  #rotate(path: string): void {
    if (readOr(path) === '') return
    this.#rotations += 1
    renameSync(path, join(this.#folder, `old-${this.#rotations}.jsonl`))
    this.#append(path)
  }

  /** A shorter copy takes the file's place, as when a transcript is compacted. */
  #replace(path: string): void {
    const lines = readOr(path).split('\n').filter(Boolean)
    const kept = lines.slice(Math.floor(lines.length * this.#random()))
    const copy = `${path}.compact.tmp.1`
    writeFileSync(copy, kept.map((line) => `${line}\n`).join(''))
    renameSync(copy, path)
  }

  #pick<T>(items: readonly T[]): T {
    return items[Math.floor(this.#random() * items.length)] as T
  }
}

interface Storage {
  /** Environment of an exporter that keeps its ledger there. */
  readonly env: Readonly<Record<string, string>>
  /** Null while there is no ledger. */
  reader(): Promise<Ledger | null>
}

const SCHEMA = 'killed'

describe('kill -9', () => {
  const server = sharedPostgres()
  const kinds = [
    {
      name: 'SQLite',
      limitMs: Number.POSITIVE_INFINITY,
      storageIn: async (folder: string): Promise<Storage> => {
        const path = join(folder, 'ledger.sqlite')
        const isThere = () => statSync(path, { throwIfNoEntry: false }) !== undefined
        return { env: {}, reader: async () => (isThere() ? openSqliteReader(path) : null) }
      },
    },
    {
      name: 'PostgreSQL',
      limitMs: POSTGRES_LIMIT_MS,
      storageIn: async (): Promise<Storage> => {
        const postgres = await server()
        const tables = `SELECT count(*) FROM pg_tables WHERE schemaname = '${SCHEMA}'`
        return {
          env: { CLAUDE_USAGE_EXPORTER_STORAGE_URL: postgres.url, CLAUDE_USAGE_EXPORTER_STORAGE_SCHEMA: SCHEMA },
          reader: async () =>
            (await postgres.psql(tables)) === '0'
              ? null
              : ledgerOn(await openPostgresReader(postgresOptions(postgres, SCHEMA))),
        }
      },
    },
  ].filter(({ name }) => name === 'SQLite' || hasPostgres())

  it.each(kinds)(
    `on $name, at up to ${KILLS} random moments loses nothing, counts nothing twice, and no counter falls`,
    {
      timeout: 600_000,
    },
    async ({ storageIn, limitMs }) => {
      const home = tempFolder()
      const storage = join(home, 'ledger')
      const { env, reader } = await storageIn(storage)
      const writer = new Writer(join(home, '.claude', 'projects', '-src-shop'))
      const random = mulberry32(SEED + 1)
      const flags = ['--metrics.zero-first=0s', '--tail.quiet-time=0s']
      let shown: ReadonlyMap<string, string> = new Map()
      const end = Date.now() + limitMs
      let kills = 0
      for (; kills < KILLS && (kills < FEWEST_KILLS || Date.now() < end); kills++) {
        for (let step = 0; step < 5; step++) writer.step()
        const exporter = await startExporter({ home, storage, flags, env })
        shown = await scrapeNotBelow(exporter, shown)
        // A ledger that was loaded before is shown before what is new is read: it is killed in both.
        const isRead = random() < 0.5
        if (isRead) await everythingRead(exporter)
        const kept = isRead ? writer.visible() : new Set<number>()
        for (const until = Date.now() + random() * 250; Date.now() < until; ) {
          writer.step()
          await new Promise((resolve) => setTimeout(resolve, 5))
        }
        if (random() < 0.5) shown = await scrapeNotBelow(exporter, shown)
        await exporter.kill('SIGKILL')
        await compareWithTruth(reader, kept)
      }
      const exporter = await startExporter({ home, storage, flags, env })
      await scrapeNotBelow(exporter, shown)
      await everythingRead(exporter)
      await exporter.kill('SIGTERM')
      const counted = await compareWithTruth(reader, writer.visible())
      expect(counted).toBeGreaterThan(10 * kills)
    },
  )
})

/** A scrape with its history loaded; each counter at least as high as before. */
async function scrapeNotBelow(exporter: RunningExporter, before: ReadonlyMap<string, string>) {
  const series = await eventually('the first load', () => exporter.scrape())
  for (const [name, value] of before) {
    if (!/^claude_(tokens|requests|estimated_cost_usd|sessions_started)_total\{/.test(name)) continue
    expect(Number(series.get(name)), name).toBeGreaterThanOrEqual(Number(value))
  }
  return series
}

/** By its own word: from then on nothing that stood there when it began may be missing. */
function everythingRead(exporter: RunningExporter): Promise<true> {
  return eventually('reading everything', async () => {
    const series = await exporter.scrape()
    return series?.has('claude_exporter_sync_last_success_timestamp_seconds{source="claude-code"}') ? true : null
  })
}

/** Every response in the ledger is what was written, sums agree, and nothing that can be read is missing. */
async function compareWithTruth(reader: Storage['reader'], visible: ReadonlySet<number>): Promise<number> {
  const ledger = await reader()
  if (ledger === null) return 0
  try {
    expect(await ledger.check()).toMatchObject({ integrity: 'ok', differences: [] })
    const parts = await ledger.explain({ from: 0, to: Number.MAX_SAFE_INTEGER })
    const counted = new Set<number>()
    for (const { time, session, values } of parts) {
      const n = (time - START) / 1000
      const truth = Writer.response(n)
      expect(counted.has(n), `response ${n} once`).toBe(false)
      counted.add(n)
      const isPlaceholder = values[MEASURE.unfinal] === 1
      expect({ session, input: values[MEASURE.input], output: values[MEASURE.output] }).toEqual({
        session: truth.session,
        input: truth.input,
        output: isPlaceholder ? 1 : truth.output,
      })
    }
    const missing = [...visible].filter((n) => !counted.has(n))
    expect(missing).toEqual([])
    return counted.size
  } finally {
    await ledger.close()
  }
}

function readOr(path: string): string {
  return statSync(path, { throwIfNoEntry: false }) ? readFileSync(path, 'utf8') : ''
}

/** Small seeded generator, so that a failure can be repeated. */
function mulberry32(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let value = Math.imul(state ^ (state >>> 15), 1 | state)
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296
  }
}
