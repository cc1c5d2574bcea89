import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createNewFile } from '../../../src/cli/output/new-file.ts'
import { OperatorError } from '../../../src/core/errors.ts'
import { tempFolder } from '../../support/temp.ts'

describe('a new file', () => {
  it('appears when it is complete', async () => {
    const folder = tempFolder()
    const file = await createNewFile(join(folder, 'history.om'), { force: false })
    await file.write('läng')
    await file.write('er')
    expect(readdirSync(folder)).toEqual([`history.om.tmp-${process.pid}`])
    await file.complete()
    expect(readdirSync(folder)).toEqual(['history.om'])
    expect(readFileSync(join(folder, 'history.om'), 'utf8')).toBe('länger')
    expect(file.bytes).toBe(7)
  })

  it('leaves nothing when it is discarded, before or after it failed to be complete', async () => {
    const folder = tempFolder()
    const path = join(folder, 'history.om')
    const file = await createNewFile(path, { force: false })
    await file.write('half')
    await file.discard()
    expect(readdirSync(folder)).toEqual([])

    const other = await createNewFile(path, { force: false })
    mkdirSync(path)
    await expect(other.complete()).rejects.toThrow(OperatorError)
    await other.discard()
    expect(readdirSync(folder)).toEqual(['history.om'])
  })

  it('replaces a file only when told to', async () => {
    const folder = tempFolder()
    const path = join(folder, 'diary.txt')
    writeFileSync(path, 'dear diary')
    await expect(createNewFile(path, { force: false })).rejects.toMatchObject({
      message: 'This would overwrite a file',
      seen: path,
      fix: 'Give another name, or replace it with --force.',
    })
    expect(readdirSync(folder)).toEqual(['diary.txt'])
    const file = await createNewFile(path, { force: true })
    await file.write('new')
    expect(readFileSync(path, 'utf8')).toBe('dear diary')
    await file.complete()
    expect(readFileSync(path, 'utf8')).toBe('new')
  })

  it.each([
    { of: 'a folder', name: '', message: 'There is something else than a file under this name', seen: undefined },
    { of: 'a folder that is not there', name: 'none/history.om', message: 'Cannot write ', seen: 'ENOENT' },
    { of: 'a file as a folder', name: 'file/history.om', message: 'Cannot write ', seen: 'ENOTDIR' },
  ])('is refused under the name of $of', async ({ name, message, seen }) => {
    const folder = tempFolder()
    writeFileSync(join(folder, 'file'), '')
    const path = join(folder, name)
    await expect(createNewFile(path, { force: true })).rejects.toMatchObject({
      message: expect.stringContaining(message),
      seen: seen ?? path,
    })
    expect(readdirSync(folder)).toEqual(['file'])
  })
})
