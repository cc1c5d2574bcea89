import { isAbsolute, join } from 'node:path'
import type { Command } from 'commander'
import { flagsFrom } from '../../config/flags.ts'
import { loadConfig } from '../../config/load.ts'
import { OperatorError } from '../../core/errors.ts'
import { absolutePath } from '../../lib/paths.ts'
import type { Io } from '../io.ts'
import { wrap } from '../terminal/wrap.ts'
import type { SchedulerOptions } from './command.ts'
import { crontabFiles } from './crontab.ts'
import { environmentNote } from './environment-note.ts'
import type { ScheduledJob, SchedulerFiles } from './job.ts'
import { type JobRequest, scheduledJob } from './job-request.ts'
import { launchdFiles } from './launchd.ts'
import { openclawFiles } from './openclaw.ts'
import { printFiles, writeFiles } from './output.ts'
import { runningProgram } from './program-words.ts'
import { systemdFiles } from './systemd.ts'

/** Prints or writes the files of a scheduler; what to know and do about them goes to standard error. */
export async function runScheduler(io: Io, command: Command): Promise<void> {
  const options = command.opts<SchedulerOptions>()
  refuseMisplaced(options)
  const flags = flagsFrom(command)
  const loaded = await loadConfig({ ...io.host, flags })
  const absolute = (path: string) => absolutePath(io.host, io.host.workingFolder, path)
  const started = options.program === undefined ? runningProgram(process.execPath, process.argv[1]) : null
  const request: JobRequest = {
    program: started?.words ?? [absolute(options.program ?? '')],
    commands: (command.parent?.commands ?? []).flatMap((other) => [other.name(), ...other.aliases()]),
    flags,
    loaded,
    host: io.host,
    options,
  }
  const job = scheduledJob(request)
  const made = filesOf(job, options, io)
  if (options.output === undefined) printFiles(io, made)
  else await writeFiles(absolute(options.output), made, options.force === true)
  tell(
    io,
    {
      ...made,
      notes: [started?.note, ...made.notes, environmentNote(io.host.env)].filter((note) => typeof note === 'string'),
    },
    options.output,
  )
}

function filesOf(job: ScheduledJob, options: SchedulerOptions, { host }: Io): SchedulerFiles {
  switch (options.format) {
    case 'systemd':
      return systemdFiles(job, { systemUser: systemUser(options, host.env) })
    case 'cron': {
      const { logFile } = options
      return crontabFiles(job, logFile === undefined ? null : absolutePath(host, host.workingFolder, logFile))
    }
    case 'launchd':
      return launchdFiles(job)
    case 'openclaw':
      return openclawFiles(job, options.agentTurn === true)
  }
}

function systemUser({ system, user }: SchedulerOptions, env: Io['host']['env']): string | null {
  if (system !== true) return null
  const name = user ?? env['USER'] ?? env['LOGNAME']
  if (name !== undefined && name !== '') return name
  throw new OperatorError('A unit of the machine needs a user to run as', {
    fix: 'Give the one whose session logs are to be read: --user NAME.',
  })
}

/** An option that would do nothing is a misunderstanding. */
function refuseMisplaced(options: SchedulerOptions): void {
  const misplaced = [
    options.system && options.format !== 'systemd' && '--system is for --format systemd',
    options.user !== undefined && options.system !== true && '--user is for --format systemd --system',
    options.logFile !== undefined && options.format !== 'cron' && '--log-file is for --format cron',
    options.agentTurn && options.format !== 'openclaw' && '--agent-turn is for --format openclaw',
  ].find((text) => typeof text === 'string')
  if (misplaced === undefined) return
  throw new OperatorError(misplaced, { seen: `--format ${options.format}`, fix: 'Leave it out.' })
}

function tell({ stderr }: Io, { files, notes, next }: SchedulerFiles, output: string | undefined): void {
  const { style, width } = stderr
  const paintedNote = (note: string) =>
    wrap(`note: ${note}`, width, 2).join('\n').replace('note:', style.yellow('note:'))
  const lines = [
    ...(output === undefined
      ? []
      : files.map(({ name }) => `Wrote ${isAbsolute(output) ? join(output, name) : join('.', output, name)}`)),
    ...notes.map(paintedNote),
    output === undefined ? 'With the files written by --output FOLDER, in that folder:' : 'Next, in that folder:',
    ...next.map((line) => `  ${line}`),
  ]
  stderr.write(`${lines.join('\n')}\n`)
}
