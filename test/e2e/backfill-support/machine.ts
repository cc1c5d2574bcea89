import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/core/time.ts'
import { type ClaudeLine, claudeLine } from '../../support/claude-line.ts'

export const DAYS = 60

/** Label sets of the machine's history, and on which of its days the first use of each is. */
const WORK = [
  { project: 'shop', model: 'claude-opus-4-8', firstDay: 0 },
  { project: 'shop', model: 'claude-sonnet-4-5', firstDay: 0 },
  { project: 'blog', model: 'claude-opus-4-8', firstDay: 3 },
  // Without a price.
  { project: 'blog', model: 'mystery-1', firstDay: 10 },
  { project: 'docs', model: 'claude-haiku-4-5', firstDay: 31 },
] as const

/** What is not finished when the program reads it first; `early` is finished before the history is written. */
const OPEN = {
  early: { id: '9001', output: 500, project: 'shop' },
  risen: { id: '9002', output: 100, project: 'shop' },
  fallen: { id: '9003', output: 700, project: 'blog' },
} as const

/** A home folder with Claude Code logs of two months up to now, of few label sets. */
export class Machine {
  readonly home: string
  readonly #now: number
  #ids = 0
  /** Responses there are in all, however many lines tell of them. */
  responses = 0

  constructor(home: string, now: number) {
    this.home = home
    this.#now = now
    const today = Math.floor(now / DAY_MS)
    let seed = 1
    const random = (limit: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31
      return Math.floor((seed / 2 ** 31) * limit)
    }
    for (let day = 0; day < DAYS; day++) {
      const midnight = (today - DAYS + day) * DAY_MS
      for (const { project, model, firstDay } of WORK) {
        for (let n = day < firstDay ? 0 : 1 + random(3); n > 0; n--) {
          // Nothing is in the last quarter of an hour of a day.
          const time = midnight + random(23 * 60 + 40) * MINUTE_MS + random(60_000)
          const tokens = { output: 1 + random(90_000), input: random(3_000), cacheRead: random(900_000) }
          this.write(project, { model, time, session: `${project}-${day}`, ...tokens })
        }
      }
    }
    for (const name of ['early', 'risen', 'fallen'] as const) {
      const { id, output, project } = OPEN[name]
      this.write(project, { id, output, stop: null, time: this.#timeOf(name), session: id })
    }
    // Begins after a history that ends 4 hours ago.
    this.write('morning', { time: now - 2 * HOUR_MS, output: 77, session: 'morning' })
  }

  /** A response, finished unless `stop` is null, of now unless told otherwise. */
  write(project: string, line: Partial<ClaudeLine> & { readonly output: number }): void {
    this.#ids += 1
    this.responses += 1
    this.#append(project, claudeLine({ ...this.#common(project), id: String(this.#ids), session: 'live', ...line }))
  }

  /** The end of a response that was not finished. Lower output is a correction that takes something back. */
  finish(name: keyof typeof OPEN, output: number): void {
    const { id, project } = OPEN[name]
    this.#append(project, claudeLine({ ...this.#common(project), id, output, time: this.#timeOf(name), session: id }))
  }

  /** A response that is not finished; the function it gives ends it. */
  stream(): () => void {
    const line = { ...this.#common('shop'), id: '9009', session: 'stream' }
    this.responses += 1
    this.#append('shop', claudeLine({ ...line, output: 3, stop: null }))
    return () => this.#append('shop', claudeLine({ ...line, output: 4_321 }))
  }

  #timeOf(name: keyof typeof OPEN): number {
    return name === 'early' ? this.#now - (this.#now % DAY_MS) - 40 * DAY_MS + 12 * HOUR_MS : this.#now - 5 * HOUR_MS
  }

  #common(project: string) {
    return { time: Date.now(), cwd: `/src/${project}` }
  }

  #append(project: string, text: string): void {
    const folder = join(this.home, '.claude', 'projects', `-src-${project}`)
    mkdirSync(folder, { recursive: true })
    const { sessionId } = JSON.parse(text) as { sessionId: string }
    appendFileSync(join(folder, `${sessionId}.jsonl`), text)
  }
}

/** Settings of the machine's exporter: three budgets and an organisation. */
export function environment(home: string, apiUrl: string, key: string): Record<string, string> {
  const keyFile = join(home, 'key')
  writeFileSync(keyFile, `${key}\n`, { mode: 0o600 })
  return {
    ANTHROPIC_ADMIN_KEY_FILE: keyFile,
    CLAUDE_USAGE_EXPORTER_ADMIN_API_BASE_URL: apiUrl,
    CLAUDE_USAGE_EXPORTER_ADMIN_API_HISTORY: `${DAYS + 1}d`,
    CLAUDE_USAGE_EXPORTER_BUDGETS: JSON.stringify([
      { name: 'month', limit_usd: 50, period: 'month' },
      { name: 'shop', limit_tokens: 100_000, period: 'day', token_types: ['output'], scope: { project: ['shop'] } },
      { name: 'bill', limit_usd: 1_000_000, period: 'month', basis: 'billed_cost' },
    ]),
    CLAUDE_USAGE_EXPORTER_METRICS_ZERO_FIRST: '2s',
    // A response that goes on is held until its end is there.
    CLAUDE_USAGE_EXPORTER_TAIL_QUIET_TIME: '10m',
    CLAUDE_USAGE_EXPORTER_TAIL_HOLD_LIMIT: '10m',
  }
}
