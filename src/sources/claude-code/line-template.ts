import { equalViews, viewOf } from './bytes.ts'
import type { LineFields, TextReader } from './line-fields.ts'
import { countOf, skipPlainCount, skipPlainText } from './plain-json.ts'
import { skipValue } from './skip-json.ts'

const QUOTE = 0x22

/** A place where lines of the same shape differ: `[start, end)` of the block it was found in. */
export interface Hole {
  readonly kind: 'text' | 'count' | 'value'
  /** The field it goes to; of no meaning for a value that is not wanted. */
  readonly slot: number
  readonly start: number
  readonly end: number
}

/**
 * The bytes of a line that was read, with holes. Claude Code writes the members of a line in the same order every time,
 * so most lines equal the one before but for a few ids, counts and the content. Such a line means what the other meant,
 * with what stands in the holes: comparing is several times faster than reading.
 */
export class LineTemplate<Meaning> {
  readonly meaning: Meaning
  readonly #fields: LineFields
  readonly #readers: readonly TextReader[]
  readonly #holes: readonly Hole[]
  readonly #view: DataView
  /** Where each piece between two holes ends. */
  readonly #ends: Int32Array

  /** Keeps a copy of `[start, end)`. What stands in the holes of a matching line goes to `fields`. */
  constructor(
    meaning: Meaning,
    fields: LineFields,
    readers: readonly TextReader[],
    block: Buffer,
    start: number,
    end: number,
    holes: readonly Hole[],
  ) {
    this.meaning = meaning
    this.#fields = fields
    this.#readers = readers
    this.#holes = holes
    const pieces: Buffer[] = []
    this.#ends = new Int32Array(holes.length + 1)
    let length = 0
    let from = start
    for (let index = 0; index <= holes.length; index++) {
      const to = holes[index]?.start ?? end
      pieces.push(block.subarray(from, to))
      length += to - from
      this.#ends[index] = length
      from = holes[index]?.end ?? end
    }
    this.#view = viewOf(Buffer.concat(pieces, length))
  }

  get lengthBytes(): number {
    return this.#view.byteLength
  }

  /** The position behind the part of the line in `[start, end)` that matches the template, or -1. */
  match(block: Buffer, view: DataView, start: number, end: number): number {
    const holes = this.#holes
    let at = start
    let from = 0
    for (let index = 0; index <= holes.length; index++) {
      const to = this.#ends[index] ?? 0
      if (at + to - from > end || !equalViews(this.#view, from, to, view, at)) return -1
      at += to - from
      from = to
      const hole = holes[index]
      if (hole === undefined) return at
      at = this.#fill(hole, block, view, at, end)
      if (at === -1) return -1
    }
    return -1
  }

  #fill({ kind, slot }: Hole, block: Buffer, view: DataView, at: number, end: number): number {
    switch (kind) {
      case 'text': {
        const reader = this.#readers[slot]
        const same = reader?.skipSame(view, at, end) ?? -1
        const next = same === -1 ? skipPlainText(block, at, end) : same
        if (reader === undefined || next === -1) return -1
        this.#fields.texts[slot] =
          same !== -1 ? reader.text : block[at] === QUOTE ? reader.read(block, at + 1, next - 1) : ''
        return next
      }
      case 'count': {
        const next = skipPlainCount(block, at, end)
        if (next !== -1) this.#fields.counts[slot] = countOf(block, at, next)
        return next
      }
      case 'value':
        return skipValue(block, at, end)
    }
  }
}
