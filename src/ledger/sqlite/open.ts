import { existsSync, mkdirSync, statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import Sqlite, { type Database } from 'better-sqlite3'
import { OperatorError } from '../../core/errors.ts'
import type { MachineIdentity } from '../machines.ts'
import { MIGRATIONS, migrate, refuseNewer, versionOf } from '../migrate.ts'
import type { StoreMachine } from '../sql/store.ts'
import { toLedgerError } from './failure.ts'
import { keepWal } from './keep-wal.ts'
import { lockLedger } from './lock.ts'
import { registerMachine } from './machine.ts'
import { refuseBadNode } from './node-version.ts'

const BUSY_TIMEOUT_MS = 5_000
const CACHE_KIB = 4_096
/** Keys are random, so that a page is written many times while history loads: let that happen in the log. */
const CHECKPOINT_PAGES = 4_000

export interface OpenOptions {
  readonly path: string
  readonly synchronous: 'normal' | 'full'
  readonly allowNetworkFilesystem: boolean
  readonly now: number
  /** Whose logs are read into it; without it the ledger stays that of the machine it had last. */
  readonly machine?: MachineIdentity
  /** Size limit in pages, at which SQLite answers as on a full disk; for rehearsing that. */
  readonly maxPages?: number
}

export interface OpenedLedger {
  readonly writer: Database
  readonly reader: Database
  readonly machine: StoreMachine
  readonly unlock: () => void
}

/** Opens a ledger for writing, making or upgrading it as needed. Throws OperatorError with the way out. */
export function openForWriting(options: OpenOptions): OpenedLedger {
  const { path, synchronous } = options
  refuseBadNode(process.versions.node)
  makeFolder(path)
  if (!options.allowNetworkFilesystem) refuseNetwork(path)
  const unlock = lockLedger(path)
  const wal = keepWal(path)
  let writer: Database | undefined
  try {
    writer = new Sqlite(path, { timeout: BUSY_TIMEOUT_MS })
    writer.pragma('journal_mode = WAL')
    writer.pragma(`synchronous = ${synchronous}`)
    writer.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`)
    writer.pragma(`cache_size = -${CACHE_KIB}`)
    migrate({ db: writer, path, now: options.now })
    const machine = registerMachine(writer, options.machine, options.now)
    if (options.maxPages !== undefined) writer.pragma(`max_page_count = ${options.maxPages}`)
    const reader = openReader(path)
    wal.forget()
    return { writer, reader, machine, unlock }
  } catch (error) {
    writer?.close()
    wal.restore()
    unlock()
    throw explain(error, path)
  }
}

/** Opens a ledger that an exporter may be writing to. Throws OperatorError when there is none. */
export function openForReading(path: string): Database {
  refuseBadNode(process.versions.node)
  if (!existsSync(path)) {
    throw new OperatorError(`There is no ledger at ${path}`, {
      fix: 'Start the exporter, or run `claude-usage-exporter sync --type sessions` once.',
    })
  }
  try {
    const reader = openReader(path)
    refuseNewer(versionOf(reader), MIGRATIONS.length, path)
    return reader
  } catch (error) {
    throw explain(error, path)
  }
}

function openReader(path: string): Database {
  const reader = new Sqlite(path, { readonly: true, timeout: BUSY_TIMEOUT_MS })
  reader.pragma(`cache_size = -${CACHE_KIB}`)
  return reader
}

function makeFolder(path: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  } catch (cause) {
    throw new OperatorError(`Cannot make the folder ${dirname(path)} for the ledger`, {
      seen: cause instanceof Error ? cause.message : cause,
      fix: 'Make it writable for this user, or choose another one with --storage.path.',
    })
  }
}

/** File system types of statfs(2) whose locks cannot be trusted across machines. */
const NETWORK_TYPES = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB2'],
  [0x01021997, '9P'],
  [0x5346414f, 'AFS'],
  [0x00c36400, 'Ceph'],
])
const SYNCED_FOLDER =
  /[\\/](Dropbox|OneDrive[^\\/]*|Google Drive|GoogleDrive|iCloud Drive|Mobile Documents|Nextcloud)[\\/]/i

function refuseNetwork(path: string): void {
  const kind = NETWORK_TYPES.get(statfsSync(dirname(path)).type >>> 0) ?? SYNCED_FOLDER.exec(path)?.[1]
  if (kind === undefined) return
  throw new OperatorError(`The ledger ${path} would lie on a network or synced folder`, {
    seen: kind,
    fix: 'Choose a folder on a local disk with --storage.path: such folders damage SQLite files. If you are sure, set storage.allow_network_filesystem.',
  })
}

function explain(error: unknown, path: string): Error {
  if (error instanceof OperatorError) return error
  const failed = toLedgerError(error, path)
  if (failed.failure === 'corrupt') {
    return new OperatorError(`The ledger ${path} is damaged`, {
      seen: failed.message,
      fix: 'Restore a backup (`claude-usage-exporter ledger restore FILE`), try `sqlite3 FILE .recover`, or start over with --new-ledger, which keeps the old file beside the new one.',
      cause: failed,
    })
  }
  if (failed.failure === 'read_only' || failed.failure === 'full') {
    return new OperatorError(`The ledger ${path} cannot be written`, {
      seen: failed.message,
      fix: 'Free space and make file and folder writable for this user, or choose another folder with --storage.path.',
      cause: failed,
    })
  }
  return failed
}
