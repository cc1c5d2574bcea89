import { readDollars } from '../lib/dollars.ts'
import { label } from '../lib/label.ts'
import { readTime } from '../lib/time.ts'
import { divideCacheWrites } from './cache-writes.ts'
import { apiIdentity, isApiId } from './identity.ts'
import { JsonCursor } from './json-cursor.ts'
import { type LineOrigin, type ResponseLine, SYNTHETIC_MODEL } from './line.ts'
import { COUNT, LineFields, TEXT, textReaders } from './line-fields.ts'
import { LineTemplate } from './line-template.ts'
import { TemplateCache } from './template-cache.ts'
import { serviceTerms } from './terms.ts'
import { isWholeResponse } from './walk-iterations.ts'
import { walkLine } from './walk-line.ts'

/**
 * Reads the assistant's lines as Claude Code writes them straight from their bytes. It gives what the parser would give,
 * or leaves the line to the parser.
 */
export class QuickReader {
  readonly #readers = textReaders()
  readonly #cursor = new JsonCursor(this.#readers)
  readonly #templates = new TemplateCache<LineFields>()

  /** Reads the line in `[start, end)`; `user` for a line of that type, null where it takes the parser. */
  read(block: Buffer, view: DataView, start: number, end: number, fileSession: string): ResponseLine | 'user' | null {
    const fields = this.#templates.find(block, view, start, end, true) ?? this.#readFields(block, start, end)
    return fields === null ? null : toResponse(fields, fileSession)
  }

  #readFields(block: Buffer, start: number, end: number): LineFields | null {
    const cursor = this.#cursor
    const fields = new LineFields()
    cursor.start(block, start, end, fields)
    walkLine(cursor, fields)
    if (cursor.failed || cursor.position !== end) return null
    const isRepeatable = fields.costUsd === null && fields.hasUsage
    if (isRepeatable) {
      this.#templates.add(new LineTemplate(fields, fields, this.#readers, block, start, end, cursor.holes))
    }
    return fields
  }
}

function toResponse(fields: LineFields, fileSession: string): ResponseLine | 'user' | null {
  const { texts, counts } = fields
  const type = texts[TEXT.type]
  const id = texts[TEXT.id] ?? ''
  const model = texts[TEXT.model] || 'unknown'
  if (type === 'user') return type
  if (type !== 'assistant' || !fields.hasUsage || model === SYNTHETIC_MODEL || !isApiId(id)) return null
  const writes = divideCacheWrites(
    counts[COUNT.cacheWrite] ?? 0,
    counts[COUNT.fiveMinutes] ?? 0,
    counts[COUNT.oneHour] ?? 0,
  )
  const tokens = {
    input: counts[COUNT.input] ?? 0,
    cacheWrite5m: writes.fiveMinutes,
    cacheWrite1h: writes.oneHour,
    cacheRead: counts[COUNT.cacheRead] ?? 0,
    output: counts[COUNT.output] ?? 0,
  }
  if (fields.hasIteration && !isWholeResponse(fields, tokens)) return null
  const check = { bad: false }
  const times = { bad: false }
  return {
    kind: 'response',
    identity: apiIdentity(id),
    isEcho: false,
    isFinal: texts[TEXT.stopReason] !== '',
    isApiError: false,
    usage: {
      parts: [{ model, tokens, webSearches: counts[COUNT.webSearches] ?? 0 }],
      isReconciled: true,
      output: tokens.output,
      total: tokens.input + tokens.cacheWrite5m + tokens.cacheWrite1h + tokens.cacheRead + tokens.output,
      reasoning: counts[COUNT.reasoning] ?? 0,
      terms: serviceTerms(texts[TEXT.speed], texts[TEXT.geography], texts[TEXT.tier]),
    },
    costPico: readDollars(fields.costUsd, check),
    origin: toOrigin(fields, fileSession, times),
    badValue: check.bad,
    badTime: times.bad,
  }
}

function toOrigin(
  { texts, isFork, isSidechain }: LineFields,
  fileSession: string,
  times: { bad: boolean },
): LineOrigin {
  const timestamp = texts[TEXT.timestamp] ?? ''
  const paidBy = texts[TEXT.payer] ?? ''
  return {
    uuid: texts[TEXT.uuid] ?? '',
    timestamp: label(timestamp),
    time: readTime(timestamp, times),
    session: paidBy || texts[TEXT.forkSession] || texts[TEXT.session] || fileSession,
    paidBy,
    isFork,
    isSidechain,
    agentId: texts[TEXT.agentId] ?? '',
    cwd: texts[TEXT.cwd] ?? '',
    branch: texts[TEXT.branch] ?? '',
  }
}
