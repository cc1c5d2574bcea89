import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { FileSource } from '../../../src/sources/files/file-source.ts'
import { tempFolder } from '../../support/temp.ts'
import { idsOf, lineFormat, lines } from './line-format.ts'
import { LogFolder } from './log-folder.ts'

describe('roots', () => {
  it('takes a folder once when another root is a link to it, or inside it', async () => {
    const folder = new LogFolder()
    folder.write('real/p/a.jsonl', lines(1))
    fs.symlinkSync(folder.path('real'), folder.path('link'))
    const roots = ['link', 'real', 'real/p', 'real'].map((name) => folder.path(name))
    folder.restart({ roots })
    expect(await folder.read()).toMatchObject([{ path: folder.path('real/p/a.jsonl'), records: [{ identity: '1' }] }])
    expect(folder.source.status().roots.map((root) => root.path)).toEqual([folder.path('real'), folder.path('real/p')])
  })

  it('reads a root that appears later', async () => {
    const folder = new LogFolder()
    folder.restart({ roots: [folder.path('later')] })
    expect(await folder.read()).toEqual([])
    folder.write('later/a.jsonl', lines(1))
    expect(await folder.readIds()).toEqual(['1'])
  })
})

describe('links', () => {
  it('follows a link to a file and to a folder outside of the root', async () => {
    const folder = new LogFolder()
    const outside = tempFolder()
    fs.mkdirSync(path.join(outside, 'p'))
    fs.writeFileSync(path.join(outside, 'p/a.jsonl'), lines(1))
    fs.writeFileSync(path.join(outside, 'b.txt'), lines(2))
    fs.mkdirSync(folder.path('x'))
    fs.symlinkSync(path.join(outside, 'p'), folder.path('x/linked'))
    fs.symlinkSync(path.join(outside, 'b.txt'), folder.path('b.jsonl'))
    fs.symlinkSync(path.join(outside, 'none'), folder.path('broken.jsonl'))
    expect([...(await folder.readIds())].sort()).toEqual(['1', '2'])
    fs.appendFileSync(path.join(outside, 'p/a.jsonl'), lines(3))
    expect(await folder.readIds([folder.path('x/linked/a.jsonl')])).toEqual(['3'])
  })

  it('comes to an end where links lead in circles, and takes each log once', async () => {
    const folder = new LogFolder()
    for (const name of ['a', 'b', 'c']) folder.write(`${name}/${name}.jsonl`, lines(name))
    for (const from of ['a', 'b', 'c']) {
      fs.symlinkSync(folder.root, folder.path(`${from}/up`))
      for (const to of ['a', 'b', 'c']) fs.symlinkSync(folder.path(to), folder.path(`${from}/to-${to}`))
    }
    fs.symlinkSync('/', folder.path('everything'))
    fs.symlinkSync('itself', folder.path('itself'))
    expect([...(await folder.readIds())].sort()).toEqual(['a', 'b', 'c'])
  })
})

describe('what is no file', () => {
  it('passes over folders and links to devices with the name of a log', async () => {
    const folder = new LogFolder()
    folder.write('a.jsonl/b.jsonl', lines(1))
    fs.symlinkSync('/dev/zero', folder.path('zero.jsonl'))
    expect(await folder.readIds()).toEqual(['1'])
  })

  it.runIf(process.platform !== 'win32')(
    'never waits at a named pipe, found or put in the place of a log',
    async () => {
      const folder = new LogFolder()
      folder.write('a.jsonl', lines(1))
      execFileSync('mkfifo', [folder.path('pipe.jsonl')])
      expect(await folder.readIds()).toEqual(['1'])

      folder.append('a.jsonl', lines(2))
      const replacing: typeof fs.openSync = (file, flags) => {
        folder.remove('a.jsonl')
        execFileSync('mkfifo', [folder.path('a.jsonl')])
        return fs.openSync(file, flags)
      }
      folder.restart({ fs: { ...fs, openSync: replacing } })
      expect(await folder.read()).toEqual([])
      expect(await folder.read([folder.path('a.jsonl'), folder.path('pipe.jsonl')])).toEqual([])
    },
  )
})

describe('globs', () => {
  it('finds only what they name, in the folders they name', async () => {
    const root = tempFolder()
    for (const name of ['agents/a/sessions/1.jsonl', 'agents/a/other/2.jsonl', 'top.jsonl', 'agents/3.jsonl']) {
      fs.mkdirSync(path.dirname(path.join(root, name)), { recursive: true })
      fs.writeFileSync(path.join(root, name), lines(name))
    }
    const listed: string[] = []
    const listing = (...args: unknown[]) => {
      listed.push(path.relative(root, String(args[0])))
      return Reflect.apply(fs.readdirSync, fs, args)
    }
    const format = lineFormat({
      roots: [root],
      globs: ['agents/*/sessions/**/*.jsonl*', 'sessions/*.jsonl', 'top.jsonl'],
    })
    const source = new FileSource(format, { fs: { ...fs, readdirSync: listing as typeof fs.readdirSync } })
    const batches = []
    for await (const batch of source.read({ signal: new AbortController().signal })) batches.push(batch)
    expect(idsOf(batches)).toEqual(['top.jsonl', 'agents/a/sessions/1.jsonl'])
    expect(new Set(listed)).toEqual(new Set(['', 'agents', 'agents/a', 'agents/a/sessions', 'sessions']))
  })
})
