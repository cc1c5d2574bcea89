import { isDeepStrictEqual } from 'node:util'
import { describe, expect, it } from 'vitest'
import { LineReader } from '../../../src/sources/claude-code/line-reader.ts'
import { QuickReader } from '../../../src/sources/claude-code/quick-reader.ts'
import { Random } from './random.ts'
import { LineGenerator } from './random-lines.ts'
import { fileContext, parsingReader, scanBytes } from './support.ts'

const SEED = 20_260_504
/** A quarter of a minute on an idle machine. */
const TIMEOUT_MS = 240_000
const BLOCKS = 2_600
const LINES_PER_BLOCK = 40

describe('the quick reader', () => {
  it('agrees with the parser on more than 100,000 generated and damaged lines', { timeout: TIMEOUT_MS }, () => {
    const random = new Random(SEED)
    const generator = new LineGenerator(random)
    const quick = new CountingReader()
    // One reader for all blocks, so that what it remembers of earlier lines is put to the test too.
    const reader = new LineReader(quick)
    for (let index = 0; index < BLOCKS; index++) {
      const lines = Array.from({ length: LINES_PER_BLOCK }, () => generator.next())
      const block = Buffer.concat(lines.flatMap((line) => [line, Buffer.from(random.oneIn(9) ? '\r\n' : '\n')]))
      const context = fileContext('-src-shop/s-file.jsonl')
      const seen = scanBytes(block, context, reader)
      const expected = scanBytes(block, context, parsingReader())
      if (!isDeepStrictEqual(seen, expected)) {
        expect(seen, `block ${index} of seed ${SEED}`).toEqual(expected)
      }
    }
    // Otherwise nothing would have been compared.
    expect(quick.taken).toBeGreaterThan(20_000)
  })
})

class CountingReader extends QuickReader {
  taken = 0

  override read(...line: Parameters<QuickReader['read']>): ReturnType<QuickReader['read']> {
    const result = super.read(...line)
    if (result !== null) this.taken++
    return result
  }
}
