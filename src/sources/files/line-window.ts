import type { FileSystem } from './file-system.ts'
import { readFully } from './read-fully.ts'

const LINE_FEED = 0x0a

/** Bytes in memory: `block[start, end)`. Valid until the window is used again. */
export interface Span {
  readonly block: Buffer
  readonly start: number
  readonly end: number
}

/** What is at the offset: whole lines, a line beyond the limit, or no line feed before the end of the file. */
export type Found = ({ readonly kind: 'lines' } & Span) | { readonly kind: 'oversize' } | { readonly kind: 'end' }

export interface LineWindowOptions {
  readonly fs: FileSystem
  readonly fd: number
  /** Memory to read into. */
  readonly block: Buffer
  readonly offset: number
  /** Where reading ends, even if the file has grown since. */
  readonly size: number
  readonly lineLimitBytes: number
}

/**
 * Shows a file as blocks of whole lines. Lines that do not fit into the block get memory of their own, as much as they
 * need and only while they are looked at; lines beyond the limit are never held.
 */
export class LineWindow {
  readonly #fs: FileSystem
  readonly #fd: number
  readonly #block: Buffer
  readonly #lineLimitBytes: number
  #size: number
  /** What the block holds is `[#start, #end)`; `#position` is where in the file that ends. */
  #start = 0
  #end = 0
  #position: number

  constructor({ fs, fd, block, offset, size, lineLimitBytes }: LineWindowOptions) {
    this.#fs = fs
    this.#fd = fd
    this.#block = block.subarray(0, Math.min(block.length, lineLimitBytes))
    this.#lineLimitBytes = lineLimitBytes
    this.#size = size
    this.#position = offset
  }

  get offset(): number {
    return this.#position - (this.#end - this.#start)
  }

  find(): Found {
    for (;;) {
      const feed = this.#end > this.#start ? this.#block.lastIndexOf(LINE_FEED, this.#end - 1) : -1
      if (feed >= this.#start) return { kind: 'lines', block: this.#block, start: this.#start, end: feed + 1 }
      if (this.#end - this.#start === this.#block.length) return this.#findLongLine()
      if (!this.#load()) return { kind: 'end' }
    }
  }

  /** Moves the offset on over bytes that were consumed. */
  advance(bytes: number): void {
    if (bytes <= this.#end - this.#start) this.#start += bytes
    else this.#jump(this.offset + bytes)
  }

  /** The next bytes, up to and including the first line feed; null at the end of the file. */
  peekLinePart(): (Span & { readonly endsLine: boolean }) | null {
    if (this.#start === this.#end && !this.#load()) return null
    const pending = this.#block.subarray(this.#start, this.#end)
    const feed = pending.indexOf(LINE_FEED)
    const end = feed === -1 ? this.#end : this.#start + feed + 1
    return { block: this.#block, start: this.#start, end, endsLine: feed !== -1 }
  }

  /** All that is left, after `find` came to the end: a last line without its line feed. Null when there is nothing. */
  rest(): Buffer | null {
    const bytes = Buffer.allocUnsafeSlow(Math.max(0, this.#size - this.offset))
    return bytes.length > 0 && readFully(this.#fs, this.#fd, bytes, this.offset) ? bytes : null
  }

  /** Adds bytes of the file to the block. False when there are no more. */
  #load(): boolean {
    if (this.#position >= this.#size) return false
    this.#block.copyWithin(0, this.#start, this.#end)
    this.#end -= this.#start
    this.#start = 0
    const count = this.#readBlock(this.#end, this.#position)
    this.#end += count
    this.#position += count
    return count > 0
  }

  #findLongLine(): Found {
    const offset = this.offset
    const end = this.#findLineEnd(this.#position, offset + this.#lineLimitBytes)
    this.#jump(offset)
    if (end === 'end') return { kind: 'end' }
    if (end === 'limit' || end - offset > this.#lineLimitBytes) return { kind: 'oversize' }
    const line = Buffer.allocUnsafeSlow(end - offset)
    if (!readFully(this.#fs, this.#fd, line, offset)) return { kind: 'end' }
    return { kind: 'lines', block: line, start: 0, end: line.length }
  }

  /** Searches without keeping what it reads, so that the length of a line is known before memory is spent on it. */
  #findLineEnd(from: number, limit: number): number | 'limit' | 'end' {
    for (let position = from; position < limit; ) {
      const count = this.#readBlock(0, position)
      if (count === 0) return 'end'
      const feed = this.#block.subarray(0, count).indexOf(LINE_FEED)
      if (feed !== -1) return position + feed + 1
      position += count
    }
    return 'limit'
  }

  #readBlock(at: number, position: number): number {
    const wanted = Math.min(this.#block.length - at, this.#size - position)
    const count = wanted > 0 ? this.#fs.readSync(this.#fd, this.#block, at, wanted, position) : 0
    // A file that ends earlier than it said has been cut meanwhile.
    if (count === 0) this.#size = Math.min(this.#size, position)
    return count
  }

  #jump(offset: number): void {
    this.#start = 0
    this.#end = 0
    this.#position = offset
  }
}
