import type { LogWriter } from './log-writer.ts'
import type { Random } from './random.ts'
import type { Model, Release } from './releases.ts'
import type { TruthBook } from './truth.ts'

const COMPACT_TEXT_SCALE = 0.05

/** What stays the same on all lines of one transcript. */
export interface Session {
  readonly id: string
  readonly cwd: string
  readonly branch: string
  readonly release: Release
  readonly model: Model
  readonly startMs: number
  /** No line is dated later. */
  readonly endMs: number
  /** Of a sub-agent's transcript; null for a main one. */
  readonly agentId: string | null
  /** What the sub-agent is called; `''` for a main transcript. */
  readonly agentType: string
  /** Session that the lines being written were copied from; null for lines of its own. */
  readonly copyOf: string | null
  readonly cacheLifetime: '5m' | '1h'
  /** Short texts, mostly one line per response and few tool results: many responses in few bytes. */
  readonly isCompact: boolean
  /** May hold single lines of 0.3 to 2 MB, as pictures and long command output make them. */
  readonly hasHugeLines: boolean
}

/** Writes lines of one session: keeps the clock, the chain of lines and the growing context. */
export class Transcript {
  readonly session: Session
  readonly log: LogWriter
  readonly random: Random
  /** Null for copied lines: the original counts. */
  readonly book: TruthBook | null
  /** Responses written by this transcript. */
  responses = 0
  /** Tokens the next request finds in the cache. */
  cachedTokens = 0
  timestamp = ''
  uuid = ''
  readonly #envelope: string
  readonly #copyMark: string
  #timeMs: number
  #parentUuid = 'null'

  constructor(session: Session, log: LogWriter, random: Random, book: TruthBook | null) {
    this.session = session
    this.log = log
    this.random = random
    this.book = book
    this.#timeMs = session.startMs
    this.#envelope = envelopeOf(session)
    this.#copyMark = session.copyOf === null || session.release.hasRequestSession ? '' : session.copyOf
  }

  get timeMs(): number {
    return this.#timeMs
  }

  /** Multiplies all lengths of made-up text. */
  get textScale(): number {
    return this.session.isCompact ? COMPACT_TEXT_SCALE : 1
  }

  /** Made-up text of about `medianBytes`, sometimes far longer. */
  text(medianBytes: number, sigma: number): void {
    this.log.filler(Math.min(this.random.logNormal(medianBytes, sigma), 200_000) * this.textScale, this.random)
  }

  /** Lets time pass: `medianSeconds`, sometimes far longer. */
  pass(medianSeconds: number): void {
    this.#timeMs = Math.min(
      this.session.endMs,
      this.#timeMs + Math.round(this.random.logNormal(medianSeconds, 1) * 1000),
    )
  }

  /** Starts a line of the conversation; `finish` ends it. What stands between is the line's own. */
  begin(): void {
    const { session, log } = this
    this.timestamp = new Date(this.#timeMs).toISOString()
    this.uuid = this.random.uuid()
    const { envelope } = session.release
    const agent = session.agentId !== null && envelope === 'last' ? `"agentId":"${session.agentId}",` : ''
    log.ascii(`{"parentUuid":${this.#parentUuid},"isSidechain":${session.agentId !== null},${agent}`)
    if (envelope === 'first') log.ascii(`${this.#envelope},`)
  }

  finish(hasUsage = false): void {
    const { log } = this
    log.ascii(`,"uuid":"${this.uuid}","timestamp":"${this.timestamp}"`)
    if (this.session.release.envelope === 'last') log.ascii(`,${this.#envelope}`)
    if (this.#copyMark !== '') {
      log.ascii(`,"forkedFrom":{"sessionId":"${this.#copyMark}","messageUuid":"${this.uuid}"}`)
    }
    log.ascii('}')
    log.endLine(hasUsage)
    this.#parentUuid = `"${this.uuid}"`
  }
}

function envelopeOf({ id, cwd, branch, release, agentId }: Session): string {
  const place = `"cwd":"${cwd}","sessionId":"${id}","version":"${release.version}","gitBranch":"${branch}"`
  if (release.envelope === 'last') return `"userType":"external","entrypoint":"cli",${place}`
  return `"userType":"external",${place}${agentId === null ? '' : `,"agentId":"${agentId}"`}`
}
