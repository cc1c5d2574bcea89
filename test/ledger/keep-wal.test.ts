import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openForWriting } from '../../src/ledger/sqlite/open.ts'
import { tempFolder } from '../support/temp.ts'

const open = (path: string) => openForWriting({ path, synchronous: 'normal', allowNetworkFilesystem: true, now: 0 })

describe('the write-ahead log', () => {
  it('of a ledger that cannot be read stays as it was', () => {
    const path = join(tempFolder(), 'ledger.sqlite')
    writeFileSync(path, 'damage '.repeat(10_000))
    writeFileSync(`${path}-wal`, 'what was written last')
    for (let attempt = 1; attempt <= 3; attempt++) {
      expect(() => open(path)).toThrow('is damaged')
      expect(readFileSync(`${path}-wal`, 'utf8')).toBe('what was written last')
      expect(existsSync(`${path}-wal.kept`)).toBe(false)
    }
  })

  it('of a sound one is read as ever, and nothing is left beside it', () => {
    const path = join(tempFolder(), 'ledger.sqlite')
    const first = open(path)
    first.writer.exec("INSERT INTO meta(name, value) VALUES('proof', 'only in the log')")
    const copy = join(tempFolder(), 'ledger.sqlite')
    writeFileSync(copy, readFileSync(path))
    writeFileSync(`${copy}-wal`, readFileSync(`${path}-wal`))
    const second = open(copy)
    expect(second.writer.prepare("SELECT value FROM meta WHERE name = 'proof'").pluck().get()).toBe('only in the log')
    expect(existsSync(`${copy}-wal.kept`)).toBe(false)
  })
})
