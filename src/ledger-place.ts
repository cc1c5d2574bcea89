import { existsSync, readFileSync } from 'node:fs'
import type { Config } from './config/config.ts'
import { OperatorError } from './core/errors.ts'
import { type Ledger, LedgerError } from './ledger/ledger.ts'
import type { PostgresOptions } from './ledger/postgres/options.ts'
import { parseServerUrl } from './ledger/postgres/url.ts'
import { openWhenAsked } from './ledger/reconnecting.ts'
import { openSqliteLedger, openSqliteReader } from './ledger/sqlite/ledger.ts'
import { isLocked } from './ledger/sqlite/lock.ts'
import { sqliteLedgerPath } from './ledger/sqlite/path.ts'
import type { Clock } from './lib/clock.ts'
import { VERSION } from './lib/version.ts'
import { machineIdentity } from './machine-identity.ts'

/** Where the configuration has the ledger: a file of this machine, or a database that several machines may share. */
export interface LedgerPlace {
  /** For people: a path, or a URL without its password. */
  readonly text: string
  /** The file; null for a database. */
  readonly file: string | null
  /** False while there is no file yet. */
  exists(): boolean
  /** Rejects with OperatorError for what a person has to mend, LedgerError `away` where a server cannot be reached. */
  openWriter(): Promise<Ledger>
  /** As it is now, beside whoever writes it; rejects like `openWriter`. */
  openReader(): Promise<Ledger>
  /** True while an exporter of this machine is at work on it; rejects like `openWriter`. */
  isInUse(): Promise<boolean>
}

export function ledgerPlace(config: Pick<Config, 'storage' | 'machine'>, clock: Clock): LedgerPlace {
  return config.storage.url === '' ? filePlace(config, clock) : databasePlace(config, clock)
}

/**
 * The ledger for a program that runs for long. A file is opened now, so that what is wrong with it is told at once; a
 * server need not be there yet. Rejects with OperatorError.
 */
export async function openLedgerOf(config: Pick<Config, 'storage' | 'machine'>, clock: Clock): Promise<Ledger> {
  const place = ledgerPlace(config, clock)
  if (place.file !== null) return place.openWriter()
  const ledger = openWhenAsked({ place: place.text, machine: machineIdentity(config).name }, place.openWriter)
  try {
    // A wrong password or a schema of a newer version is not waited for.
    await ledger.machines()
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error
  }
  return ledger
}

function filePlace(config: Pick<Config, 'storage' | 'machine'>, clock: Clock): LedgerPlace {
  const { storage } = config
  const path = sqliteLedgerPath(storage.path)
  const { synchronous, allowNetworkFilesystem } = storage
  return {
    text: path,
    file: path,
    exists: () => existsSync(path),
    openWriter: async () =>
      openSqliteLedger({
        path,
        synchronous,
        allowNetworkFilesystem,
        now: clock.now(),
        machine: machineIdentity(config),
      }),
    openReader: async () => openSqliteReader(path),
    isInUse: async () => existsSync(path) && isLocked(path),
  }
}

function databasePlace(config: Pick<Config, 'storage' | 'machine'>, clock: Clock): LedgerPlace {
  const options = () => postgresOptions(config, clock)
  // Loaded only where it is used: most ledgers are files.
  const modules = () => Promise.all([import('./ledger/postgres/open.ts'), import('./ledger/sql/ledger.ts')])
  const openReader = async () => {
    const [{ openPostgresReader }, { ledgerOn }] = await modules()
    return ledgerOn(await openPostgresReader(options()))
  }
  return {
    text: parseServerUrl(config.storage.url).place,
    file: null,
    exists: () => true,
    async openWriter() {
      const [{ openPostgresStore }, { ledgerOn }] = await modules()
      return ledgerOn(await openPostgresStore(options()))
    },
    openReader,
    async isInUse() {
      const [{ hasLedger }] = await modules()
      if (!(await hasLedger(options()))) return false
      const ledger = await openReader()
      try {
        return await ledger.isFollowed()
      } finally {
        await ledger.close()
      }
    },
  }
}

export function postgresOptions(config: Pick<Config, 'storage' | 'machine'>, clock: Clock): PostgresOptions {
  const { url, schema, poolSize, tls, password, passwordFile } = config.storage
  return {
    url,
    schema,
    poolSize,
    tls,
    // Read for every connection, so that a password can change while the exporter runs.
    password: () => (passwordFile === '' ? password || null : passwordIn(passwordFile)),
    machine: machineIdentity(config),
    version: VERSION,
    now: clock.now(),
  }
}

function passwordIn(file: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '')
  } catch (cause) {
    throw new OperatorError('The file with the password of the ledger cannot be read', {
      seen: file,
      fix: 'Check storage.password_file and who may read the file.',
      cause,
    })
  }
}
