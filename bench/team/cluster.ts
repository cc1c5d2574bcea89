import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PostgresOptions } from '../../src/ledger/postgres/open.ts'
import { type Postgres, startPostgres } from '../../test/support/postgres.ts'

export const SCHEMA = 'claude_usage'
const TICKS_PER_SECOND = 100

/** A cluster of its own, as durable as an ordinary one, with memory for a team. */
export function startCluster(): Promise<Postgres> {
  return startPostgres({
    settings: {
      fsync: 'on',
      full_page_writes: 'on',
      shared_buffers: '1GB',
      max_connections: '250',
      max_wal_size: '4GB',
      maintenance_work_mem: '512MB',
    },
  })
}

export function ledgerOptions(url: string, name: string): PostgresOptions {
  return {
    url,
    schema: SCHEMA,
    poolSize: 2,
    tls: { mode: 'disable', caFile: '', certFile: '', keyFile: '' },
    password: () => null,
    machine: { uid: `name:${name}`, name },
    version: 'bench',
    now: Date.now(),
  }
}

/** Bytes of everything in the schema, indexes included. */
export async function ledgerBytes({ psql }: Postgres): Promise<number> {
  return Number(
    await psql(
      `SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE n.nspname = '${SCHEMA}' AND c.relkind = 'r'`,
    ),
  )
}

/** The largest tables, as `name MiB`. */
export async function largestTables({ psql }: Postgres): Promise<string> {
  const rows = await psql(
    `SELECT c.relname || ' ' || pg_total_relation_size(c.oid) / 1048576 || ' MiB' FROM pg_class c
     JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = '${SCHEMA}' AND c.relkind = 'r'
     ORDER BY pg_total_relation_size(c.oid) DESC LIMIT 5`,
  )
  return rows.split('\n').join(', ')
}

/** User and system time of the server so far, in seconds; of sessions that have ended, too. Null where it cannot be read. */
export function serverCpuSeconds({ folder }: Pick<Postgres, 'folder'>): number | null {
  try {
    const pid = Number(readFileSync(join(folder, 'data', 'postmaster.pid'), 'utf8').split('\n')[0])
    const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
    const own = all.flatMap((name) => {
      const times = timesOf(name)
      if (times === null) return []
      if (Number(name) === pid) return [times.own + times.ended]
      return times.parent === pid ? [times.own] : []
    })
    return own.reduce((sum, ticks) => sum + ticks, 0) / TICKS_PER_SECOND
  } catch {
    return null
  }
}

/** https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
function timesOf(pid: string) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number)
    const at = (index: number) => fields[index] ?? 0
    return { parent: at(1), own: at(11) + at(12), ended: at(13) + at(14) }
  } catch {
    // It has ended meanwhile.
    return null
  }
}
