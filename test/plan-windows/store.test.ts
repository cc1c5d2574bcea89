import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { HOUR_MS } from '../../src/core/time.ts'
import type { PlanReading } from '../../src/plan-windows/reading.ts'
import { planWindowsFolder, readAccount, storedAccounts, storeReadings } from '../../src/plan-windows/store.ts'
import { tempFolder } from '../support/temp.ts'

const NOW = Date.now()
const READING: PlanReading = { window: '5h', usedRatio: 0.385, resetsAt: NOW + HOUR_MS }
const SHOWN = { account: 'default', ...READING, observedAt: NOW, origin: 'statusline' }

/** A folder that is not there yet, within one that is not there either. */
function newFolder(): string {
  return planWindowsFolder(join(tempFolder(), 'not-yet'))
}

function folderWith(text: string): string {
  const folder = newFolder()
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'default.json'), text)
  return folder
}

describe('storeReadings', () => {
  it('makes the folders and the file for this user only', () => {
    const folder = newFolder()
    expect(storeReadings(folder, 'default', [READING], NOW).problem).toBeNull()
    expect(readAccount(folder, 'default')).toEqual({ account: 'default', windows: [SHOWN], problem: null })
    const mode = (path: string) => statSync(path).mode & 0o777
    expect([mode(dirname(folder)), mode(folder), mode(join(folder, 'default.json'))]).toEqual([0o700, 0o700, 0o600])
  })

  it('writes nothing but percentages and times', () => {
    const folder = newFolder()
    storeReadings(folder, 'default', [READING], NOW)
    expect(JSON.parse(readFileSync(join(folder, 'default.json'), 'utf8'))).toEqual({
      version: 1,
      windows: [{ ...READING, observedAt: NOW }],
    })
  })

  it('makes nothing where there is nothing to store', () => {
    const folder = newFolder()
    expect(storeReadings(folder, 'default', [], NOW)).toEqual({ account: 'default', windows: [], problem: null })
    expect(storedAccounts(folder)).toEqual([])
    expect(() => statSync(dirname(folder))).toThrow('ENOENT')
  })

  it('tells of what is stored where the status line does not', () => {
    const folder = newFolder()
    storeReadings(folder, 'default', [READING], NOW)
    expect(storeReadings(folder, 'default', [], NOW + 1).windows).toEqual([SHOWN])
  })

  it('does not write the same again at once, but later', () => {
    const folder = newFolder()
    const seen = () => readAccount(folder, 'default').windows[0]?.observedAt
    storeReadings(folder, 'default', [READING], NOW)
    storeReadings(folder, 'default', [READING], NOW + 9_999)
    expect(seen()).toBe(NOW)
    storeReadings(folder, 'default', [READING], NOW + 10_000)
    expect(seen()).toBe(NOW + 10_000)
  })

  it.each([
    ['torn', '{"version":1,"windows":[{"window":"5h","usedRa'],
    ['empty', ''],
    ['foreign', '{"name":"something else"}'],
    ['newer', '{"version":2,"windows":[]}'],
    ['binary', '\u0000\u0001\u0002'],
    ['nested too deep', '['.repeat(16_000)],
    ['too large', ' '.repeat(20_000)],
  ])('says that a file is %s, and replaces it', (_, text) => {
    const folder = folderWith(text)
    expect(readAccount(folder, 'default')).toMatchObject({ windows: [], problem: expect.any(String) })
    storeReadings(folder, 'default', [READING], NOW)
    expect(readAccount(folder, 'default')).toEqual({ account: 'default', windows: [SHOWN], problem: null })
  })

  it('leaves out windows in a file that cannot be', () => {
    const good = { ...READING, observedAt: NOW }
    const bad = [
      null,
      7,
      { ...good, window: 'a b' },
      { ...good, usedRatio: -1 },
      { ...good, usedRatio: '1' },
      { ...good, observedAt: null },
      { ...good, resetsAt: 1.5 },
    ]
    const folder = folderWith(JSON.stringify({ version: 1, windows: [...bad, good] }))
    expect(readAccount(folder, 'default').windows).toEqual([SHOWN])
  })

  it('says why it cannot store, and still tells what it was given', () => {
    const folder = join(tempFolder(), 'file')
    writeFileSync(folder, '')
    expect(storeReadings(folder, 'default', [READING], NOW)).toEqual({
      account: 'default',
      windows: [SHOWN],
      problem: expect.stringMatching(/^E[A-Z]+$/),
    })
  })

  it('leaves no temporary file behind, nor those of writers that were killed', () => {
    const folder = folderWith('')
    const [old, young] = ['.default.json.1-a.tmp', '.default.json.2-b.tmp']
    for (const name of [old, young]) writeFileSync(join(folder, name), '')
    utimesSync(join(folder, old), (NOW - HOUR_MS) / 1_000, (NOW - HOUR_MS) / 1_000)
    mkdirSync(join(folder, 'blocked.json'))
    expect(storeReadings(folder, 'blocked', [READING], NOW).problem).not.toBeNull()
    storeReadings(folder, 'default', [READING], NOW)
    expect(readdirSync(folder).sort()).toEqual([young, 'blocked.json', 'default.json'])
  })
})

describe('readAccount', () => {
  it('does not wait for a pipe', () => {
    const folder = folderWith('')
    execFileSync('mkfifo', [join(folder, 'pipe.json')])
    expect(readAccount(folder, 'pipe').problem).toBe('not a plain file')
  })

  it('follows no link', () => {
    const folder = newFolder()
    storeReadings(folder, 'default', [READING], NOW)
    symlinkSync(join(folder, 'default.json'), join(folder, 'link.json'))
    expect(readAccount(folder, 'link')).toMatchObject({ windows: [], problem: 'ELOOP' })
  })
})

describe('storedAccounts', () => {
  it('names the files that can be of an account', () => {
    const folder = folderWith('')
    for (const name of ['work.json', 'A.json', 'me@example.com.json', '.x.json', 'notes.txt', '-a.json'])
      writeFileSync(join(folder, name), '')
    expect(storedAccounts(folder)).toEqual(['default', 'work'])
  })

  it('names a bounded number', () => {
    const folder = folderWith('')
    for (let index = 0; index < 40; index++) writeFileSync(join(folder, `a${index}.json`), '')
    expect(storedAccounts(folder)).toHaveLength(16)
  })
})
