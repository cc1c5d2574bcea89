import { existsSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import type { Config } from '../../config/config.ts'
import { flagsFrom } from '../../config/flags.ts'
import { loadConfig } from '../../config/load.ts'
import { OperatorError } from '../../core/errors.ts'
import type { MachineIdentity } from '../../ledger/machines.ts'
import { type Comparison, compareLedgers, countResponses } from '../../ledger/move/compare.ts'
import { moveLedger } from '../../ledger/move/move.ts'
import { type MoveSource, openMoveSource } from '../../ledger/move/source.ts'
import type { Store } from '../../ledger/sql/store.ts'
import { sqliteLedgerPath } from '../../ledger/sqlite/path.ts'
import { postgresOptions } from '../../ledger-place.ts'
import type { Io } from '../io.ts'
import { ProgressBar } from '../terminal/progress.ts'
import { isMoved, moveLines } from './move-summary.ts'

export interface MoveFlags {
  /** A SQLite ledger, or its folder. */
  readonly from?: string
  readonly dryRun?: boolean
}

/**
 * Moves a SQLite ledger into the PostgreSQL of `storage.url`, then compares both. Returns the exit code: 1 when the
 * database lacks anything of the file.
 */
export async function moveIntoDatabase(io: Io, command: Command, { from, dryRun = false }: MoveFlags): Promise<number> {
  const { config } = await loadConfig({ ...io.host, flags: flagsFrom(command) })
  if (config.storage.url === '') {
    throw new OperatorError('There is no database to move the ledger into', {
      seen: 'storage.url is not set',
      fix: 'Give the URL of a PostgreSQL database, for example --storage.url=postgres://user@host:5432/database.',
    })
  }
  const source = openMoveSource(fileOf(io, config, from), io.clock.now())
  try {
    const target = await openTarget(io, config, from === undefined ? null : source.identity, dryRun)
    try {
      return await run(io, source, target, dryRun)
    } finally {
      await target.close()
    }
  } finally {
    source.close()
  }
}

function fileOf(io: Io, config: Pick<Config, 'storage'>, from: string | undefined): string {
  if (from === undefined) return sqliteLedgerPath(config.storage.path)
  const path = resolve(io.host.workingFolder, from)
  const isFolder = existsSync(path) && statSync(path).isDirectory()
  return isFolder ? join(path, 'ledger.sqlite') : path
}

/**
 * For the machine that the file belongs to. A file from elsewhere may be that of another machine.
 *
 * @param identity null for this machine
 */
async function openTarget(
  io: Io,
  config: Pick<Config, 'storage' | 'machine'>,
  identity: MachineIdentity | null,
  dryRun: boolean,
): Promise<Store> {
  const { openPostgresReader, openPostgresStore } = await import('../../ledger/postgres/open.ts')
  const own = postgresOptions(config, io.clock)
  const options = identity === null ? own : { ...own, machine: identity }
  if (!dryRun) return openPostgresStore(options)
  return openPostgresReader(options).catch((error) => {
    if (!(error instanceof OperatorError) || !error.message.startsWith('There is no ledger')) throw error
    throw new OperatorError(error.message, {
      fix: 'All of the file would be moved. Run the command without --dry-run, which makes the ledger there.',
      cause: error,
    })
  })
}

async function run(io: Io, source: MoveSource, target: Store, dryRun: boolean): Promise<number> {
  const total = await countResponses(source.rows)
  if (!dryRun) {
    await withBar(io, 'Moving responses', total, (onMoved) =>
      moveLedger({ source, target, now: io.clock.now(), onMoved }),
    )
  }
  const comparison: Comparison = await withBar(io, 'Comparing responses', total, (onCompared) =>
    compareLedgers(source, target, onCompared),
  )
  const lines = moveLines({ comparison, from: source.path, to: target.place, dryRun }, io.stdout)
  io.stdout.write(`${lines.join('\n')}\n`)
  return isMoved(comparison) ? 0 : 1
}

async function withBar<T>(
  io: Io,
  text: string,
  total: number,
  work: (step: (more: number) => void) => Promise<T>,
): Promise<T> {
  let done = 0
  const bar = io.stderr.isTTY ? new ProgressBar(io.stderr, text, () => ({ done, total }), 'windows') : null
  try {
    return await work((more) => {
      done += more
    })
  } finally {
    bar?.end()
  }
}
