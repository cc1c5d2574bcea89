import type { Command } from 'commander'
import { helpBelow } from '../help.ts'
import type { Io } from '../io.ts'
import type { MoveFlags } from './move.ts'

/** The commands `ledger ...`. */
export function addLedger(program: Command, io: Io, group: string, finish: (exitCode: number) => void): void {
  const ledger = program
    .command('ledger')
    .helpGroup(group)
    .summary('back up, restore, check, repair and move the ledger')
    .description('Back up, restore, check, repair and move the ledger.')
    .addHelpText(
      'after',
      helpBelow(`
Examples:
  claude-usage-exporter ledger backup copy.sqlite     also while an exporter is running
  claude-usage-exporter ledger restore copy.sqlite    the ledger of before is kept beside it
  claude-usage-exporter ledger check
  claude-usage-exporter ledger rebuild-rollups
  claude-usage-exporter ledger move                   the file into the PostgreSQL of storage.url`),
    )
  ledger
    .command('backup')
    .argument('<file>', 'Name of the copy; nothing is overwritten.')
    .description('Copy the ledger to a file, also while an exporter is running.')
    .action(async (file: string, _options, command: Command) => {
      const { backupLedger } = await import('./backup.ts')
      await backupLedger(io, command, file)
    })
  ledger
    .command('restore')
    .argument('<file>', 'A copy that `ledger backup` made.')
    .description('Put a backup in the place of the ledger, which is kept beside it. No exporter may be running.')
    .action(async (file: string, _options, command: Command) => {
      const { restoreLedger } = await import('./restore.ts')
      await restoreLedger(io, command, file)
    })
  ledger
    .command('check')
    .description('Look for damage and wrong sums. Exit code 1 when there are any.')
    .action(async (_options, command: Command) => {
      const { checkLedger } = await import('./check.ts')
      finish(await checkLedger(io, command))
    })
  ledger
    .command('rebuild-rollups')
    .description('Make the sums of the reports anew from the responses. No exporter may be running.')
    .action(async (_options, command: Command) => {
      const { rebuildRollups } = await import('./check.ts')
      finish(await rebuildRollups(io, command))
    })
  ledger
    .command('move')
    .option('--from <file>', 'The SQLite ledger, where it is not the one in storage.path.')
    .option('--dry-run', 'Only compare; change nothing.')
    .description(
      'Move a SQLite ledger into the PostgreSQL of storage.url, then compare both. No exporter may be writing the file, which is left as it is. It can be stopped and run again at any time, and the ledgers of several machines can follow each other: nothing is counted twice. Exit code 1 when the database lacks anything.',
    )
    .action(async (options: MoveFlags, command: Command) => {
      const { moveIntoDatabase } = await import('./move.ts')
      finish(await moveIntoDatabase(io, command, options))
    })
}
