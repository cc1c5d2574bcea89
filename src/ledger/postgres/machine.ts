import type { ClientBase } from 'pg'
import type { MachineIdentity } from '../machines.ts'
import type { StoreMachine } from '../sql/store.ts'
import { NOW_SQL } from './now-sql.ts'
import { storable } from './text.ts'

/**
 * Makes a machine known, in a transaction of its own. Its name gets `-2`, `-3`, ... where another machine has it; one
 * that was given another name keeps its id.
 */
export async function registerMachine(
  client: ClientBase,
  { uid, name }: MachineIdentity,
  version: string,
): Promise<StoreMachine> {
  await client.query('BEGIN')
  try {
    // Few machines begin at the same moment, and each only once.
    await client.query('LOCK TABLE machine IN SHARE ROW EXCLUSIVE MODE')
    const { rows } = await client.query<{ uid: string; name: string }>('SELECT uid, name FROM machine')
    const own = rows.find((row) => row.uid === storable(uid))
    const others = new Set(rows.filter((row) => row !== own).map((row) => row.name))
    const free = freeName(storable(name), others)
    // `name-2` stays that, even when the machine it was told apart from is gone.
    const kept = own !== undefined && isNamed(own.name, storable(name)) ? own.name : free
    const saved = await client.query<{ id: number }>(
      `INSERT INTO machine(uid, name, version, seen_at) VALUES($1, $2, $3, ${NOW_SQL})
       ON CONFLICT (uid) DO UPDATE SET name = excluded.name, version = excluded.version, seen_at = excluded.seen_at
       RETURNING id`,
      [storable(uid), kept, storable(version)],
    )
    await client.query('COMMIT')
    return { id: Number(saved.rows[0]?.id), name: kept }
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {})
    throw error
  }
}

/** As the ledger knows it; without an id where it does not. */
export async function findMachine(client: ClientBase, { uid, name }: MachineIdentity): Promise<StoreMachine> {
  const { rows } = await client.query<{ id: number; name: string }>('SELECT id, name FROM machine WHERE uid = $1', [
    storable(uid),
  ])
  return rows[0] ?? { id: 0, name }
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  let free = name
  for (let count = 2; taken.has(free); count++) free = `${name}-${count}`
  return free
}

function isNamed(known: string, name: string): boolean {
  return known === name || (known.startsWith(`${name}-`) && /^-\d+$/.test(known.slice(name.length)))
}
