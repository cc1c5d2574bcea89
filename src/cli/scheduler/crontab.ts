import { OperatorError } from '../../core/errors.ts'
import type { ScheduledJob, SchedulerFiles } from './job.ts'
import { shellLine, shellWord } from './quoting.ts'

/** Longer commands are cut off by Vixie cron and its descendants. */
const MAX_COMMAND_CHARACTERS = 990

/**
 * Lines for `crontab`.
 *
 * @param logFile absolute path of the file that output is appended to; null: the system's log
 */
export function crontabFiles(job: ScheduledJob, logFile: string | null): SchedulerFiles {
  const zone = otherZone(job)
  const lines = [
    `# ${job.description.replaceAll('%', '\\%')}`,
    '# cron starts it with almost no environment: paths are absolute, and nothing of a login shell is needed.',
    ...(zone === null ? [] : zoneRemarks(zone)),
    `${job.time?.expression ?? '@reboot'} ${command(job, logFile)}`,
  ]
  return {
    files: [{ name: `${job.name}.cron`, text: `${lines.join('\n')}\n` }],
    notes: zone === null ? [] : [zoneNote(zone, job.machineTimeZone)],
    next: [`(crontab -l; cat ${job.name}.cron) | crontab -`, 'crontab -l'],
  }
}

/** The zone, where the machine's is another. */
function otherZone({ time, machineTimeZone }: ScheduledJob): string | null {
  return time === null || time.timeZone === machineTimeZone ? null : time.timeZone
}

function zoneRemarks(zone: string): string[] {
  return [
    '# CRON_TZ is known to cronie (Fedora, RHEL, Arch) and holds for all lines below it, so let these be the last.',
    "# Debian's and Ubuntu's cron, BusyBox and macOS do not know it: there the times are those of the machine's zone.",
    `CRON_TZ=${zone}`,
  ]
}

function zoneNote(zone: string, machine: string): string {
  return `The times are of ${zone}, and this machine's zone is ${machine}: right only with a cron that knows CRON_TZ, such as cronie. Elsewhere use a timer of systemd, or give the machine's own times without --tz.`
}

function command(job: ScheduledJob, logFile: string | null): string {
  const log = logFile === null ? `2>&1 | logger -t ${shellWord(job.name)}` : `>>${shellWord(logFile)} 2>&1`
  const text = `cd ${shellWord(job.workingFolder)} && ${shellLine(job.argv)} ${log}`
  if (text.includes('\\')) {
    throw new OperatorError('Not every cron can have a backslash in a command', {
      seen: text,
      fix: 'Use paths without backslashes, or --format systemd.',
    })
  }
  // An unescaped per cent sign ends the command, also between quotes.
  const escaped = text.replaceAll('%', '\\%')
  if (escaped.length > MAX_COMMAND_CHARACTERS) {
    throw new OperatorError(`cron would cut this command off after ${MAX_COMMAND_CHARACTERS} characters`, {
      seen: escaped,
      fix: 'Put settings into the configuration file, or use --format systemd.',
    })
  }
  return escaped
}
