import fs from 'node:fs'
import { describe, expect, it } from 'vitest'
import { idsOf, lines } from './line-format.ts'
import { LogFolder } from './log-folder.ts'
import { skippableFrame, zstdBomb, zstdFrame } from './zstd-frame.ts'

const QUIET_MS = 60_000
const many = Array.from({ length: 30_000 }, (_, n) => `id ${n}`)

/** `zstd -19` 1.5.4 of 300 lines `{"id":"response 1"}` and so on: compressed blocks and a checksum. */
const COMPRESSED = [
  'KLUv/QRozQoARiE+FpCp0mI7Qj9WPzOfGq3s7p1S6P5AgQtJAC0ALwBhGIazopGNEM6KRjYunBWNbFg4KxrZqHBWNLJB4axoZGPCWdHIhoSzop',
  'GNw1nRyIbhrGhkgwUHAhiQoICBAwkGIDgIcCCAwIGClmVZlmVZliRJkiRJkiQ5juM4juM4jqIoiqIoiqK4u7u7u6uqqqqqGoZhGIZhsizLsvz/',
  '////7+7u7u4ex3Ecx3Ecx8FgMBgMBoPB4Hme53me53mapmmapmmaZgUGCw4iJBwOhw+Hw+Hwfd/3fd/3fdu2bdu2bdt2Xdd1Xdd1XdM0TdM0Td',
  'P0PM/zPM/zPMuyLAeBK6gRQPn9O9GnajkR/CMEFf4Z7k18izMlambEzIqYOTEyJ0bOpMiZEeervH/3c7/tp/2zP/ZfP+vgxng742AnjHkxhnbh',
  'wI9hphYD/YwDuzBSnPm97OuyF6vgAKoKNUlP0w==',
].join('')

describe('compressed logs', () => {
  it('reads lines that go over blocks, 500 records at a time', async () => {
    const folder = new LogFolder()
    folder.write('a.jsonl.zst', zstdFrame(lines(...many)))
    const batches = await folder.read()
    expect(idsOf(batches)).toEqual(many)
    expect(Math.max(...batches.map(({ records }) => records.length))).toBe(500)
    expect(batches.reduce((sum, { tally }) => sum + tally.bytes, 0)).toBe(fs.statSync(folder.path('a.jsonl.zst')).size)
  })

  it('decodes what the zstd program writes', async () => {
    const folder = new LogFolder()
    folder.write('a.zst', Buffer.from(COMPRESSED, 'base64'))
    expect(await folder.readIds()).toEqual(Array.from({ length: 300 }, (_, n) => `response ${n + 1}`))
  })

  it('reads several frames as one text, passing over what decoders are to skip, and a last line without its end', async () => {
    const folder = new LogFolder()
    const [first = '', second = ''] = ['{"id":"1"}\n{"id":"2', '2"}\n{"id":"3"}']
    folder.write('a.zst', Buffer.concat([zstdFrame(first), skippableFrame('{"id":"none"}\n'), zstdFrame(second)]))
    expect(await folder.readIds()).toEqual(['1', '22', '3'])
  })

  it('does not open it again until it changes', async () => {
    const folder = new LogFolder()
    folder.write('a.zst', zstdFrame(lines(1)))
    await folder.read()
    folder.restart({ fs: { ...fs, openSync: () => expect.unreachable() } })
    expect(await folder.read()).toEqual([])
    folder.restart()
    folder.write('a.zst', zstdFrame(lines(1, 2)))
    expect(await folder.readIds()).toEqual(['1', '2'])
  })

  it('starts again when it was interrupted', async () => {
    const folder = new LogFolder()
    folder.write('a.zst', zstdFrame(lines(...many)))
    const abort = new AbortController()
    for await (const batch of folder.source.read({ signal: abort.signal })) {
      folder.cursors.set(batch.stream, batch)
      abort.abort()
    }
    folder.restart()
    expect(await folder.readIds()).toEqual(many)
  })

  const damaged = zstdFrame(lines(...many))
  damaged.fill(0xff, 14, 17)
  it.each([
    { what: 'no Zstandard data', content: Buffer.from(lines(1, 2)), ids: [] },
    { what: 'a few bytes', content: Buffer.from([0x28, 0xb5, 0x2f]), ids: [] },
    { what: 'a damaged block', content: damaged, ids: [] },
    { what: 'a cut off file', content: zstdFrame(lines(...many)).subarray(0, 150_000), ids: many.slice(0, 7000) },
    {
      what: 'a frame that needs a window of 3.75 TB',
      content: zstdFrame(lines(1), { windowDescriptor: 0xff }),
      ids: [],
    },
    { what: 'a frame that needs a dictionary', content: needingDictionary(), ids: [] },
  ])('counts $what as undecodable, once', async ({ content, ids }) => {
    const folder = new LogFolder()
    folder.write('a.zst', content)
    folder.now += QUIET_MS
    const batches = await folder.read()
    expect(idsOf(batches).slice(0, ids.length)).toEqual(ids)
    expect(batches.map(({ tally }) => tally.rejected.undecodable ?? 0).reduce((a, b) => a + b)).toBe(1)
    folder.restart({ fs: { ...fs, openSync: () => expect.unreachable() } })
    expect(await folder.read()).toEqual([])
  })

  it('takes what cannot be decoded for half written until the quiet time is over', async () => {
    const folder = new LogFolder()
    const content = zstdFrame(lines(1, 2))
    folder.write('a.zst', content.subarray(0, 20))
    expect(await folder.read()).toEqual([])
    folder.write('a.zst', content)
    expect(await folder.readIds()).toEqual(['1', '2'])
    folder.write('a.zst', content.subarray(0, 20))
    expect(await folder.read()).toEqual([])
    folder.now += QUIET_MS
    expect(await folder.read()).toMatchObject([{ tally: { rejected: { undecodable: 1 } } }])
  })

  it('gives up on a small file that grows beyond all measure', async () => {
    const folder = new LogFolder({ tail: { lineLimitBytes: 1024 } })
    folder.write('a.zst', zstdBomb(8200))
    folder.now += QUIET_MS
    const batches = await folder.read()
    expect(batches.map(({ tally }) => tally.rejected)).toEqual([{ oversize: 1, undecodable: 1 }])
  })

  it('skips oversize lines', async () => {
    const folder = new LogFolder({ tail: { lineLimitBytes: 200_000 } })
    folder.write('a.zst', zstdFrame(lines(1, 'x'.repeat(200_000), 2, 'y'.repeat(190_000))))
    expect(await folder.read()).toMatchObject([
      { records: [{ identity: '1' }, { identity: '2' }, {}], tally: { lines: 4, rejected: { oversize: 1 } } },
    ])
  })
})

function needingDictionary(): Buffer {
  const frame = zstdFrame(lines(1))
  frame.writeUInt8(frame.readUInt8(4) | 1, 4)
  return frame
}
