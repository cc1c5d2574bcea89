import pg, { type Client, type ClientConfig, type Pool, type PoolClient } from 'pg'
import type { PostgresOptions } from './options.ts'
import { VALUE_TYPES } from './parse-value.ts'
import { tlsFor } from './tls.ts'
import { parseServerUrl, type ServerAddress } from './url.ts'

const CONNECT_TIMEOUT_MS = 10_000
const IDLE_MS = 60_000
const KEEP_ALIVE_AFTER_MS = 30_000
/** An answer that the server itself should have given up on: the network swallowed it. */
const SILENCE_MS = 15_000

/** What one kind of connection may take, milliseconds. */
interface Limits {
  readonly statement: number
  readonly idleInTransaction: number
  readonly lock: number
}

const READING: Limits = { statement: 60_000, idleInTransaction: 60_000, lock: 10_000 }
const WRITING: Limits = { statement: 300_000, idleInTransaction: 60_000, lock: 10_000 }
const FROZEN: Limits = { statement: 300_000, idleInTransaction: 600_000, lock: 10_000 }

/** The connections of a ledger: one that writes, some that read, and those that stay at one moment. */
export interface Connections {
  readonly place: string
  /** The one that writes; a new one where the last was lost. */
  writer(): Promise<Client>
  /** Forgets the one that writes: what it would answer cannot be trusted. */
  dropWriter(): void
  reader(): Promise<PoolClient>
  /** One that stays at a moment; it counts until it is let go, which `close` does too. */
  frozen(): Promise<FrozenConnection>
  close(): Promise<void>
}

export interface FrozenConnection {
  readonly client: PoolClient
  /** May be called again. */
  readonly letGo: () => void
}

/** Connects nothing yet. Throws OperatorError for a URL or certificates that cannot be used. */
export function createConnections(options: PostgresOptions): Connections {
  const address = parseServerUrl(options.url)
  const configured = (limits: Limits) => clientConfig(options, address, limits)
  const frozenSize = Math.floor(options.poolSize / 2)
  const frozen = makePool(configured(FROZEN), frozenSize, options.schema, FROZEN)
  const readers = makePool(configured(READING), Math.max(1, options.poolSize - 1 - frozenSize), options.schema, READING)
  const open = new Set<() => void>()
  let writer: Promise<Client> | null = null

  const dropWriter = () => {
    const dropped = writer
    writer = null
    dropped?.then(hangUp, () => {})
  }
  return {
    place: address.place,
    writer() {
      if (writer !== null) return writer
      const opened = connect(configured(WRITING), options.schema, WRITING, () => {
        if (writer === opened) writer = null
      })
      writer = opened
      opened.catch(() => {
        if (writer === opened) writer = null
      })
      return opened
    },
    dropWriter,
    reader: () => readers.connect(),
    async frozen() {
      const client = await frozen.connect()
      const letGo = () => {
        if (open.delete(letGo)) client.release(true)
      }
      open.add(letGo)
      return { client, letGo }
    },
    async close() {
      const last = writer
      writer = null
      await last?.then((client) => client.end()).catch(() => {})
      for (const letGo of open) letGo()
      await Promise.all([readers.end(), frozen.end()])
    },
  }
}

async function connect(config: ClientConfig, schema: string, limits: Limits, gone: () => void): Promise<Client> {
  const client = new pg.Client(config)
  // Every query that it breaks says so itself; a connection that breaks between two must not end the program.
  client.on('error', gone)
  client.on('end', gone)
  try {
    await client.connect()
    await client.query(preparation(schema, limits))
    return client
  } catch (error) {
    hangUp(client)
    throw error
  }
}

function makePool(config: ClientConfig, max: number, schema: string, limits: Limits): Pool {
  const pool = new pg.Pool({
    ...config,
    max,
    idleTimeoutMillis: IDLE_MS,
    allowExitOnIdle: true,
    onConnect: async (client) => {
      client.on('error', () => {})
      await client.query(preparation(schema, limits))
    },
  })
  pool.on('error', () => {})
  return pool
}

/** Closes a connection without waiting for its end. */
function hangUp(client: Client): void {
  client.end().catch(() => {})
}

function clientConfig({ password, tls }: PostgresOptions, address: ServerAddress, limits: Limits): ClientConfig {
  const { host, port, user, database } = address
  return {
    host,
    port,
    user,
    database,
    // The driver takes `undefined` for none, which its types do not tell.
    password: (() => password() ?? address.password ?? undefined) as () => string,
    ssl: tlsFor(tls, address),
    application_name: 'claude-usage-exporter',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: limits.statement + SILENCE_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS,
    types: VALUE_TYPES,
  }
}

/** Settings of a session; sent as a query, because not everything between here and the server takes start-up options. */
function preparation(schema: string, { statement, idleInTransaction, lock }: Limits): string {
  return [
    `SET search_path TO ${quoted(schema)}`,
    `SET TimeZone TO 'UTC'`,
    'SET extra_float_digits TO 1',
    'SET standard_conforming_strings TO on',
    `SET client_min_messages TO warning`,
    `SET statement_timeout TO ${statement}`,
    `SET idle_in_transaction_session_timeout TO ${idleInTransaction}`,
    `SET lock_timeout TO ${lock}`,
  ].join('; ')
}

/** A name as SQL takes it, whatever is in it. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
