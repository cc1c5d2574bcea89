import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { OperatorError } from '../../src/core/errors.ts'
import { replaceFile } from '../../src/documents/files/replace-file.ts'
import { updateSection, writeDocument } from '../../src/documents/files/write-document.ts'
import { tempFolder } from '../support/temp.ts'

function file(content: string | Buffer, mode = 0o644): string {
  const path = join(tempFolder(), 'STATUS.md')
  writeFileSync(path, content)
  chmodSync(path, mode)
  return path
}

describe('a file that is replaced', () => {
  it('is made where there is none', async () => {
    const path = join(tempFolder(), 'new.md')
    expect(await writeDocument(path, 'text\n')).toEqual({ bytes: 5, isChanged: true })
    expect(readFileSync(path, 'utf8')).toBe('text\n')
  })

  it.each([0o600, 0o640, 0o755])('keeps mode %o and leaves nothing beside it', async (mode) => {
    const path = file('old', mode)
    await writeDocument(path, 'new')
    expect(readFileSync(path, 'utf8')).toBe('new')
    expect(statSync(path).mode & 0o7777).toBe(mode)
    expect(readdirSync(join(path, '..'))).toEqual(['STATUS.md'])
  })

  it('is left alone where it has the content already', async () => {
    const path = file('same')
    const { ino } = statSync(path)
    expect(await writeDocument(path, 'same')).toEqual({ bytes: 4, isChanged: false })
    expect(statSync(path).ino).toBe(ino)
  })

  it('is the one that a link leads to', async () => {
    const path = file('old')
    const link = join(tempFolder(), 'link.md')
    symlinkSync(path, link)
    await writeDocument(link, 'new')
    expect(readlinkSync(link)).toBe(path)
    expect(readFileSync(path, 'utf8')).toBe('new')
  })

  it('keeps what somebody else writes meanwhile', async () => {
    const path = file('one\n')
    let asked = 0
    const result = await replaceFile(path, (before) => {
      if (asked++ === 0) writeFileSync(path, 'one\ntwo\n')
      return `${before}mine\n`
    })
    expect(asked).toBe(2)
    expect(result.isChanged).toBe(true)
    expect(readFileSync(path, 'utf8')).toBe('one\ntwo\nmine\n')
  })

  it('is given up where somebody else always writes', async () => {
    const path = file('0')
    const replaced = replaceFile(path, (before) => {
      writeFileSync(path, `${before}x`)
      return 'mine'
    })
    await expect(replaced).rejects.toThrow('changed by somebody else all the time')
    expect(readFileSync(path, 'utf8')).toMatch(/^0x+$/)
    expect(readdirSync(join(path, '..'))).toEqual(['STATUS.md'])
  })

  it.each([
    ['a folder', (path: string) => mkdirSync(path), 'something else than a file'],
    ['no text', (path: string) => writeFileSync(path, Buffer.from([0x53, 0, 0x51])), 'is no text'],
    ['a link into nothing', (path: string) => symlinkSync('/nowhere/at-all.md', path), 'leads to nothing'],
    ['in no folder', () => {}, 'Cannot write'],
  ])('is refused where it is %s', async (what, make, message) => {
    const path = join(tempFolder(), what === 'in no folder' ? 'missing/x.md' : 'x.md')
    make(path)
    const error = await writeDocument(path, 'text').then(
      () => null,
      (reason: unknown) => reason,
    )
    expect(error).toBeInstanceOf(OperatorError)
    expect(String(error)).toContain(message)
    expect((error as OperatorError).fix).toBeTruthy()
  })
})

describe('a section that is kept up to date', () => {
  it('needs the file', async () => {
    const error = await updateSection(join(tempFolder(), 'none.md'), 'x\n').catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(OperatorError)
    expect((error as OperatorError).fix).toContain('<!-- claude-usage-exporter:begin -->')
  })

  it('does not drift', async () => {
    const path = file('# Status\r\n\r\nMine: \u00fc')
    await updateSection(path, 'a\nb\n')
    const once = readFileSync(path)
    expect(await updateSection(path, 'a\nb\n')).toEqual({ bytes: once.length, isChanged: false })
    await updateSection(path, 'c\n')
    await updateSection(path, 'a\nb\n')
    expect(readFileSync(path)).toEqual(once)
  })

  it('writes nothing where marks make no pair', async () => {
    const content = 'a\n<!-- claude-usage-exporter:end -->\n'
    const path = file(content)
    await expect(updateSection(path, 'a\n')).rejects.toThrow('nothing was written')
    expect(readFileSync(path, 'utf8')).toBe(content)
  })
})
