import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { beginGzip, endGzip } from '../../../src/metrics/render/gzip.ts'

describe('gzip in two parts', () => {
  it('unpacks to the beginning and the end, whatever they are', async () => {
    const bytes = fc.uint8Array({ maxLength: 5_000 }).map((array) => Buffer.from(array))
    await fc.assert(
      fc.asyncProperty(bytes, bytes, async (beginning, end) => {
        const gzip = await endGzip(await beginGzip(beginning), end)
        expect(gunzipSync(gzip).equals(Buffer.concat([beginning, end]))).toBe(true)
      }),
      { numRuns: 50 },
    )
  })

  it('lets one beginning be used again', async () => {
    const beginning = await beginGzip(Buffer.from('same '.repeat(10_000)))
    const unpacked = await Promise.all(
      ['one', 'two'].map(async (end) => gunzipSync(await endGzip(beginning, Buffer.from(end))).subarray(50_000)),
    )
    expect(unpacked.map(String)).toEqual(['one', 'two'])
  })

  it('is a single member, which every reader understands', async () => {
    const text = 'claude_tokens_total{model="a"} 1\n'.repeat(1_000)
    const gzip = await endGzip(await beginGzip(Buffer.from(text)), Buffer.from('# EOF\n'))
    expect(gzip.indexOf(Buffer.from([0x1f, 0x8b, 8]), 1)).toBe(-1)
    expect(gzip.length).toBeLessThan(text.length / 20)
  })
})
