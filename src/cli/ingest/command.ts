import type { Command } from 'commander'
import { helpBelow } from '../help.ts'
import type { Io } from '../io.ts'

/** The command `ingest`. */
export function addIngest(program: Command, io: Io, finish: (exitCode: number) => void): void {
  program
    .command('ingest')
    .summary('bring the logs of this machine into a shared ledger, without a listener')
    .description(
      'Reads the logs of this machine into the ledger and follows them, and does nothing else: no port is opened, no organisation is read and no budget is watched. For the machines of a team whose figures another instance shows out of the same PostgreSQL database (storage.url). A database that cannot be reached is waited for; the logs keep what was not stored yet.',
    )
    .addHelpText(
      'after',
      helpBelow(`
Examples:
  claude-usage-exporter ingest --config.file claude-usage-exporter.yml
  claude-usage-exporter ingest --machine.name build-7 --log.format json`),
    )
    .action(async (_options, command: Command) => {
      const { ingest } = await import('./run.ts')
      finish(await ingest(io, command))
    })
}
