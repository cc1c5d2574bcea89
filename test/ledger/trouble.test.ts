import { execFileSync } from 'node:child_process'
import { copyFileSync, openSync, readFileSync, statSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { SLOT_MS } from '../../src/ledger/ledger.ts'
import { MIGRATIONS, migrate } from '../../src/ledger/migrate.ts'
import { openSqliteLedger, openSqliteReader } from '../../src/ledger/sqlite/ledger.ts'
import { isLocked } from '../../src/ledger/sqlite/lock.ts'
import { appendBatches } from '../support/append.ts'
import { tempFolder, tempLedger } from '../support/temp.ts'
import { sourceBatch, usagePart, usageRecord } from '../support/usage-record.ts'

const options = (path: string) => ({ path, synchronous: 'normal', allowNetworkFilesystem: true, now: 0 }) as const

async function filledLedger(path: string, responses: number) {
  const ledger = tempLedger(path)
  const records = Array.from({ length: responses }, (_, n) =>
    usageRecord({ identity: `m:${n}`, time: n * SLOT_MS, session: `s${n % 7}` }),
  )
  await appendBatches(ledger, [sourceBatch(records)])
  return ledger
}

describe('when the ledger cannot be used', () => {
  it('a second exporter on the same ledger is told so, until the first is gone', async () => {
    const path = join(tempFolder(), 'ledger.sqlite')
    const first = tempLedger(path)
    expect(() => openSqliteLedger(options(path))).toThrow(/Another exporter is using the ledger/)
    expect(isLocked(path)).toBe(true)
    await first.close()
    expect(isLocked(path)).toBe(false)
    await tempLedger(path).close()
  })

  it('a file that is no ledger is left alone', () => {
    const path = join(tempFolder(), 'ledger.sqlite')
    writeFileSync(path, 'not a database, but long enough to be looked at as if it were one'.repeat(100))
    const before = readFileSync(path)
    expect(() => openSqliteLedger(options(path))).toThrow(/is damaged/)
    expect(readFileSync(path)).toEqual(before)
  })

  it('a damaged page is found by check and stops an append', async () => {
    const path = join(tempFolder(), 'ledger.sqlite')
    await (await filledLedger(path, 400)).close()
    const file = openSync(path, 'r+')
    // Everything behind the schema page: no table can be read any more.
    writeSync(file, Buffer.alloc(statSync(path).size - 4096, 0xa5), 0, undefined, 4096)
    expect(() => openSqliteLedger(options(path))).toThrow(/is damaged/)
  })

  it('a newer schema is refused with both versions', async () => {
    const path = join(tempFolder(), 'ledger.sqlite')
    await tempLedger(path).close()
    const db = new Sqlite(path)
    db.prepare("INSERT INTO schema_migration VALUES(99, 'future', 0)").run()
    db.close()
    expect(() => openSqliteLedger(options(path))).toThrowError(
      expect.objectContaining({ seen: `schema 99, this program knows ${MIGRATIONS.length}` }),
    )
    expect(() => openSqliteReader(path)).toThrow(/newer version/)
  })

  it('a folder that cannot be made is named', () => {
    const file = join(tempFolder(), 'file')
    writeFileSync(file, '')
    expect(() => openSqliteLedger(options(join(file, 'ledger.sqlite')))).toThrow(/Cannot make the folder/)
  })

  it('a read-only ledger is named', () => {
    const folder = tempFolder()
    const path = join(folder, 'ledger.sqlite')
    // A folder in the place of the file: it can be opened by nobody, root included.
    execFileSync('mkdir', [path])
    expect(() => openSqliteLedger(options(path))).toThrow(/cannot be written/)
  })

  it('a full disk rejects the append and leaves everything as it was', async () => {
    const path = join(tempFolder(), 'ledger.sqlite')
    await (await filledLedger(path, 10)).close()
    const ledger = openSqliteLedger({ ...options(path), maxPages: pagesOf(path) })
    const many = Array.from({ length: 3000 }, (_, n) => usageRecord({ identity: `n:${n}`, session: `t${n}` }))
    const batch = sourceBatch(many, { expected: '1', cursor: '2' })
    await expect(appendBatches(ledger, [batch])).rejects.toMatchObject({ failure: 'full' })
    expect(await ledger.check()).toMatchObject({ integrity: 'ok', responses: 10, differences: [] })
    expect((await ledger.streams('claude-code'))[0]?.cursor).toBe('1')
    await ledger.close()
    const again = openSqliteLedger(options(path))
    await appendBatches(again, [batch])
    expect(await again.check()).toMatchObject({ responses: 3010, differences: [] })
    await again.close()
  })

  it('sums beyond 64 bits refuse the batch as overflow', async () => {
    const ledger = tempLedger()
    const huge = Number.MAX_SAFE_INTEGER
    const records = Array.from({ length: 1100 }, (_, n) =>
      usageRecord({ identity: `m:${n}`, parts: [usagePart({ input: huge })] }),
    )
    await expect(appendBatches(ledger, [sourceBatch(records)])).rejects.toMatchObject({ failure: 'overflow' })
    expect(await ledger.check()).toMatchObject({ responses: 0, differences: [] })
    await ledger.close()
  })
})

describe('migrations', () => {
  const next = { name: 'note', statements: () => ['CREATE TABLE note(text TEXT NOT NULL) STRICT'] }

  it('keep a copy of a ledger with content before changing it', async () => {
    const path = join(tempFolder(), 'ledger.sqlite')
    await (await filledLedger(path, 5)).close()
    const db = new Sqlite(path)
    migrate({ db, path, now: 1, migrations: [...MIGRATIONS, next] })
    db.close()
    const copy = openSqliteReader(`${path}.before-v${MIGRATIONS.length + 1}`)
    expect(await copy.check()).toMatchObject({ responses: 5 })
    await copy.close()
  })

  it('bring a ledger of the first version with content to the newest, which can be read before that too', async () => {
    const path = join(tempFolder(), 'ledger.sqlite')
    const db = new Sqlite(path)
    migrate({ db, path, now: 1, migrations: MIGRATIONS.slice(0, 1) })
    db.prepare("INSERT INTO meta(name, value) VALUES('roots:pi', '[\"/logs\"]')").run()
    db.close()
    const before = openSqliteReader(path)
    const query = { from: 0, to: 10 ** 14, by: [] }
    expect([await before.apiUsage(query), await before.organizations(), await before.runs({ limit: 9 })]).toEqual([
      [],
      [],
      [],
    ])
    await before.close()
    const ledger = tempLedger(path)
    expect(await ledger.loadedRoots('pi')).toEqual(['/logs'])
    expect(await ledger.startRun({ source: 'anthropic-usage', cause: 'start', startedAt: 1 })).toBe(1)
    await ledger.close()
    const copy = openSqliteReader(`${path}.before-v${MIGRATIONS.length}`)
    expect(await copy.loadedRoots('pi')).toEqual(['/logs'])
    await copy.close()
    const aside = new Sqlite(`${path}.before-v${MIGRATIONS.length}`, { readonly: true })
    expect(aside.prepare('SELECT max(version) AS v FROM schema_migration').get()).toEqual({ v: 1 })
    aside.close()
  })

  it('that fail leave the version as it was', () => {
    const path = join(tempFolder(), 'ledger.sqlite')
    const db = new Sqlite(path)
    migrate({ db, path, now: 1 })
    const broken = { name: 'broken', statements: () => ['CREATE TABLE half(a) STRICT', 'nonsense'] }
    expect(() => migrate({ db, path, now: 1, migrations: [...MIGRATIONS, broken] })).toThrow()
    expect(db.prepare('SELECT max(version) AS v FROM schema_migration').get()).toEqual({ v: MIGRATIONS.length })
    expect(db.prepare("SELECT count(*) AS n FROM sqlite_schema WHERE name = 'half'").get()).toEqual({ n: 0 })
    db.close()
  })
})

describe('upkeep', () => {
  it('pruned responses keep their sums and are not counted again', async () => {
    const ledger = await filledLedger(join(tempFolder(), 'ledger.sqlite'), 1200)
    const before = await ledger.usage({ from: 0, to: 10 ** 14, by: [] })
    expect(await ledger.prune(1000 * SLOT_MS)).toBe(1000)
    await appendBatches(ledger, [sourceBatch([usageRecord({ identity: 'm:3' })], { expected: '1', cursor: '2' })])
    expect(await ledger.usage({ from: 0, to: 10 ** 14, by: [] })).toEqual(before)
    expect(await ledger.check()).toMatchObject({ responses: 200, differences: [] })
    await ledger.rebuildRollups()
    expect(await ledger.usage({ from: 0, to: 10 ** 14, by: [] })).toEqual(before)
    await ledger.close()
  })

  it('a backup made while writing can be opened and is whole', async () => {
    const folder = tempFolder()
    const ledger = await filledLedger(join(folder, 'ledger.sqlite'), 50)
    const copy = join(folder, 'copy.sqlite')
    await ledger.backup(copy)
    await ledger.close()
    const restored = openSqliteReader(copy)
    expect(await restored.check()).toMatchObject({ integrity: 'ok', responses: 50, differences: [] })
    await restored.close()
  })

  it('check names sums that are off, and rebuilding mends them', async () => {
    const path = join(tempFolder(), 'ledger.sqlite')
    await (await filledLedger(path, 50)).close()
    const db = new Sqlite(path)
    db.prepare('UPDATE rollup SET output = output + 1 WHERE slot = 0').run()
    db.close()
    const ledger = openSqliteLedger(options(path))
    expect((await ledger.check()).differences).toEqual([
      expect.stringMatching(/^rollup: slot 0, .* is off: output by -1$/),
    ])
    await ledger.rebuildRollups()
    expect((await ledger.check()).differences).toEqual([])
    await ledger.close()
  })
})

function pagesOf(path: string): number {
  const copy = `${path}.count`
  copyFileSync(path, copy)
  const db = new Sqlite(copy)
  const pages = db.pragma('page_count', { simple: true }) as number
  db.close()
  return pages
}
