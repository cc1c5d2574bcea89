import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import type { FileSystem } from '../../../src/sources/files/file-system.ts'
import { tempFolder } from '../../support/temp.ts'
import { lines } from './line-format.ts'
import { EVENTS_ONLY, NEVER, POLLING_ONLY, Tail } from './tail.ts'

const soon = { timeout: 20_000, interval: 5 }

describe.each([
  { how: 'by events', options: EVENTS_ONLY },
  { how: 'by looking', options: POLLING_ONLY },
])('following $how', ({ options }) => {
  it('notices lines that are appended', async () => {
    const tail = new Tail(options)
    tail.write('p/a.jsonl', lines(1))
    await tail.start()
    await tail.expectIds('1')
    tail.append('p/a.jsonl', lines(2))
    await tail.expectIds('2')
    tail.append('p/a.jsonl', lines(3))
    await tail.expectIds('3')
  })

  it('notices new logs, in new folders within new folders too', async () => {
    const tail = await new Tail(options).start()
    tail.write('a.jsonl', lines(1))
    await tail.expectIds('1')
    tail.write('p/s/subagents/workflows/w/b.jsonl', lines(2))
    tail.write('p/c.jsonl', lines(3))
    await tail.expectIds('2', '3')
    tail.write('p/s/subagents/d.jsonl', lines(4))
    tail.append('p/s/subagents/workflows/w/b.jsonl', lines(5))
    await tail.expectIds('4', '5')
  })

  it('covers many folders at once', async () => {
    const names = Array.from({ length: 60 }, (_, n) => `${n}`)
    const tail = new Tail(options)
    for (const name of names) tail.write(`old/${name}/a.jsonl`, lines(name))
    await tail.start()
    await tail.expectIds(...names)
    for (const name of names) tail.write(`new/${name}/a.jsonl`, lines(name))
    await tail.expectIds(...names)
    for (const name of names) tail.append(`new/${name}/a.jsonl`, lines(`more ${name}`))
    await tail.expectIds(...names.map((name) => `more ${name}`))
  })

  it('notices a log that is empty at first', async () => {
    const tail = await new Tail(options).start()
    tail.write('a.jsonl', '')
    await vi.waitFor(() => expect(tail.reports.flat()).toContain(tail.path('a.jsonl')), soon)
    tail.append('a.jsonl', lines(1))
    await tail.expectIds('1')
  })

  it('notices a log that is replaced, deleted, made anew', async () => {
    const tail = new Tail(options)
    tail.write('a.jsonl', lines(1))
    await tail.start()
    await tail.expectIds('1')
    tail.write('a.tmp', lines(2, 3))
    fs.renameSync(tail.path('a.tmp'), tail.path('a.jsonl'))
    await tail.expectIds('2', '3')
    fs.rmSync(tail.path('a.jsonl'))
    await vi.waitFor(() => expect(tail.source.status().streams).toBe(0), soon)
    tail.write('a.jsonl', lines(4))
    await tail.expectIds('4')
  })

  it('follows a folder that is renamed, and one that is deleted and made anew', async () => {
    const tail = new Tail(options)
    tail.write('p/s/a.jsonl', lines(1))
    tail.write('q/b.jsonl', lines(2))
    await tail.start()
    await tail.expectIds('1', '2')
    fs.renameSync(tail.path('p'), tail.path('moved'))
    tail.append('moved/s/a.jsonl', lines(3))
    await tail.expectIds('3')
    tail.append('moved/s/a.jsonl', lines(4))
    await tail.expectIds('4')
    fs.rmSync(tail.path('q'), { recursive: true })
    tail.write('q/b.jsonl', lines(5))
    await tail.expectIds('5')
    tail.append('q/b.jsonl', lines(6))
    await tail.expectIds('6')
  })

  it('notices when a root appears, goes and comes back', async () => {
    const root = path.join(fs.realpathSync(tempFolder()), 'later')
    // What is not there has no events: it is looked for.
    const tail = await new Tail({ ...options, pollHotMs: 10, pollColdMs: 50 }, fs, root).start()
    tail.write('a.jsonl', lines(1))
    await tail.expectIds('1')
    tail.write('p/b.jsonl', lines(2))
    await tail.expectIds('2')
    fs.rmSync(root, { recursive: true })
    await vi.waitFor(() => expect(tail.source.status().streams).toBe(0), soon)
    tail.write('c.jsonl', lines(3))
    await tail.expectIds('3')
  })

  it('takes nothing that is no log', async () => {
    const tail = await new Tail(options).start()
    tail.write('notes.txt', lines('no log'))
    tail.write('p/notes.txt', lines('no log'))
    tail.append('notes.txt', lines('no log'))
    tail.write('z.jsonl', lines(1))
    await tail.expectIds('1')
    expect(tail.reports.flat().filter((file) => file?.endsWith('.txt'))).toEqual([])
  })

  it('falls silent when it is stopped', async () => {
    const tail = new Tail(options)
    tail.write('a.jsonl', lines(1))
    await tail.start()
    tail.append('a.jsonl', lines(2))
    await tail.stop()
    const reports = tail.reports.length
    const other = await new Tail(options, fs, tail.root).start()
    tail.append('a.jsonl', lines(3))
    await other.expectIds('1', '2', '3')
    expect(tail.reports).toHaveLength(reports)
    expect(tail.source.status().tailMode).toBe('off')
  })
})

describe('events', () => {
  it('tells a burst together, each log once', async () => {
    const tail = new Tail({ ...EVENTS_ONLY, coalesceMs: 50 })
    for (const name of ['a', 'b', 'c']) {
      tail.write(`${name}.jsonl`, lines(name))
      fs.utimesSync(tail.path(`${name}.jsonl`), 0, 0)
    }
    await tail.start()
    for (let n = 0; n < 20; n++) for (const name of ['a', 'b', 'c']) tail.append(`${name}.jsonl`, lines(n))
    await vi.waitFor(() => expect(tail.ids).toHaveLength(63), soon)
    expect(tail.reports.map((paths) => [...(paths ?? [])].sort())).toEqual([
      ['a', 'b', 'c'].map((name) => tail.path(`${name}.jsonl`)),
    ])
  })

  it('misses nothing that is written between the making of a folder and the watching of it', async () => {
    let count = 0
    const late: FileSystem = {
      ...fs,
      watch: ((folder: string, ...rest: unknown[]) => {
        if (folder.endsWith('new')) {
          fs.writeFileSync(path.join(folder, 'before.jsonl'), lines('before'))
          fs.mkdirSync(path.join(folder, 'deep', 'er'), { recursive: true })
          fs.writeFileSync(path.join(folder, 'deep', 'er', 'in.jsonl'), lines('in'))
        }
        count++
        return Reflect.apply(fs.watch, fs, [folder, ...rest])
      }) as typeof fs.watch,
    }
    const tail = await new Tail(EVENTS_ONLY, late).start()
    fs.mkdirSync(tail.path('new'))
    await tail.expectIds('before', 'in')
    tail.append('new/deep/er/in.jsonl', lines('later'))
    await tail.expectIds('later')
    expect(count).toBe(4)
  })

  it('misses nothing that is written between the first reading and the following', async () => {
    const tail = new Tail(EVENTS_ONLY)
    const following = tail.source.follow.bind(tail.source)
    tail.source.follow = (changed) => {
      tail.write('p/a.jsonl', lines(1))
      return following(changed)
    }
    await tail.start()
    await tail.expectIds('1')
  })
})

describe('where events fail', () => {
  const refusing = (code: string, folderName: string): FileSystem => ({
    ...fs,
    watch: ((folder: string, ...rest: unknown[]) => {
      if (folder.endsWith(folderName)) throw Object.assign(new Error(code), { code })
      return Reflect.apply(fs.watch, fs, [folder, ...rest])
    }) as typeof fs.watch,
  })

  it.each(['ENOSPC', 'EMFILE'])('looks instead when a watcher is refused (%s)', async (code) => {
    const tail = new Tail({ ...POLLING_ONLY, mode: 'auto' }, refusing(code, 'b'))
    tail.write('a/1.jsonl', lines(1))
    tail.write('b/2.jsonl', lines(2))
    await tail.start()
    await tail.expectIds('1', '2')
    expect(tail.source.status().tailMode).toBe('polling')
    tail.append('a/1.jsonl', lines(3))
    tail.append('b/2.jsonl', lines(4))
    tail.write('b/5.jsonl', lines(5))
    await tail.expectIds('3', '4', '5')
  })

  it('looks instead when a watcher breaks', async () => {
    const watchers: fs.FSWatcher[] = []
    const watching: FileSystem = {
      ...fs,
      watch: ((...args: unknown[]) => {
        const watcher: fs.FSWatcher = Reflect.apply(fs.watch, fs, args)
        watchers.push(watcher)
        return watcher
      }) as typeof fs.watch,
    }
    const tail = await new Tail({ ...POLLING_ONLY, mode: 'auto' }, watching).start()
    expect(tail.source.status().tailMode).toBe('events')
    watchers[0]?.emit('error', Object.assign(new Error('EIO'), { code: 'EIO' }))
    expect(tail.source.status().tailMode).toBe('polling')
    tail.write('a.jsonl', lines(1))
    await tail.expectIds('1')
  })

  it('finds by looking what no event told', async () => {
    const deaf: FileSystem = {
      ...fs,
      watch: ((folder: string, options: fs.WatchOptions) => fs.watch(folder, options, () => {})) as typeof fs.watch,
    }
    const tail = new Tail({ ...POLLING_ONLY, mode: 'auto' }, deaf)
    tail.write('a.jsonl', lines(1))
    await tail.start()
    await tail.expectIds('1')
    tail.append('a.jsonl', lines(2))
    tail.write('p/b.jsonl', lines(3))
    await tail.expectIds('2', '3')
    expect(tail.source.status().tailMode).toBe('events')
  })

  it('asks for no watcher when it is told to look', async () => {
    const tail = await new Tail(POLLING_ONLY, { ...fs, watch: () => expect.unreachable() }).start()
    expect(tail.source.status().tailMode).toBe('polling')
  })

  it('asks for everything after it was restored, because it knows nothing then', async () => {
    const tail = new Tail(EVENTS_ONLY)
    tail.write('a.jsonl', lines(1))
    await tail.start()
    await tail.expectIds('1')
    tail.source.restore([])
    await tail.expectIds('1')
  })

  it('asks for everything to be searched now and then', async () => {
    const tail = await new Tail({ ...EVENTS_ONLY, rescanMs: 20 }).start()
    await vi.waitFor(() => expect(tail.reports).toContain(null), soon)
  })
})

describe('a last line without a line feed', () => {
  it('is reported once it was still for the quiet time', async () => {
    const tail = new Tail({ ...EVENTS_ONLY, pollHotMs: 10, pollColdMs: NEVER, quietTimeMs: 200 })
    tail.write('a.jsonl', '{"id":1}\n{"id":2}')
    await tail.start()
    await tail.expectIds('1')
    await tail.expectIds('2')
  })
})
