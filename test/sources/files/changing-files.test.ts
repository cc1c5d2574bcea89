import fs from 'node:fs'
import { describe, expect, it } from 'vitest'
import { lines } from './line-format.ts'
import { LogFolder } from './log-folder.ts'

const QUIET_MS = 60_000

describe('a line that is not complete', () => {
  it('waits for its line feed and is counted once', async () => {
    const folder = new LogFolder()
    folder.write('a.jsonl', `${lines(1)}{"id":`)
    expect(await folder.readIds()).toEqual(['1'])
    folder.append('a.jsonl', '2')
    expect(await folder.read()).toEqual([])
    folder.append('a.jsonl', `}\n${lines(3)}`)
    expect(await folder.readIds()).toEqual(['2', '3'])
  })

  it('is one bad line when a line feed seals it', async () => {
    const folder = new LogFolder()
    folder.write('a.jsonl', `${lines(1)}{"id":`)
    await folder.read()
    folder.append('a.jsonl', `\n${lines(2)}`)
    expect(await folder.read()).toMatchObject([{ tally: { lines: 2, rejected: { malformed: 1 } } }])
  })

  it('is taken after the quiet time when it is whole but for its line feed, which may still come', async () => {
    const folder = new LogFolder()
    folder.write('a.jsonl', '{"id":1}\n{"id":2}')
    expect(await folder.readIds()).toEqual(['1'])
    folder.now += QUIET_MS - 2000
    expect(await folder.readIds()).toEqual([])
    folder.now += 2000
    expect(await folder.readIds()).toEqual(['2'])
    expect(await folder.read()).toEqual([])
    folder.append('a.jsonl', `\n${lines(3)}`)
    expect(await folder.read()).toMatchObject([{ tally: { lines: 1, rejected: {} } }])
  })

  it.each([
    { what: 'a late line feed with a carriage return', later: '\r\n{"id":3}\n', ids: ['3'] },
    { what: 'a line without a line feed before it', later: '{"id":3}\n', ids: ['3'] },
  ])('is followed by $what', async ({ later, ids }) => {
    const folder = new LogFolder()
    folder.write('a.jsonl', '{"id":1}\n{"id":2}')
    folder.now += QUIET_MS
    expect(await folder.readIds()).toEqual(['1', '2'])
    folder.append('a.jsonl', later)
    expect(await folder.readIds()).toEqual(ids)
  })

  it('is left for good when it is no JSON after the quiet time, over a restart too, until the file changes', async () => {
    const folder = new LogFolder()
    folder.write('a.jsonl', '{"id":1}\n{"id":')
    await folder.read()
    folder.now += QUIET_MS
    expect(await folder.read()).toMatchObject([{ records: [], tally: { lines: 0, rejected: {} } }])
    folder.restart({ fs: { ...fs, openSync: () => expect.unreachable() } })
    expect(await folder.read()).toEqual([])
    folder.restart()
    folder.append('a.jsonl', '2}\n')
    expect(await folder.readIds()).toEqual(['2'])
  })

  it('may be all that a new file has', async () => {
    const folder = new LogFolder()
    folder.write('a.jsonl', '{"id"')
    expect(await folder.read()).toEqual([])
    folder.append('a.jsonl', ':1}\n')
    expect(await folder.readIds()).toEqual(['1'])
  })

  it('is settled after a restart as well', async () => {
    const folder = new LogFolder()
    folder.write('a.jsonl', '{"id":1}\n{"id":2}')
    await folder.read()
    folder.restart()
    folder.now += QUIET_MS
    expect(await folder.readIds()).toEqual(['2'])
  })
})

describe('a file that is changed in place', () => {
  const before = lines('a', 'b', 'c', 'd')
  it.each([
    { what: 'cut', after: lines('a', 'b'), ids: ['a', 'b'] },
    {
      what: 'cut and grown beyond its old size',
      after: lines('a', 'x', 'y', 'z', 'q'),
      ids: ['a', 'x', 'y', 'z', 'q'],
    },
    { what: 'cut and grown to its old size', after: lines('a', 'b', 'x', 'y'), ids: ['a', 'b', 'x', 'y'] },
    { what: 'rewritten at its start alone', after: lines('x', 'b', 'c', 'd'), ids: ['x', 'b', 'c', 'd'] },
    { what: 'emptied', after: '', ids: [] },
  ])('is read from the start when it was $what', async ({ after, ids }) => {
    const folder = new LogFolder()
    folder.write('a.jsonl', before)
    await folder.read()
    folder.write('a.jsonl', after)
    expect(await folder.readIds()).toEqual(ids)
    folder.append('a.jsonl', lines('more'))
    expect(await folder.readIds()).toEqual(['more'])
  })

  it('is read again when only bytes between the first and the last have changed, if it then ends differently', async () => {
    const filler = lines(...Array.from({ length: 300 }, (_, n) => `filler ${n}`))
    const folder = new LogFolder()
    folder.write('a.jsonl', `${filler}${lines('cut')}${lines('rest 1', 'rest 2')}`)
    await folder.read()
    folder.write('a.jsonl', `${filler}${lines('rest 1', 'rest 2')}${lines('new')}`)
    expect((await folder.readIds()).slice(-3)).toEqual(['rest 1', 'rest 2', 'new'])
  })

  it('is looked into again when it was written within the same step of the clock', async () => {
    const folder = new LogFolder()
    folder.write('a.jsonl', lines('a'))
    folder.now -= 1000
    expect(await folder.readIds()).toEqual(['a'])
    folder.write('a.jsonl', lines('b'))
    expect(await folder.readIds()).toEqual(['b'])
  })

  it('is saved anew without lines when only its time has changed, so that a restart need not look into it', async () => {
    const folder = new LogFolder()
    folder.write('a.jsonl', lines('a'))
    await folder.read()
    folder.append('a.jsonl', '')
    expect(await folder.read()).toMatchObject([{ records: [], tally: { lines: 0, bytes: 0 } }])
    folder.restart({ fs: { ...fs, openSync: () => expect.unreachable() } })
    expect(await folder.read()).toEqual([])
  })

  it('may shrink while it is read', async () => {
    const folder = new LogFolder()
    folder.write('a.jsonl', lines('a', 'b'))
    const cutting: typeof fs.fstatSync = (...args: unknown[]) => {
      const stats = Reflect.apply(fs.fstatSync, fs, args)
      fs.truncateSync(folder.path('a.jsonl'), lines('a').length)
      return stats
    }
    folder.restart({ fs: { ...fs, fstatSync: cutting } })
    expect(await folder.readIds()).toEqual(['a'])
    folder.restart()
    expect(await folder.readIds()).toEqual([])
  })
})

describe('a file that is moved', () => {
  it('keeps its place when it is renamed, into another folder too', async () => {
    const folder = new LogFolder()
    folder.write('a.jsonl', lines(1))
    const [first] = await folder.read()
    folder.rename('a.jsonl', 'other/b.jsonl')
    folder.append('other/b.jsonl', lines(2))
    expect(await folder.read()).toMatchObject([{ stream: first?.stream, path: folder.path('other/b.jsonl') }])
  })

  it('is told from the new file that takes its name', async () => {
    const folder = new LogFolder()
    folder.write('a.jsonl', lines(1, 2))
    await folder.read()
    folder.rename('a.jsonl', 'a.1.jsonl')
    folder.append('a.1.jsonl', lines(3))
    folder.write('a.jsonl', lines(4))
    expect([...(await folder.readIds())].sort()).toEqual(['3', '4'])
    folder.append('a.jsonl', lines(5))
    folder.append('a.1.jsonl', lines(6))
    const paths = ['a.1.jsonl', 'a.jsonl'].map((name) => folder.path(name))
    expect(await folder.readIds(paths)).toEqual(['6', '5'])
  })

  it('is read from the start when another is renamed over it', async () => {
    const folder = new LogFolder()
    folder.write('a.jsonl', lines(1, 2, 3))
    await folder.read()
    folder.replace('a.jsonl', lines('summary', 3))
    expect(await folder.readIds([folder.path('a.jsonl')])).toEqual(['summary', '3'])
  })

  it('is not read again when its copy is renamed over it', async () => {
    const folder = new LogFolder()
    folder.write('a.jsonl', lines(1, 2))
    await folder.read()
    folder.replace('a.jsonl', lines(1, 2, 3))
    expect(await folder.readIds()).toEqual(['3'])
    folder.append('a.jsonl', lines(4))
    expect(await folder.readIds()).toEqual(['4'])
  })

  it('is read under one name when it has several', async () => {
    const folder = new LogFolder()
    folder.write('a.jsonl', lines(1))
    fs.linkSync(folder.path('a.jsonl'), folder.path('b.jsonl'))
    expect(await folder.readIds()).toEqual(['1'])
    folder.append('b.jsonl', lines(2))
    expect(await folder.read([folder.path('b.jsonl')])).toEqual([])
    expect(await folder.read()).toMatchObject([{ path: folder.path('a.jsonl') }])
  })

  it('comes back after it was deleted', async () => {
    const folder = new LogFolder()
    folder.write('a.jsonl', lines(1))
    await folder.read()
    folder.remove('a.jsonl')
    expect(await folder.read()).toEqual([])
    folder.write('a.jsonl', lines(2, 3))
    expect(await folder.readIds()).toEqual(['2', '3'])
    expect(folder.source.gone().length).toBeLessThanOrEqual(1)
  })

  it('may go between the look at it and the reading', async () => {
    const folder = new LogFolder()
    folder.write('a.jsonl', lines(1))
    folder.write('b.jsonl', lines(2))
    const deleting: typeof fs.openSync = (...args) => {
      fs.rmSync(folder.path('a.jsonl'), { force: true })
      return fs.openSync(...args)
    }
    folder.restart({ fs: { ...fs, openSync: deleting } })
    expect(await folder.readIds()).toEqual(['2'])
    expect(folder.source.status()).toMatchObject({ streams: 1, roots: [{ problem: null }] })
  })
})

describe('bytes', () => {
  it('hands carriage returns, NULs and the byte order mark to the scanner as they are', async () => {
    const folder = new LogFolder()
    folder.write('a.jsonl', '\uFEFF{"id":1}\r\n\0\0\0{"id":2}\n')
    expect(await folder.readIds()).toEqual(['1', '2'])
    folder.append('a.jsonl', Buffer.alloc(3_000_000))
    expect(await folder.readIds()).toEqual([])
    folder.append('a.jsonl', lines(3))
    expect(await folder.readIds()).toEqual(['3'])
  })

  it('does not split a character at the edge of a block', async () => {
    const folder = new LogFolder()
    const ids = Array.from({ length: 4 }, (_, n) => `${n}${'€'.repeat(349_000 + n)}`)
    folder.write('a.jsonl', lines(...ids))
    expect(await folder.readIds()).toEqual(ids)
  })
})
