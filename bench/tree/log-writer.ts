import { closeSync, openSync, writeSync } from 'node:fs'
import { CELL_BYTES, type Filler } from './filler.ts'
import type { Random } from './random.ts'

const BUFFER_BYTES = 8 * 1024 * 1024
/** Room for any piece of a line that is not filler. */
const MARGIN_BYTES = 64 * 1024

/** What was written, for the truth file. */
export interface WrittenLines {
  lines: number
  bytes: number
  usageLines: number
  usageBytes: number
  longestLineBytes: number
}

/** Writes log files one after the other through one buffer. */
export class LogWriter {
  readonly written: WrittenLines = { lines: 0, bytes: 0, usageLines: 0, usageBytes: 0, longestLineBytes: 0 }
  readonly #filler: Filler
  readonly #buffer = Buffer.alloc(BUFFER_BYTES)
  #used = 0
  #file = -1
  #fileBytes = 0
  #lineBytes = 0

  constructor(filler: Filler) {
    this.#filler = filler
  }

  /** Bytes of whole lines written to the open file. */
  get fileBytes(): number {
    return this.#fileBytes
  }

  open(path: string): void {
    this.#file = openSync(path, 'w', 0o600)
    this.#fileBytes = 0
  }

  close(): void {
    this.#flush()
    closeSync(this.#file)
  }

  /** Adds text to the line. Nothing but ASCII: it is written byte by character. */
  ascii(text: string): void {
    if (text.length > MARGIN_BYTES) throw new RangeError('text longer than the margin of the buffer')
    if (this.#used + text.length > BUFFER_BYTES) this.#flush()
    this.#used += this.#buffer.write(text, this.#used, 'latin1')
    this.#lineBytes += text.length
  }

  /** Adds about `bytes` of made-up text to the line. */
  filler(bytes: number, random: Random): void {
    this.#copy(this.#filler.text, Math.max(1, Math.round(bytes / CELL_BYTES)) * CELL_BYTES, random)
  }

  /** Adds `bytes` of letters and digits: pictures, signatures, hashes. */
  base64(bytes: number, random: Random): void {
    this.#copy(this.#filler.base64, Math.max(4, Math.round(bytes / 4) * 4), random)
  }

  endLine(hasUsage = false): void {
    this.ascii('\n')
    const { written } = this
    written.lines++
    written.bytes += this.#lineBytes
    if (hasUsage) {
      written.usageLines++
      written.usageBytes += this.#lineBytes
    }
    written.longestLineBytes = Math.max(written.longestLineBytes, this.#lineBytes)
    this.#fileBytes += this.#lineBytes
    this.#lineBytes = 0
  }

  #copy(pool: Buffer, bytes: number, random: Random): void {
    for (let rest = bytes; rest > 0; ) {
      const start = random.below(pool.length / CELL_BYTES) * CELL_BYTES
      const length = Math.min(rest, pool.length - start)
      if (this.#used + length > BUFFER_BYTES) this.#flush()
      pool.copy(this.#buffer, this.#used, start, start + length)
      this.#used += length
      rest -= length
    }
    this.#lineBytes += bytes
  }

  #flush(): void {
    for (let start = 0; start < this.#used; ) start += writeSync(this.#file, this.#buffer, start, this.#used - start)
    this.#used = 0
  }
}
