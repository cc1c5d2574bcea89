import { randomUUID } from 'node:crypto'
import { OperatorError } from '../../core/errors.ts'
import { MIGRATIONS } from '../migrate.ts'
import type { Store } from '../sql/store.ts'
import { lookFrom } from './commit-log.ts'
import { createConnections } from './connections.ts'
import { explained } from './explain.ts'
import { frozenStore } from './frozen.ts'
import { findMachine, registerMachine } from './machine.ts'
import { migratePostgres, refuseNewerSchema, refuseOldServer, schemaVersion } from './migrate.ts'
import type { PostgresOptions } from './options.ts'
import { PostgresStore } from './store.ts'

export type { PostgresOptions } from './options.ts'

/**
 * Opens a ledger for writing: makes or upgrades its schema and makes this machine known. Rejects with LedgerError `away`
 * when the server cannot be reached, with OperatorError for what a person has to mend.
 */
export async function openPostgresStore(options: PostgresOptions): Promise<PostgresStore> {
  const connections = createConnections(options)
  try {
    const client = await connections.writer()
    await migratePostgres({ client, schema: options.schema, place: connections.place, now: options.now })
    const machine = await registerMachine(client, options.machine, options.version)
    const lookedAt = await lookFrom(client)
    return new PostgresStore({ connections, machine, holder: randomUUID(), lookedAt })
  } catch (error) {
    await connections.close()
    throw explained(error, connections.place, options)
  }
}

/** False for a database or schema that no program has written to yet. Rejects as `openPostgresStore` does. */
export async function hasLedger(options: PostgresOptions): Promise<boolean> {
  const connections = createConnections(options)
  try {
    const { client } = await connections.frozen()
    return (await schemaVersion(client)) > 0
  } catch (error) {
    throw explained(error, connections.place, options)
  } finally {
    await connections.close()
  }
}

/** Opens a ledger as it is at this moment, for reading. Rejects as `openPostgresStore` does, and where there is none. */
export async function openPostgresReader(options: PostgresOptions): Promise<Store> {
  const connections = createConnections(options)
  const { place } = connections
  try {
    const { client } = await connections.frozen()
    await refuseOldServer(client, place)
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    const version = await schemaVersion(client)
    if (version === 0) {
      throw new OperatorError(`There is no ledger at ${place}, schema ${options.schema}`, {
        fix: 'Start the exporter, run `claude-usage-exporter sync --type sessions` once, or bring a ledger from a file: `ledger move`.',
      })
    }
    refuseNewerSchema(version, MIGRATIONS.length, place, options.schema)
    const machine = await findMachine(client, options.machine)
    const isCurrent = version === MIGRATIONS.length
    return frozenStore({ client, place, machine, holder: randomUUID(), isCurrent, close: connections.close })
  } catch (error) {
    await connections.close()
    throw explained(error, place, options)
  }
}
