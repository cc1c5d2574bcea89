import { readDollars } from '../lib/dollars.ts'
import { label } from '../lib/label.ts'
import { readTime } from '../lib/time.ts'
import { apiIdentity, isApiId } from './identity.ts'
import { END_OF_OBJECT, JsonCursor } from './json-cursor.ts'
import { KeyTable } from './key-table.ts'
import { type ResponseLine, SYNTHETIC_MODEL } from './line.ts'
import type { QuickReader } from './line-reader.ts'
import { folder } from './parse-origin.ts'
import { asIs, RecentText } from './recent-text.ts'
import { MessageWalker, type WalkedMessage } from './walk-message.ts'

const KEY = {
  type: 0,
  message: 1,
  uuid: 2,
  timestamp: 3,
  sessionId: 4,
  requestSessionId: 5,
  forkedFrom: 6,
  isSidechain: 7,
  agentId: 8,
  cwd: 9,
  gitBranch: 10,
  isApiErrorMessage: 11,
  costUSD: 12,
} as const
const KEYS = new KeyTable(KEY)
const FORK_KEYS = new KeyTable({ sessionId: 0 })

/**
 * Reads the assistant's line as Claude Code writes it straight from its bytes: what is not wanted, the content above
 * all, is passed over without being decoded. It gives what the parser would give, or leaves the line to the parser.
 */
export class LineWalker implements QuickReader {
  readonly #cursor = new JsonCursor()
  readonly #message = new MessageWalker()
  readonly #type = new RecentText(asIs)
  readonly #session = new RecentText(label)
  readonly #payer = new RecentText(label)
  readonly #origin = new RecentText(label)
  readonly #agent = new RecentText(label)
  readonly #folder = new RecentText(folder)
  readonly #branch = new RecentText(label)
  readonly #text = { read: decode }

  /** Reads the line in `[start, end)` without its line end. */
  walk(block: Buffer, start: number, end: number, fileSession: string): ResponseLine | 'user' | null {
    const cursor = this.#cursor
    cursor.start(block, start, end)
    if (!cursor.enterObject()) return null
    let type = ''
    let message: WalkedMessage | null = null
    let uuid = ''
    let timestamp = ''
    let session = ''
    let paidBy = ''
    let forkedFrom: string | null = null
    let isSidechain = false
    let agentId = ''
    let cwd = ''
    let branch = ''
    let costUsd: number | null = null
    for (let key = cursor.nextKey(KEYS); key !== END_OF_OBJECT; key = cursor.nextKey(KEYS)) {
      switch (key) {
        case KEY.type:
          type = cursor.text(this.#type)
          break
        case KEY.message:
          message = this.#message.walk(cursor)
          break
        case KEY.uuid:
          uuid = cursor.text(this.#text)
          break
        case KEY.timestamp:
          timestamp = cursor.text(this.#text)
          break
        case KEY.sessionId:
          session = cursor.text(this.#session)
          break
        case KEY.requestSessionId:
          paidBy = cursor.text(this.#payer)
          break
        case KEY.forkedFrom:
          forkedFrom = this.#walkFork(cursor)
          break
        case KEY.isSidechain:
          isSidechain = cursor.flag()
          break
        case KEY.agentId:
          agentId = cursor.text(this.#agent)
          break
        case KEY.cwd:
          cwd = cursor.text(this.#folder)
          break
        case KEY.gitBranch:
          branch = cursor.text(this.#branch)
          break
        case KEY.isApiErrorMessage:
          if (cursor.flag()) cursor.fail()
          break
        case KEY.costUSD:
          costUsd = cursor.number()
          break
        default:
          cursor.skip()
      }
    }
    if (cursor.failed || !cursor.isAtEnd) return null
    if (type === 'user') return type
    if (type !== 'assistant' || message === null || message.usage === null) return null
    const { id, model, isFinal, usage } = message
    if (!isApiId(id) || model === SYNTHETIC_MODEL) return null
    const { tokens, webSearches } = usage
    const counts = { bad: false }
    const times = { bad: false }
    return {
      kind: 'response',
      identity: apiIdentity(id),
      isEcho: false,
      isFinal,
      isApiError: false,
      usage: {
        parts: [{ model, tokens, webSearches }],
        isReconciled: true,
        output: tokens.output,
        total: tokens.input + tokens.cacheWrite5m + tokens.cacheWrite1h + tokens.cacheRead + tokens.output,
        reasoning: usage.reasoning,
        terms: usage.terms,
      },
      costPico: readDollars(costUsd, counts),
      origin: {
        uuid: label(uuid),
        timestamp: label(timestamp),
        time: readTime(timestamp, times),
        session: paidBy || forkedFrom || session || fileSession,
        paidBy,
        isFork: forkedFrom !== null,
        isSidechain,
        agentId,
        cwd,
        branch,
      },
      badValue: counts.bad,
      badTime: times.bad,
    }
  }

  /** The session that a branch was made from; null where the line is no copy. */
  #walkFork(cursor: JsonCursor): string | null {
    if (!cursor.enterObject()) return null
    let session = ''
    for (let key = cursor.nextKey(FORK_KEYS); key !== END_OF_OBJECT; key = cursor.nextKey(FORK_KEYS)) {
      if (key === 0) session = cursor.text(this.#origin)
      else cursor.skip()
    }
    return session
  }
}

function decode(block: Buffer, start: number, end: number): string {
  return block.toString('utf8', start, end)
}
