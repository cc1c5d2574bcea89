import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { lockLedger } from '../../../src/ledger/sqlite/lock.ts'
import { ledgerPathIn, runLine } from '../support/fake-io.ts'
import { homeWith, SAMPLE } from '../support/sample.ts'

async function allTimeRequests(home: string): Promise<number> {
  const { out } = await runLine('daily --days all --no-sync --json', { home })
  return JSON.parse(out).totals.requests
}

const filesOf = (home: string) => readdirSync(dirname(ledgerPathIn(home))).sort()

function change(home: string, sql: string): void {
  const db = new Sqlite(ledgerPathIn(home))
  db.exec(sql)
  db.close()
}

describe('ledger backup', () => {
  it('copies the ledger, also while an exporter uses it', async () => {
    const home = await homeWith(SAMPLE)
    const unlock = lockLedger(ledgerPathIn(home))
    const { out, exitCode } = await runLine('ledger backup copy.sqlite', { home })
    unlock()
    expect(exitCode).toBe(0)
    expect(out).toMatch(/^Backed up .*ledger\.sqlite to .*copy\.sqlite \([\d.]+ kB\)\.\n$/)
    expect(existsSync(join(home, 'copy.sqlite'))).toBe(true)
  })

  it('overwrites nothing', async () => {
    const home = await homeWith(SAMPLE)
    writeFileSync(join(home, 'diary.txt'), 'dear diary')
    const { err, exitCode } = await runLine('ledger backup diary.txt', { home })
    expect(exitCode).toBe(2)
    expect(err).toContain('The backup would overwrite a file')
    expect(readFileSync(join(home, 'diary.txt'), 'utf8')).toBe('dear diary')
  })

  it.each(['backup x', 'check', 'rebuild-rollups'])('%s makes no ledger where there is none', async (command) => {
    const { err, exitCode, io } = await runLine(`ledger ${command}`)
    expect(exitCode).toBe(2)
    expect(err).toContain('There is no ledger at ')
    expect(existsSync(ledgerPathIn(io.home))).toBe(false)
  })
})

describe('ledger restore', () => {
  it('puts a backup in place and keeps what was there', async () => {
    const home = await homeWith(SAMPLE.slice(0, 3))
    await runLine('ledger backup copy.sqlite', { home })
    change(home, 'DELETE FROM rollup')
    expect(await allTimeRequests(home)).toBe(0)
    const { out, exitCode } = await runLine('ledger restore copy.sqlite', { home })
    expect(exitCode).toBe(0)
    expect(out).toContain(': 3 responses.')
    expect(out).toContain('ledger.sqlite.20260504T153100Z.old')
    expect(await allTimeRequests(home)).toBe(3)
    expect(filesOf(home)).toContain('ledger.sqlite.20260504T153100Z.old')
    expect(filesOf(home).filter((name) => name.includes('restoring'))).toEqual([])
  })

  it('restores where there is no ledger', async () => {
    const source = await homeWith(SAMPLE.slice(0, 2))
    const { io, out } = await runLine(`ledger restore ${ledgerPathIn(source)}`)
    expect(out).not.toContain('is kept as')
    expect(await allTimeRequests(io.home)).toBe(2)
  })

  it('is refused while an exporter uses the ledger', async () => {
    const home = await homeWith(SAMPLE)
    await runLine('ledger backup copy.sqlite', { home })
    const unlock = lockLedger(ledgerPathIn(home))
    const { err, exitCode } = await runLine('ledger restore copy.sqlite', { home })
    unlock()
    expect(exitCode).toBe(2)
    expect(err).toContain('Another exporter is using the ledger')
  })

  it.each([
    { what: 'no file', make: () => {}, message: 'There is no backup at ' },
    {
      what: 'another file',
      make: (path: string) => writeFileSync(path, 'not a database '.repeat(100)),
      message: 'is damaged',
    },
    {
      what: 'another database',
      make: (path: string) => new Sqlite(path).exec('CREATE TABLE t(x)').close(),
      message: 'cannot be used; nothing was changed',
    },
  ])('refuses $what and changes nothing', async ({ make, message }) => {
    const home = await homeWith(SAMPLE)
    make(join(home, 'copy.sqlite'))
    const { err, exitCode } = await runLine('ledger restore copy.sqlite', { home })
    expect(exitCode).toBe(2)
    expect(err).toContain(message)
    expect(await allTimeRequests(home)).toBe(9)
    expect(
      filesOf(home).filter((name) => name !== basename(`${ledgerPathIn(home)}.lock`) && !/-(wal|shm)$/.test(name)),
    ).toEqual(['ledger.sqlite'])
  })

  it('refuses a backup of a newer version', async () => {
    const home = await homeWith(SAMPLE)
    await runLine('ledger backup copy.sqlite', { home })
    const db = new Sqlite(join(home, 'copy.sqlite'))
    db.exec("INSERT INTO schema_migration(version, name, applied_at) VALUES(99, 'x', 0)")
    db.close()
    const { err, exitCode } = await runLine('ledger restore copy.sqlite', { home })
    expect(exitCode).toBe(2)
    expect(err).toContain('was written by a newer version of this program (got schema 99')
  })
})

describe('ledger check', () => {
  it('finds nothing wrong with a sound ledger', async () => {
    const { out, exitCode } = await runLine('ledger check', { home: await homeWith(SAMPLE) })
    expect(exitCode).toBe(0)
    expect(out.split('\n').slice(1)).toEqual(['Responses  9', 'Integrity  ok', 'Sums       ok', 'Reports    ok', ''])
  })

  it('finds wrong sums, which rebuild-rollups puts right', async () => {
    const home = await homeWith(SAMPLE)
    change(home, 'UPDATE rollup SET output = output + 5')
    const broken = await runLine('ledger check', { home })
    expect(broken.exitCode).toBe(1)
    expect(broken.out).toMatch(/Sums {7}\d+ differences\n {2}rollup: slot .* is off: output by -5/)
    expect(broken.out).toContain('ledger rebuild-rollups')
    const rebuilt = await runLine('ledger rebuild-rollups', { home })
    expect(rebuilt.exitCode).toBe(0)
    expect(rebuilt.out).toContain('The sums were made anew')
    expect((await runLine('ledger check', { home })).exitCode).toBe(0)
  })

  it('rebuild-rollups is refused while an exporter uses the ledger', async () => {
    const home = await homeWith(SAMPLE)
    const unlock = lockLedger(ledgerPathIn(home))
    const { err, exitCode } = await runLine('ledger rebuild-rollups', { home })
    unlock()
    expect(exitCode).toBe(2)
    expect(err).toContain('Another exporter is using the ledger')
  })

  it('names the ways out of a damaged ledger', async () => {
    const home = await homeWith(SAMPLE)
    writeFileSync(ledgerPathIn(home), 'no database any more'.repeat(1_000))
    const { err, exitCode } = await runLine('ledger check', { home })
    expect(exitCode).toBe(2)
    expect(err).toContain('is damaged')
    expect(err).toContain('--new-ledger')
  })
})
