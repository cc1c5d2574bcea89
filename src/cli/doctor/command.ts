import { type Command, InvalidArgumentError, Option } from 'commander'
import { helpBelow } from '../help.ts'
import type { Io } from '../io.ts'

/** The options of `doctor`, as parsed. */
export interface DoctorOptions {
  readonly exporter?: URL
  readonly prometheus?: URL
  readonly alertmanager?: URL
  readonly grafana?: URL
  readonly grafanaTokenFile?: string
  readonly json?: boolean
}

const DESCRIPTION =
  'Walks the way of the figures, from the session logs over the ledger and the running exporter to Prometheus, Alertmanager and Grafana where their addresses are given, tells how each hop is and names the first that is broken, with what to do. It changes nothing, follows no redirects and waits at most 5 seconds for each. Exit code 1 when a hop is broken.'

const AFTER = `
Examples:
  claude-usage-exporter doctor
  claude-usage-exporter doctor --prometheus http://127.0.0.1:9090 --grafana http://127.0.0.1:3000
  claude-usage-exporter doctor --json`

/**
 * Adds `doctor`.
 *
 * @param finish takes the exit code
 */
export function addDoctor(program: Command, io: Io, helpGroup: string, finish: (exitCode: number) => void): void {
  const url = (flags: string, about: string) => new Option(flags, about).argParser(parseUrl)
  program
    .command('doctor')
    .helpGroup(helpGroup)
    .summary('find what is broken between logs and dashboards')
    .description(DESCRIPTION)
    .addOption(url('--exporter <url>', 'Where the exporter answers; web.listen_address on this machine unless given.'))
    .addOption(url('--prometheus <url>', 'Look at this Prometheus too.'))
    .addOption(url('--alertmanager <url>', 'Look at this Alertmanager too.'))
    .addOption(url('--grafana <url>', 'Look at this Grafana too.'))
    .option('--grafana-token-file <file>', 'File with a service account token of Grafana, where it asks for a login.')
    .option('--json', 'Print JSON (schemaVersion 1).')
    .addHelpText('after', helpBelow(AFTER))
    .action(async (_options, command: Command) => {
      const { runDoctor } = await import('./run.ts')
      finish(await runDoctor(io, command))
    })
}

function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new InvalidArgumentError('Give an address such as http://127.0.0.1:9090.')
  }
  if (url.username !== '' || url.password !== '') {
    throw new InvalidArgumentError('Leave out user and password: command lines can be seen by others.')
  }
  url.search = ''
  url.hash = ''
  return url
}
