import type { FileCursor } from './cursor.ts'
import type { FileSystem } from './file-system.ts'
import { type LineScanner, ScanOutput } from './format.ts'
import { LineAssembler } from './line-assembler.ts'
import type { LogReading, Step } from './reading.ts'
import { decompressFile, UndecodableError } from './zstd-frames.ts'

/** No transcript is this long; a file that decompresses to more is damaged or malicious. */
const OUTPUT_LIMIT_BYTES = 1024 ** 3

export interface ZstdJob {
  readonly fs: FileSystem
  readonly fd: number
  readonly size: number
  readonly stamp: string
  readonly lineLimitBytes: number
  /** True when the file was still for the quiet time: what cannot be decoded now is not just half written. */
  readonly isQuiet: boolean
  readonly open: (state: string | null) => LineScanner
  readonly outputLimitBytes?: number
}

/** Reads a compressed log from start to end; such files are written once. The cursor only says whether that was done. */
export function* readZstd(job: ZstdJob): LogReading {
  const reader = new ZstdReader(job)
  const isComplete = yield* reader.readLines()
  const isUnsettled = !isComplete && !job.isQuiet
  if (!isUnsettled) yield reader.finish(isComplete)
  else if (reader.hasNews) yield reader.flush()
  return { isUnsettled }
}

class ZstdReader {
  readonly #job: ZstdJob
  readonly #scanner: LineScanner
  readonly #assembler: LineAssembler
  #position = 0
  #flushedAt = 0
  #out = new ScanOutput()

  constructor(job: ZstdJob) {
    this.#job = job
    this.#scanner = job.open(null)
    this.#assembler = new LineAssembler(job.lineLimitBytes)
  }

  /** Ends with false when the file cannot be decoded to its end. */
  *readLines(): Generator<Step | null, boolean> {
    const { fs, fd, size, outputLimitBytes = OUTPUT_LIMIT_BYTES } = this.#job
    let outputBytes = 0
    try {
      for (const { data, position } of decompressFile(fs, fd, size)) {
        this.#position = position
        for (const chunk of data) {
          outputBytes += chunk.length
          if (outputBytes > outputLimitBytes) return false
          yield* this.#scan(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length))
        }
        yield null
      }
    } catch (error) {
      if (error instanceof UndecodableError) return false
      throw error
    }
    yield* this.#scanLines(this.#assembler.rest())
    return true
  }

  get hasNews(): boolean {
    return this.#out.lines > 0
  }

  /** What was found so far; the cursor leads back to the start. */
  flush(): Step {
    return this.#step(this.#position, '', 0)
  }

  /** The last step, whose cursor says that there is nothing more to get out of the file as it is. */
  finish(isComplete: boolean): Step {
    if (!isComplete) this.#out.reject('undecodable')
    const { size, stamp } = this.#job
    return this.#step(size, stamp, size)
  }

  #step(position: number, stamp: string, offset: number): Step {
    const cursor: FileCursor = { stamp, offset, head: '', tail: '', state: null, mark: '' }
    const step = { out: this.#out, bytes: position - this.#flushedAt, cursor }
    this.#out = new ScanOutput()
    this.#flushedAt = position
    return step
  }

  *#scan(bytes: Buffer): Generator<Step | null> {
    for (const lines of this.#assembler.push(bytes)) yield* this.#scanLines(lines)
    const oversize = this.#assembler.takeOversize()
    if (oversize > 0) this.#out.reject('oversize', oversize)
    this.#out.lines += oversize
  }

  *#scanLines(lines: Buffer): Generator<Step | null> {
    for (let at = 0; at < lines.length; ) {
      at = this.#scanner.scan(lines, at, lines.length, this.#out)
      if (this.#out.isFull) yield this.flush()
    }
  }
}
