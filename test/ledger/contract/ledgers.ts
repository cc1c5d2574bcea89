import { join } from 'node:path'
import { afterAll, afterEach } from 'vitest'
import type { Ledger } from '../../../src/ledger/ledger.ts'
import { openPostgresReader, openPostgresStore, type PostgresOptions } from '../../../src/ledger/postgres/open.ts'
import { ledgerOn } from '../../../src/ledger/sql/ledger.ts'
import { openSqliteReader } from '../../../src/ledger/sqlite/ledger.ts'
import {
  freshSchema,
  hasPostgres,
  type Postgres,
  type PostgresSettings,
  startPostgres,
} from '../../support/postgres.ts'
import { tempFolder } from '../../support/temp.ts'
import { openAs } from '../machines.ts'

/** Where a ledger is kept: it can be opened again and again. */
export interface LedgerPlace {
  /** As the program of a machine does. */
  open(machine?: string): Promise<Ledger>
  /** Beside a writer, or without one. */
  reader(): Promise<Ledger>
}

export interface LedgerKind {
  readonly name: string
  /** An empty place of its own. */
  newPlace(): LedgerPlace
  /** A ledger in a new place. */
  openLedger(): Promise<Ledger>
  /** How often a property is tried here: less where a ledger takes longer to make. */
  runs(count: number): number
}

const SQLITE: LedgerKind = {
  name: 'SQLite',
  newPlace() {
    const path = join(tempFolder(), 'ledger.sqlite')
    return {
      open: async (machine = 'local') => openAs(path, machine),
      reader: async () => openSqliteReader(path),
    }
  },
  openLedger: () => SQLITE.newPlace().open(),
  runs: (count) => count,
}

/**
 * All databases a ledger can be kept in, for `describe.each`: what holds on one holds on the other. The server runs until
 * the file is done.
 */
export function ledgerKinds(): readonly LedgerKind[] {
  if (!hasPostgres()) return [SQLITE]
  const server = sharedPostgres()
  const kind: LedgerKind = {
    name: 'PostgreSQL',
    newPlace() {
      const schema = freshSchema()
      return {
        async open(machine = 'local') {
          const options = postgresOptions(await server(), schema, { machine: { uid: machine, name: machine } })
          const ledger = ledgerOn(await openPostgresStore(options))
          closeLater(ledger)
          return ledger
        },
        async reader() {
          return ledgerOn(await openPostgresReader(postgresOptions(await server(), schema)))
        },
      }
    },
    openLedger: () => kind.newPlace().open(),
    runs: (count) => Math.ceil(count / 30),
  }
  return [SQLITE, kind]
}

/** A server that is started when it is first asked for and stopped after the tests of the file. */
export function sharedPostgres(settings: PostgresSettings = {}): () => Promise<Postgres> {
  let started: Promise<Postgres> | null = null
  afterAll(async () => {
    await (await started)?.stop()
  })
  return () => {
    started ??= startPostgres(settings)
    return started
  }
}

/** Options for a schema of a server, as the program would give them. */
export function postgresOptions(
  { url }: Pick<Postgres, 'url'>,
  schema: string,
  more: Partial<PostgresOptions> = {},
): PostgresOptions {
  return {
    url,
    password: () => null,
    schema,
    poolSize: 4,
    tls: { mode: 'auto', caFile: '', certFile: '', keyFile: '' },
    machine: { uid: 'local', name: 'local' },
    version: '0.0.0-test',
    now: 0,
    ...more,
  }
}

const open = new Set<Ledger>()

/** A test that fails leaves its ledger open. */
export function closeLater(ledger: Ledger): void {
  open.add(ledger)
}

afterEach(async () => {
  for (const ledger of open) await ledger.close().catch(() => {})
  open.clear()
})
