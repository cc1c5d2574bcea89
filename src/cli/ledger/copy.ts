import { rmSync } from 'node:fs'
import { openSqliteReader } from '../../ledger/sqlite/ledger.ts'

/** Copies a ledger as it is at one instant, whoever writes it meanwhile. Leaves nothing behind when it fails. */
export async function copyLedger(from: string, to: string): Promise<void> {
  const source = openSqliteReader(from)
  try {
    await source.backup(to)
  } catch (error) {
    rmSync(to, { force: true })
    throw error
  } finally {
    await source.close()
  }
}
