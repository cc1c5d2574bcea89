import { existsSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { OperatorError } from '../../core/errors.ts'
import type { Io } from '../io.ts'
import { formatBytes } from '../terminal/figures.ts'
import { copyLedger } from './copy.ts'
import { ledgerFile, requireFile } from './place.ts'

/** Copies the ledger to a new file, beside a running exporter if there is one. */
export async function backupLedger(io: Io, command: Command, file: string): Promise<void> {
  const path = await ledgerFile(io, command, 'Use pg_dump, or what else backs up this database.')
  requireFile(path, 'ledger')
  const target = resolve(io.host.workingFolder, file)
  if (existsSync(target)) {
    throw new OperatorError('The backup would overwrite a file', {
      seen: target,
      fix: 'Give another name, or remove the file first.',
    })
  }
  await copyLedger(path, target)
  io.stdout.write(`Backed up ${path} to ${target} (${formatBytes(statSync(target).size)}).\n`)
}
