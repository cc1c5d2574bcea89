import fs from 'node:fs'
import { describe, expect, it } from 'vitest'
import { idsOf, lines } from './line-format.ts'
import { CountingFs, LogFolder } from './log-folder.ts'

const MIB = 1024 * 1024

describe('long lines', () => {
  it('reads a line that is longer than a block, and what follows it', async () => {
    const folder = new LogFolder()
    const long = 'x'.repeat(5 * MIB)
    folder.write('a.jsonl', lines(1, long, 2))
    expect(await folder.readIds()).toEqual(['1', long, '2'])
    folder.append('a.jsonl', lines(3))
    expect(await folder.readIds()).toEqual(['3'])
  })

  it('waits for the end of a long line', async () => {
    const folder = new LogFolder()
    const long = 'x'.repeat(3 * MIB)
    folder.write('a.jsonl', `{"id":"${long}`)
    expect(await folder.read()).toEqual([])
    folder.append('a.jsonl', `"}\n${lines(2)}`)
    expect(await folder.readIds()).toEqual([long, '2'])
  })

  it('skips a line of 70 MiB, counts it once, reads what follows, and never holds it', async () => {
    const folder = new LogFolder()
    folder.write('a.jsonl', lines(1))
    const part = Buffer.alloc(7 * MIB, 'x')
    for (let n = 0; n < 10; n++) folder.append('a.jsonl', part)
    folder.append('a.jsonl', `\n${lines(2, 3)}`)
    const before = process.memoryUsage().arrayBuffers
    let most = before
    const watching: typeof fs.readSync = (...args: unknown[]) => {
      most = Math.max(most, process.memoryUsage().arrayBuffers)
      return Reflect.apply(fs.readSync, fs, args)
    }
    folder.restart({ fs: { ...fs, readSync: watching } })
    const batches = await folder.read()
    expect(idsOf(batches)).toEqual(['1', '2', '3'])
    expect(batches.reduce((sum, { tally }) => sum + (tally.rejected.oversize ?? 0), 0)).toBe(1)
    expect(most - before).toBeLessThan(4 * MIB)
  })

  it('does not search a skipped line again while it is still being written', async () => {
    const folder = new LogFolder({ tail: { lineLimitBytes: 2 * MIB } })
    folder.write('a.jsonl', lines(1))
    folder.append('a.jsonl', Buffer.alloc(9 * MIB, 'x'))
    const first = await folder.read()
    const counting = new CountingFs()
    folder.restart({ fs: counting.fs })
    folder.append('a.jsonl', `xx\n${lines(2)}`)
    const second = await folder.read()
    expect(idsOf([...first, ...second])).toEqual(['1', '2'])
    expect([...first, ...second].flatMap(({ tally }) => tally.rejected.oversize ?? [])).toEqual([1])
    expect(counting.bytes).toBeLessThan(4096)
  })

  it.each([
    { limit: 40, id: 'x'.repeat(30), taken: true },
    { limit: 39, id: 'x'.repeat(30), taken: false },
  ])('takes a line of 40 bytes with a limit of $limit: $taken', async ({ limit, id, taken }) => {
    const folder = new LogFolder({ tail: { lineLimitBytes: limit } })
    folder.write('a.jsonl', lines(1, id, 2))
    const batches = await folder.read()
    expect(lines(id)).toHaveLength(40)
    expect(idsOf(batches)).toEqual(taken ? ['1', id, '2'] : ['1', '2'])
    expect(batches[0]?.tally).toMatchObject({ lines: 3, rejected: taken ? {} : { oversize: 1 } })
  })
})
