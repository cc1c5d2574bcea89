import type { FileCursor } from './cursor.ts'
import type { FileSystem } from './file-system.ts'
import { type LineScanner, ScanOutput } from './format.ts'
import { LineWindow } from './line-window.ts'
import type { LogReading, Step } from './reading.ts'
import { Signature } from './signature.ts'

const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d
/** Cursors move on after this many bytes even where nothing is found. */
const FLUSH_BYTES = 8 * 1024 * 1024

export interface PlainJob {
  readonly fs: FileSystem
  readonly fd: number
  /** Memory to read into. */
  readonly block: Buffer
  readonly size: number
  readonly stamp: string
  /** Where to resume; null for the start. */
  readonly cursor: FileCursor | null
  readonly lineLimitBytes: number
  /** True when the file was still for the quiet time: a last line without a line feed may be taken. */
  readonly isQuiet: boolean
  readonly open: (state: string | null) => LineScanner
}

/** Reads a log from its cursor to its end, or from the start when the cursor does not fit what is there. */
export function* readPlain(job: PlainJob): LogReading {
  const reader = new PlainReader(job)
  while (reader.advance()) yield reader.isFlushDue ? reader.flush() : null
  const isUnsettled = reader.takeEnd()
  if (reader.hasNews || !isUnsettled) yield reader.flush()
  return { isUnsettled }
}

class PlainReader {
  readonly #job: PlainJob
  readonly #signature: Signature
  readonly #window: LineWindow
  readonly #scanner: LineScanner
  #mark: FileCursor['mark']
  #out = new ScanOutput()
  #flushedAt: number

  constructor(job: PlainJob) {
    const { fs, fd, size, cursor } = job
    const verified = cursor !== null && cursor.offset <= size ? Signature.verify(fs, fd, cursor) : null
    this.#job = job
    this.#signature = verified ?? new Signature()
    this.#flushedAt = this.#signature.offset
    this.#window = new LineWindow({ ...job, offset: this.#signature.offset })
    this.#scanner = job.open(verified === null ? null : (cursor?.state ?? null))
    this.#mark = verified !== null && cursor?.mark === 'oversize' ? 'oversize' : ''
    if (this.#mark === '') this.#passLateLineFeed()
  }

  /** Consumes some of what follows; false at the end. */
  advance(): boolean {
    if (this.#mark === 'oversize') return this.#skipLinePart()
    const found = this.#window.find()
    if (found.kind === 'lines') {
      const { block, start, end } = found
      this.#consume(block.subarray(start, this.#scanner.scan(block, start, end, this.#out)))
    } else if (found.kind === 'oversize') {
      this.#out.reject('oversize')
      this.#out.lines++
      this.#mark = 'oversize'
    }
    return found.kind !== 'end'
  }

  get hasNews(): boolean {
    return this.#signature.offset > this.#flushedAt || this.#out.lines > 0
  }

  get isFlushDue(): boolean {
    return this.#out.isFull || this.#signature.offset - this.#flushedAt >= FLUSH_BYTES
  }

  flush(): Step {
    const { offset, head, tail } = this.#signature
    const state = offset === 0 ? null : this.#scanner.state()
    const cursor = { stamp: this.#job.stamp, offset, head, tail, state, mark: this.#mark }
    const step = { out: this.#out, bytes: offset - this.#flushedAt, cursor }
    this.#out = new ScanOutput()
    this.#flushedAt = offset
    return step
  }

  /** Decides about a last line without a line feed. True when it is too early to decide. */
  takeEnd(): boolean {
    if (this.#mark === 'oversize' || this.#signature.offset >= this.#job.size) return false
    if (!this.#job.isQuiet) return true
    const rest = this.#window.rest()
    if (rest !== null && isJson(rest)) {
      this.#scanner.scan(rest, 0, rest.length, this.#out)
      this.#consume(rest)
    } else {
      this.#mark = 'torn'
    }
    return false
  }

  #consume(bytes: Buffer): void {
    this.#signature.add(bytes)
    this.#window.advance(bytes.length)
  }

  #skipLinePart(): boolean {
    const part = this.#window.peekLinePart()
    if (part === null) return false
    if (part.endsLine) this.#mark = ''
    this.#consume(part.block.subarray(part.start, part.end))
    return true
  }

  /** A last line that was taken without its line feed may have got it since: no line of its own. */
  #passLateLineFeed(): void {
    const { lastByte } = this.#signature
    const part = lastByte === null || lastByte === LINE_FEED ? null : this.#window.peekLinePart()
    if (part === null) return
    const at = part.block[part.start] === CARRIAGE_RETURN ? part.start + 1 : part.start
    if (at + 1 === part.end && part.endsLine) this.#consume(part.block.subarray(part.start, part.end))
  }
}

function isJson(line: Buffer): boolean {
  try {
    // A crash can leave NULs in front of a line, and some editors put a byte order mark at the start of a file.
    JSON.parse(line.toString('utf8').replace(/^\0*\uFEFF?/, ''))
    return true
  } catch {
    return false
  }
}
