import type { ParsedLine, ResponseLine } from './line.ts'
import { endsWhole, startsWhole } from './line-bounds.ts'
import { LineKindReader } from './line-kind.ts'
import { parseLine } from './parse-line.ts'
import { SearchCountFinder } from './search-count.ts'

/** Far above any answer of a model; parsing more than this at once would need many times the memory. */
const PARSE_LIMIT_BYTES = 8 * 1024 * 1024
const USAGE_KEY = Buffer.from('"usage"')
const QUEUED = Buffer.from('"queued_command"')
/** The kind of an attachment is one of its first words. */
const ATTACHMENT_HEAD_BYTES = 1024

/** Reads a line without parsing it, or gives null to have it parsed; `user` for a line of that type. */
export interface ResponseReader {
  read(block: Buffer, view: DataView, start: number, end: number, fileSession: string): ResponseLine | 'user' | null
}

/**
 * Reads lines from bytes with as little effort as their kind allows. Lines that cannot matter are only looked at from
 * both ends, so a damaged one among them counts as malformed only if it was torn.
 */
export class LineReader {
  /** Whether a human may have written the line that was read last; of no meaning where it holds something else. */
  mayBeTurn = false
  readonly #quick: ResponseReader
  readonly #kinds = new LineKindReader()
  readonly #searches = new SearchCountFinder()
  #view: DataView = new DataView(new ArrayBuffer(0))

  constructor(quick: ResponseReader) {
    this.#quick = quick
  }

  /** To be called before the lines of a block, which are then read in their order. */
  start(block: Buffer): void {
    this.#view = new DataView(block.buffer, block.byteOffset, block.length)
    this.#searches.start(block)
    this.#kinds.start(block)
  }

  /** Reads the line in `[start, end)`, which is not blank and has no blanks around it. */
  read(block: Buffer, start: number, end: number, fileSession: string): ParsedLine | 'oversize' {
    const kind = this.#kinds.read(start, end)
    this.mayBeTurn = kind === 'user' || kind === 'response'
    switch (kind) {
      case 'attachment':
        this.mayBeTurn = block.subarray(start, Math.min(end, start + ATTACHMENT_HEAD_BYTES)).includes(QUEUED)
        return pass(block, end)
      case 'other':
        return pass(block, end)
      case 'user':
        return this.#readUser(block, start, end, fileSession)
      case 'progress':
        // Most progress is that of hooks and shell commands.
        return block.subarray(start, end).includes(USAGE_KEY) ? parse(block, start, end, fileSession) : pass(block, end)
      case 'cost-state':
        return parse(block, start, end, fileSession)
      case 'response': {
        const line = this.#quick.read(block, this.#view, start, end, fileSession)
        if (line === 'user') return this.#readUser(block, start, end, fileSession)
        return line ?? parse(block, start, end, fileSession)
      }
    }
  }

  #readUser(block: Buffer, start: number, end: number, fileSession: string): ParsedLine | 'oversize' {
    return this.#searches.isIn(start, end) ? parse(block, start, end, fileSession) : pass(block, end)
  }
}

function pass(block: Buffer, end: number): ParsedLine {
  return endsWhole(block, end) ? 'nothing' : 'malformed'
}

function parse(block: Buffer, start: number, end: number, fileSession: string): ParsedLine | 'oversize' {
  // A failed JSON.parse costs more than a hundred that succeed.
  if (!startsWhole(block, start) || !endsWhole(block, end)) return 'malformed'
  return end - start > PARSE_LIMIT_BYTES ? 'oversize' : parseLine(block.toString('utf8', start, end), fileSession)
}
