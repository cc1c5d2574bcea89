import { createHash } from 'node:crypto'
import type { FileCursor } from './cursor.ts'
import type { FileSystem } from './file-system.ts'
import { readFully } from './read-fully.ts'

/** Enough to reach beyond the first line's common beginning to its ids and times. */
const HEAD_BYTES = 1024
const TAIL_BYTES = 512
/** 48 bits: told apart are the contents of one file over time, not files from each other. */
const HASH_CHARS = 8

/**
 * The first and the last bytes before a cursor. Files are cut and rewritten in place, and grow beyond their old size
 * before anyone looks: only content tells that what was read is still what stands there. The bytes are kept as they were
 * consumed, never read again: the file may have changed in between.
 */
export class Signature {
  readonly #head = Buffer.allocUnsafe(HEAD_BYTES)
  readonly #tail = Buffer.allocUnsafe(TAIL_BYTES)
  #offset = 0
  #headHash: string | null = null

  /** The signature at a cursor; null when the file does not have the bytes that the cursor was made from. */
  static verify(fs: FileSystem, fd: number, cursor: FileCursor): Signature | null {
    const signature = new Signature()
    signature.#offset = cursor.offset
    const isRead =
      readFully(fs, fd, signature.#headBytes, 0) &&
      readFully(fs, fd, signature.#tailBytes, cursor.offset - signature.#tailBytes.length)
    return isRead && signature.head === cursor.head && signature.tail === cursor.tail ? signature : null
  }

  get offset(): number {
    return this.#offset
  }

  get head(): string {
    this.#headHash ??= hash(this.#headBytes)
    return this.#headHash
  }

  get tail(): string {
    return hash(this.#tailBytes)
  }

  /** The last byte before the offset; null at the start. */
  get lastByte(): number | null {
    return this.#tailBytes.at(-1) ?? null
  }

  /** Moves on over bytes that were consumed. */
  add(bytes: Buffer): void {
    if (this.#offset < HEAD_BYTES) {
      bytes.copy(this.#head, this.#offset)
      this.#headHash = null
    }
    const kept = Math.max(0, Math.min(this.#tailBytes.length, TAIL_BYTES - bytes.length))
    this.#tail.copyWithin(0, this.#tailBytes.length - kept, this.#tailBytes.length)
    bytes.copy(this.#tail, kept, Math.max(0, bytes.length - TAIL_BYTES))
    this.#offset += bytes.length
  }

  get #headBytes(): Buffer {
    return this.#head.subarray(0, Math.min(this.#offset, HEAD_BYTES))
  }

  get #tailBytes(): Buffer {
    return this.#tail.subarray(0, Math.min(this.#offset, TAIL_BYTES))
  }
}

function hash(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('base64url').slice(0, HASH_CHARS)
}
