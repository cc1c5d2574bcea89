import fs from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { FileCursor } from '../../../src/sources/files/cursor.ts'
import type { LineScanner } from '../../../src/sources/files/format.ts'
import { readPlain } from '../../../src/sources/files/read-plain.ts'
import { tempFolder } from '../../support/temp.ts'

/** Remembers the lines it was shown; its state is their number. */
function rememberingScanner(seen: string[], state: string | null): LineScanner {
  let count = Number(state ?? 0)
  return {
    state: () => String(count),
    scan(block, start, end, out) {
      for (const line of block.toString('latin1', start, end).match(/[^\n]*\n?/g) ?? []) {
        if (line === '') continue
        seen.push(line)
        count++
        out.lines++
      }
      return end
    },
  }
}

/** Reads a file as it is now; returns where it ended. */
function read(file: string, blockBytes: number, lineLimitBytes: number, cursor: FileCursor | null, seen: string[]) {
  const fd = fs.openSync(file, 'r')
  let oversize = 0
  let last = cursor
  const reading = readPlain({
    fs,
    fd,
    block: Buffer.alloc(blockBytes),
    size: fs.fstatSync(fd).size,
    stamp: '',
    cursor,
    lineLimitBytes,
    isQuiet: false,
    open: (state) => rememberingScanner(seen, state),
  })
  for (const step of reading) {
    last = step?.cursor ?? last
    oversize += step?.out.rejected.oversize ?? 0
  }
  fs.closeSync(fd)
  return { cursor: last, oversize }
}

it('shows each line within the limit once and in order, whatever the block size and wherever the file ends at a look', () => {
  const file = path.join(tempFolder(), 'a.jsonl')
  const text = fc
    .array(fc.nat(60), { maxLength: 12 })
    .map((lengths) => lengths.map((length, n) => `${String.fromCharCode(97 + n).repeat(length)}\n`).join(''))
  fc.assert(
    fc.property(
      text,
      fc.array(fc.nat(400), { maxLength: 5 }),
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: 1, max: 70 }),
      (content, ends, blockBytes, limit) => {
        const seen: string[] = []
        let cursor: FileCursor | null = null
        let oversize = 0
        for (const end of [...ends, content.length].filter((at) => at <= content.length).sort((a, b) => a - b)) {
          fs.writeFileSync(file, content.slice(0, end))
          const result = read(file, blockBytes, limit, cursor, seen)
          cursor = result.cursor
          oversize += result.oversize
        }
        const all = content.match(/[^\n]*\n/g) ?? []
        const kept = all.filter((line) => line.length <= limit)
        expect(seen).toEqual(kept)
        expect(oversize).toBe(all.length - kept.length)
        expect(cursor?.offset ?? 0).toBe(content.length)
        expect(Number(cursor?.state ?? 0)).toBe(kept.length)
      },
    ),
    { numRuns: 500 },
  )
})
