import { dirname } from 'node:path'
import type { Flags } from '../../config/flags.ts'
import type { ConfigInput } from '../../config/input.ts'
import type { LoadedConfig } from '../../config/load.ts'
import { OperatorError } from '../../core/errors.ts'
import { sqliteLedgerPath } from '../../ledger/sqlite/path.ts'
import { escapeControls } from '../../lib/escape.ts'
import { absolutePath } from '../../lib/paths.ts'
import { closest } from '../../lib/suggest.ts'
import { STANDARD_OUTPUT } from '../output/standard-output.ts'
import type { SchedulerOptions } from './command.ts'
import { fiveFields, parseCron } from './cron-fields.ts'
import { forwardedFlags } from './forwarded-flags.ts'
import type { JobTime, ScheduledJob } from './job.ts'
import { splitWords } from './words.ts'

export interface JobRequest {
  /** Words that start the program. */
  readonly program: readonly string[]
  /** Names of the program's commands. */
  readonly commands: readonly string[]
  readonly flags: Flags
  readonly loaded: LoadedConfig
  readonly host: Omit<ConfigInput, 'flags'>
  readonly options: Pick<SchedulerOptions, 'run' | 'schedule' | 'tz' | 'name'>
}

const SERVE = 'serve'
/** Commands that run all the time. */
const RUNNING_ALWAYS = [SERVE, 'ingest']

const PROGRAM_NAME = 'claude-usage-exporter'

/** The job that is asked for. Throws OperatorError for a command or times that cannot be. */
export function scheduledJob({ program, commands, flags, loaded, host, options }: JobRequest): ScheduledJob {
  const words = splitWords(options.run)
  const [name = ''] = words
  refuseUnknown(name, commands, options.run)
  const argv = [...program, ...words, ...forwardedFlags(flags, loaded)]
  const job: ScheduledJob = {
    name: options.name ?? (name === SERVE ? PROGRAM_NAME : `${PROGRAM_NAME}-${name}`),
    description: `${PROGRAM_NAME} ${options.run}`,
    argv,
    time: RUNNING_ALWAYS.includes(name) ? null : jobTime(options, loaded),
    canReload: name === SERVE,
    workingFolder: host.workingFolder,
    home: host.home,
    writableFolders: writableFolders(words, loaded, host),
    machineTimeZone: host.timeZone,
  }
  refuseControls([...job.argv, job.workingFolder, job.home, job.description, ...job.writableFolders])
  return job
}

function jobTime({ schedule, tz }: JobRequest['options'], { config, settings }: LoadedConfig): JobTime {
  const expression = fiveFields(schedule)
  const isZoneGiven = settings.some(({ path, where }) => path === 'time_zone' && where !== null)
  return {
    expression,
    fields: parseCron(expression),
    timeZone: tz ?? (isZoneGiven ? config.timeZone : null),
  }
}

function refuseUnknown(name: string, commands: readonly string[], run: string): void {
  if (commands.includes(name)) return
  const near = closest(name, commands)
  throw new OperatorError('--run needs a command of this program', {
    seen: run,
    fix: near === null ? 'Commands are listed by --help.' : `Did you mean ${near}?`,
  })
}

/** The ledger's folder, and those of the files that the command or the configuration names. */
function writableFolders(words: readonly string[], { config }: LoadedConfig, host: JobRequest['host']): string[] {
  const outputs = words.flatMap((word, index) => {
    const [, flag, value] = /^(--output|--update-section)(?:=(.*))?$/.exec(word) ?? []
    return flag === undefined ? [] : [value ?? words[index + 1] ?? STANDARD_OUTPUT]
  })
  const folders = [...outputs, ...config.reports.map(({ output }) => output)]
    .filter((file) => file !== STANDARD_OUTPUT)
    .map((file) => dirname(absolutePath(host, host.workingFolder, file)))
  return [...new Set([dirname(sqliteLedgerPath(config.storage.path)), ...folders])]
}

/** No format can have a line break or worse within a word. */
function refuseControls(texts: readonly string[]): void {
  const wrong = texts.find((text) => escapeControls(text) !== text)
  if (wrong === undefined) return
  throw new OperatorError('A command or path holds control characters, which no scheduler takes', {
    seen: wrong,
    fix: 'Use a path without them.',
  })
}
