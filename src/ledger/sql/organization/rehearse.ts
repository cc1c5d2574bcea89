import type { Db } from '../store.ts'

/** Does the work and undoes it, inside of a transaction. A failure is left to whoever ends the transaction. */
export async function rehearse<T>(db: Db, work: () => Promise<T>): Promise<T> {
  await db.run('SAVEPOINT rehearsal')
  const result = await work()
  await db.run('ROLLBACK TO SAVEPOINT rehearsal')
  await db.run('RELEASE SAVEPOINT rehearsal')
  return result
}
