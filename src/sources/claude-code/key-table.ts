import { equalBytes } from './bytes.ts'

interface Key {
  readonly bytes: Buffer
  readonly code: number
}

/** Finds the code of an object key from its bytes, without decoding them. */
export class KeyTable {
  readonly #byLength: (readonly Key[])[] = []

  constructor(codes: Readonly<Record<string, number>>) {
    for (const [name, code] of Object.entries(codes)) {
      const bytes = Buffer.from(name)
      this.#byLength[bytes.length] = [...(this.#byLength[bytes.length] ?? []), { bytes, code }]
    }
  }

  /** The code of the key that stands in `[start, end)`, or -1. */
  find(block: Buffer, start: number, end: number): number {
    const keys = this.#byLength[end - start]
    if (keys === undefined) return -1
    for (const { bytes, code } of keys) if (equalBytes(bytes, block, start)) return code
    return -1
  }
}
