import type { PoolClient } from 'pg'
import { isLost, toLedgerError } from './failure.ts'

/** Reads within one moment and gives the connection back. Rejects with LedgerError. */
export async function readAtOnce<T>(client: PoolClient, place: string, read: () => Promise<T>): Promise<T> {
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    const value = await read()
    await client.query('COMMIT')
    client.release()
    return value
  } catch (error) {
    const isUsable =
      !isLost(error) &&
      (await client.query('ROLLBACK').then(
        () => true,
        () => false,
      ))
    client.release(!isUsable)
    throw toLedgerError(error, place)
  }
}
