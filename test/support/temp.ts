import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach } from 'vitest'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { openSqliteLedger } from '../../src/ledger/sqlite/ledger.ts'

const folders: string[] = []

/** A folder that is gone after the test. */
export function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'claude-usage-exporter-'))
  folders.push(folder)
  return folder
}

/** A new SQLite ledger in a folder of its own. */
export function tempLedger(path = join(tempFolder(), 'ledger.sqlite')): Ledger {
  return openSqliteLedger({ path, synchronous: 'normal', allowNetworkFilesystem: true, now: 0 })
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})
