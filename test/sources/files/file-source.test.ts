import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { FileSource } from '../../../src/sources/files/file-source.ts'
import { tempFolder } from '../../support/temp.ts'
import { idsOf, lineFormat, lines } from './line-format.ts'
import { CountingFs, LogFolder, onDevice, refusingFs } from './log-folder.ts'

const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index)

describe('reading', () => {
  it('reads every line of every log once, main logs before those in the folders below', async () => {
    const folder = new LogFolder()
    folder.write('p/s/subagents/agent-1.jsonl', lines('sub'))
    folder.write('p/s.jsonl', lines('main'))
    folder.write('p/z.jsonl', lines('other'))
    folder.write('p/notes.txt', lines('no log'))
    folder.write('.hidden/x.jsonl', lines('hidden'))
    expect(await folder.readIds()).toEqual(['hidden', 'main', 'other', 'sub'])
    expect(await folder.readIds()).toEqual([])
  })

  it('hands over 500 records at a time, each batch continuing the one before', async () => {
    const folder = new LogFolder()
    folder.write('a.jsonl', lines(...numbers(1, 1200)))
    const batches = await folder.read()
    expect(batches.map(({ records }) => records.length)).toEqual([500, 500, 200])
    expect(idsOf(batches)).toEqual(numbers(1, 1200).map(String))
    expect(batches.map(({ tally }) => tally.lines)).toEqual([500, 500, 200])
    expect(batches.reduce((sum, { tally }) => sum + tally.bytes, 0)).toBe(lines(...numbers(1, 1200)).length)
  })

  it('moves the cursor on in a long file without records', async () => {
    const folder = new LogFolder()
    folder.write('a.jsonl', `${'x'.repeat(999)}\n`.repeat(20_000))
    const batches = await folder.read()
    expect(batches.length).toBe(3)
    expect(batches.every(({ records }) => records.length === 0)).toBe(true)
    expect(batches.reduce((sum, { tally }) => sum + (tally.rejected.malformed ?? 0), 0)).toBe(20_000)
  })

  it('yields nothing for an empty file', async () => {
    const folder = new LogFolder()
    folder.write('a.jsonl', '')
    expect(await folder.read()).toEqual([])
    expect(folder.source.status().streams).toBe(0)
  })

  it('reads only the given paths, known or new', async () => {
    const folder = new LogFolder()
    folder.write('a.jsonl', lines(1))
    folder.write('b.jsonl', lines(2))
    await folder.read()
    folder.append('a.jsonl', lines(3))
    folder.append('b.jsonl', lines(4))
    folder.write('new/c.jsonl', lines(5))
    folder.write('d.jsonl', lines(6))
    expect(await folder.readIds([folder.path('a.jsonl'), folder.path('new'), folder.path('gone.jsonl')])).toEqual([
      '3',
      '5',
    ])
    expect(await folder.readIds(['/somewhere/else.jsonl'])).toEqual([])
    expect(await folder.readIds()).toEqual(['4', '6'])
  })

  it('stops when asked to and goes on from there', async () => {
    const folder = new LogFolder()
    folder.write('a.jsonl', lines(...numbers(1, 700)))
    folder.write('b.jsonl', lines(701))
    const abort = new AbortController()
    const seen: string[] = []
    for await (const batch of folder.source.read({ signal: abort.signal })) {
      seen.push(...idsOf([batch]))
      abort.abort()
    }
    expect(seen).toEqual(numbers(1, 500).map(String))
    seen.push(...idsOf(await collect(folder.source)))
    expect(seen).toEqual(numbers(1, 701).map(String))
  })

  it('gives a batch again when it was not taken', async () => {
    const folder = new LogFolder()
    folder.write('a.jsonl', lines(1))
    for await (const batch of folder.source.read({ signal: new AbortController().signal })) {
      expect(idsOf([batch])).toEqual(['1'])
      break
    }
    expect(await folder.readIds()).toEqual(['1'])
  })

  it('lets others work while it reads many files', async () => {
    const folder = new LogFolder()
    for (const n of numbers(1, 5)) folder.write(`${n}.jsonl`, lines(n))
    const events: string[] = []
    const slow: typeof fs.readSync = (...args: unknown[]) => {
      events.push('read')
      setImmediate(() => events.push('other work'))
      for (const end = performance.now() + 15; performance.now() < end; );
      return Reflect.apply(fs.readSync, fs, args)
    }
    folder.restart({ fs: { ...fs, readSync: slow } })
    await folder.read()
    expect(events).toEqual(Array(5).fill(['read', 'other work']).flat())
  })
})

describe('status', () => {
  it('tells streams, roots and progress', async () => {
    const folder = new LogFolder()
    folder.write('a.jsonl', lines(1))
    folder.write('b.jsonl', lines(2))
    expect(folder.source.status()).toMatchObject({ roots: [], streams: 0, tailMode: 'off' })
    await folder.read()
    expect(folder.source.status()).toEqual({
      roots: [{ path: folder.root, state: 'ok', problem: null }],
      streams: 2,
      tailMode: 'off',
      bytesDone: 22,
      bytesTotal: 22,
    })
    folder.remove('b.jsonl')
    await folder.read()
    expect(folder.source.status()).toMatchObject({ streams: 1, bytesDone: 0, bytesTotal: 0 })
  })

  it.each([
    { what: 'a default root that is missing', configured: false, state: 'missing', problem: null },
    {
      what: 'a configured root that is missing',
      configured: true,
      state: 'missing',
      problem: 'This folder is configured but does not exist.',
    },
  ])('shows $what', async ({ configured, state, problem }) => {
    const root = `${tempFolder()}/none`
    const source = new FileSource(lineFormat({ roots: [root], configured }))
    expect(await collect(source)).toEqual([])
    expect(source.status().roots).toEqual([{ path: root, state, problem }])
  })

  it('shows a root that is a file, and one that may not be read, beside one that is fine', async () => {
    const folder = new LogFolder()
    folder.write('file', '')
    folder.write('locked/a.jsonl', lines(1))
    folder.write('fine/a.jsonl', lines(2))
    folder.restart({
      fs: refusingFs({ [folder.path('locked')]: 'EACCES' }),
      roots: ['file', 'locked', 'fine'].map((name) => folder.path(name)),
    })
    expect(await folder.readIds()).toEqual(['2'])
    expect(folder.source.status().roots).toEqual([
      { path: folder.path('file'), state: 'unreadable', problem: 'This is not a folder.' },
      { path: folder.path('locked'), state: 'unreadable', problem: 'This folder cannot be read (EACCES).' },
      { path: folder.path('fine'), state: 'ok', problem: null },
    ])
  })

  it('goes on past a file and a folder that cannot be read, says so, and reads them when it can', async () => {
    const folder = new LogFolder()
    folder.write('a.jsonl', lines(1))
    folder.write('b.jsonl', lines(2))
    folder.write('p/c.jsonl', lines(3))
    folder.restart({ fs: refusingFs({ [folder.path('a.jsonl')]: 'EIO', [folder.path('p')]: 'EACCES' }) })
    expect(await folder.readIds()).toEqual(['2'])
    expect(folder.source.status().roots[0]).toMatchObject({
      state: 'ok',
      problem: 'p cannot be read (EACCES), nor can 1 more.',
    })
    folder.restart()
    expect(await folder.readIds()).toEqual(['1', '3'])
    expect(folder.source.status().roots[0]?.problem).toBeNull()
  })
})

describe('gone', () => {
  it('names the streams whose file is not there any more, and no others', async () => {
    const folder = new LogFolder()
    for (const name of ['deleted', 'replaced', 'renamed', 'kept']) folder.write(`${name}.jsonl`, lines(name))
    await folder.read()
    const streamOf = (name: string) =>
      [...folder.cursors.values()].find((known) => known.path === folder.path(`${name}.jsonl`))?.stream
    const expected = [streamOf('deleted'), streamOf('replaced')].sort()
    // Inodes in use are not given to the new file.
    const attic = tempFolder()
    for (const name of ['deleted', 'replaced']) fs.linkSync(folder.path(`${name}.jsonl`), path.join(attic, name))
    folder.remove('deleted.jsonl')
    folder.replace('replaced.jsonl', lines('new'))
    folder.rename('renamed.jsonl', 'p/renamed.jsonl')
    expect(folder.source.gone()).toEqual([])
    await folder.read()
    expect([...folder.source.gone()].sort()).toEqual(expected)
    folder.restart()
    await folder.read()
    expect([...folder.source.gone()].sort()).toEqual(expected)
  })

  it('does not take a folder that cannot be read for deleted', async () => {
    const folder = new LogFolder()
    folder.write('p/a.jsonl', lines(1))
    const codes: Record<string, string> = {}
    folder.restart({ fs: refusingFs(codes) })
    await folder.read()
    codes[folder.path('p')] = 'EACCES'
    await folder.read()
    expect(folder.source.gone()).toEqual([])
    expect(folder.source.status()).toMatchObject({ streams: 1, roots: [{ problem: 'p cannot be read (EACCES).' }] })
  })
})

describe('restart', () => {
  it('reads no byte and opens no file when nothing has changed', async () => {
    const folder = new LogFolder()
    for (const n of numbers(1, 50)) folder.write(`p${n % 7}/${n}.jsonl`, lines(n))
    await folder.read()
    const counting = new CountingFs()
    folder.restart({ fs: counting.fs })
    expect(await folder.read()).toEqual([])
    expect(counting).toMatchObject({ bytes: 0, opens: 0 })
  })

  it('reads only what was added, and goes on where the scanner was', async () => {
    const folder = new LogFolder()
    folder.write('a.jsonl', lines(...numbers(1, 10_000)))
    await folder.read()
    folder.append('a.jsonl', lines('new'))
    const counting = new CountingFs()
    folder.restart({ fs: counting.fs })
    const [batch] = await folder.read()
    expect(idsOf([batch].flatMap((each) => each ?? []))).toEqual(['new'])
    expect(JSON.parse(batch?.cursor ?? '').state).toBe('10001')
    expect(counting.bytes).toBeLessThan(2000)
  })

  it.each(['', 'no JSON', '{}', '[1]', '{"stamp":"1-1","offset":-1,"head":"","tail":"","state":null,"mark":""}'])(
    'starts again from a cursor that is not its own: %j',
    async (cursor) => {
      const folder = new LogFolder()
      folder.write('a.jsonl', lines(1))
      await folder.read()
      for (const [stream, known] of folder.cursors) folder.cursors.set(stream, { ...known, cursor })
      folder.restart()
      expect(await folder.readIds()).toEqual(['1'])
    },
  )

  it('knows files again after their device number has changed, without reading them anew', async () => {
    const folder = new LogFolder()
    folder.write('a.jsonl', lines(...numbers(1, 5000)))
    await folder.read()
    const counting = new CountingFs()
    const moved = onDevice(77n, counting.fs)
    folder.restart({ fs: moved })
    const batches = await folder.read()
    expect(idsOf(batches)).toEqual([])
    expect(batches).toMatchObject([{ expected: null }])
    expect(batches[0]?.stream).toMatch(/^pi:77:/)
    expect(folder.source.gone()).toHaveLength(1)
    expect(counting.bytes).toBeLessThan(2000)

    folder.append('a.jsonl', lines('new'))
    expect(await folder.readIds()).toEqual(['new'])
    counting.bytes = 0
    folder.restart({ fs: moved })
    expect(await folder.read()).toEqual([])
    expect(counting.bytes).toBe(0)
  })

  it('reads everything again when the device has changed and the content too', async () => {
    const folder = new LogFolder()
    folder.write('a.jsonl', lines('old', 1, 2))
    await folder.read()
    folder.write('a.jsonl', lines('new', 1, 2))
    folder.restart({ fs: onDevice(77n) })
    expect(await folder.readIds()).toEqual(['new', '1', '2'])
  })
})

async function collect(source: FileSource) {
  const batches = []
  for await (const batch of source.read({ signal: new AbortController().signal })) batches.push(batch)
  return batches
}
