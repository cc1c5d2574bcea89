import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decompressZstd } from '../../../src/sources/lib/zstd.ts'
import { blockHeader, zstdFrame } from './zstd-frame.ts'

const LIMIT = 1024 * 1024

/** `zstd -19` of three equal lines, made with the reference program: compressed blocks and a checksum. */
const REAL = 'KLUv/QRojQEAgkIJEbC5GMRyXkJ2+xtKZKsn2IkBYI3fucdsB/wWZDsHqmb5TpR2FQIAqSxQo5vgCW+dJ/k='
const REAL_CONTENT = '{"type":"message","id":"a1","note":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}\n'.repeat(3)

describe('decompressZstd', () => {
  it('reads what the reference program writes', () => {
    expect(decompressZstd(Buffer.from(REAL, 'base64'), LIMIT)?.toString()).toBe(REAL_CONTENT)
  })

  it.each([0, 1, 255, 256, 128 * 1024, 300_000])('reads a frame of %i bytes', (size) => {
    const content = Buffer.alloc(size, 'abc')
    expect(decompressZstd(zstdFrame(content), LIMIT)?.equals(content)).toBe(true)
  })

  it('reads a frame that does not say how large it is', () => {
    expect(decompressZstd(zstdFrame('abc', { declaredBytes: null, windowLog: 10 }), LIMIT)?.toString()).toBe('abc')
  })

  it('does not allocate the window that a frame asks for', () => {
    const frame = zstdFrame('abc', { declaredBytes: null, windowLog: 40 })
    expect(decompressZstd(frame, 3)?.toString()).toBe('abc')
  })

  it('reads one frame after another and skips those with nothing to read', () => {
    const skippable = Buffer.from([0x53, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 1, 2])
    const data = Buffer.concat([zstdFrame('abc'), skippable, zstdFrame('def')])
    expect(decompressZstd(data, LIMIT)?.toString()).toBe('abcdef')
  })

  it('reads a part of a larger buffer', () => {
    const frame = zstdFrame('abc')
    const data = Buffer.concat([Buffer.from('xy'), frame]).subarray(2)
    expect(decompressZstd(data, LIMIT)?.toString()).toBe('abc')
  })

  const run = (times: number) =>
    Buffer.concat(
      Array.from({ length: times }, (_, n) =>
        Buffer.concat([blockHeader(1, 128 * 1024, n === times - 1), Buffer.from('a')]),
      ),
    )
  const runHead = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0x38])

  it('reads a repeated byte up to the limit', () => {
    expect(decompressZstd(Buffer.concat([runHead, run(8)]), LIMIT)?.length).toBe(LIMIT)
  })

  it.each([
    { when: 'something else', data: Buffer.from('{"type":"session"}') },
    { when: 'a few bytes', data: Buffer.from([0x28, 0xb5]) },
    { when: 'a torn frame', data: zstdFrame('abcdef').subarray(0, -2) },
    { when: 'a frame with something behind it', data: Buffer.concat([zstdFrame('abc'), Buffer.from('12345678')]) },
    { when: 'a huge declared size', data: zstdFrame('abc', { declaredBytes: 2 ** 52 }) },
    { when: 'a declared size that its blocks cannot hold', data: zstdFrame('abc', { declaredBytes: 4 }) },
    { when: 'more than the limit', data: zstdFrame(Buffer.alloc(LIMIT + 1)) },
    { when: 'a few bytes that grow beyond the limit', data: Buffer.concat([runHead, run(9)]) },
    { when: 'many frames that grow beyond the limit', data: Buffer.concat([runHead, run(8), zstdFrame('a')]) },
    {
      when: 'a block type that does not exist',
      data: Buffer.concat([runHead, blockHeader(3, 1, true), Buffer.from('a')]),
    },
    {
      when: 'a block larger than blocks are',
      data: Buffer.concat([runHead, blockHeader(1, 2 ** 20, true), Buffer.from('a')]),
    },
    { when: 'a dictionary', data: Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x21, 7, 1, 0x09, 0, 0, 97]) },
    { when: 'a skipped frame that is longer than the data', data: Buffer.from([0x50, 0x2a, 0x4d, 0x18, 9, 0, 0, 0]) },
  ])('refuses $when', ({ data }) => {
    expect(decompressZstd(data, LIMIT)).toBeNull()
  })

  it('never throws and never exceeds the limit, whatever is damaged', () => {
    const real = Buffer.from(REAL, 'base64')
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(real.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        (changes) => {
          const damaged = Buffer.from(real)
          for (const [at, byte] of changes) damaged[at] = byte
          expect(decompressZstd(damaged, LIMIT)?.length ?? 0).toBeLessThanOrEqual(LIMIT)
        },
      ),
      { numRuns: 500 },
    )
  })
})
