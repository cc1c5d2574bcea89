const LINE_FEED = 0x0a

/** Puts lines together from pieces of a stream. Lines beyond the limit are dropped without being held. */
export class LineAssembler {
  readonly #limitBytes: number
  #parts: Buffer[] = []
  #heldBytes = 0
  #isSkipping = false
  #oversize = 0

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes
  }

  /** Blocks of whole lines that end within these bytes. */
  *push(bytes: Buffer): Generator<Buffer> {
    // No piece is longer than the limit, so a line that is shows by what is held of it already.
    for (let at = 0; at < bytes.length; at += this.#limitBytes) {
      const lines = this.#pushPiece(bytes.subarray(at, at + this.#limitBytes))
      if (lines.length > 0) yield lines
    }
  }

  /** What is left without a line feed; empty when there is nothing. */
  rest(): Buffer {
    return this.#take()
  }

  /** Lines that were dropped since this was last asked. */
  takeOversize(): number {
    const count = this.#oversize
    this.#oversize = 0
    return count
  }

  #pushPiece(piece: Buffer): Buffer {
    const first = piece.indexOf(LINE_FEED)
    if (first === -1) {
      this.#hold(piece)
      return Buffer.alloc(0)
    }
    this.#hold(piece.subarray(0, first + 1))
    const line = this.#take()
    const end = piece.lastIndexOf(LINE_FEED) + 1
    const others = piece.subarray(first + 1, end)
    this.#hold(piece.subarray(end))
    return line.length === 0 ? others : others.length === 0 ? line : Buffer.concat([line, others])
  }

  #hold(bytes: Buffer): void {
    if (this.#isSkipping || bytes.length === 0) return
    this.#parts.push(bytes)
    this.#heldBytes += bytes.length
    if (this.#heldBytes <= this.#limitBytes) return
    this.#oversize++
    this.#reset()
    this.#isSkipping = true
  }

  #take(): Buffer {
    const line = Buffer.concat(this.#parts)
    this.#reset()
    return line
  }

  #reset(): void {
    this.#parts = []
    this.#heldBytes = 0
    this.#isSkipping = false
  }
}
