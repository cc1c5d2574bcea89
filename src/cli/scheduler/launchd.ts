import { OperatorError } from '../../core/errors.ts'
import type { CronFields } from './cron-fields.ts'
import type { JobTime, ScheduledJob, SchedulerFiles } from './job.ts'
import { dayChoices } from './on-calendar.ts'
import { xmlText } from './quoting.ts'

/** More than a day's quarters of an hour for every weekday are better done by the exporter itself. */
const MAX_ENTRIES = 700

type CalendarEntry = Readonly<Record<string, number>>

/** A property list for `~/Library/LaunchAgents`. */
export function launchdFiles(job: ScheduledJob): SchedulerFiles {
  const zone = job.time?.timeZone ?? null
  const file = `${job.name}.plist`
  return {
    files: [{ name: file, text: propertyList(job) }],
    notes:
      zone === null || zone === job.machineTimeZone
        ? []
        : [
            `launchd knows no zones: the times are those of the Mac's own zone, which here is ${job.machineTimeZone}, and not of ${zone}.`,
          ],
    next: [
      `cp ${file} ~/Library/LaunchAgents/`,
      `launchctl bootstrap gui/$(id -u) ~/Library/LaunchAgents/${file}`,
      `launchctl kickstart -p gui/$(id -u)/${job.name}    # once now, to see that it works`,
      `cat ~/Library/Logs/${job.name}.log`,
    ],
  }
}

function propertyList(job: ScheduledJob): string {
  const log = `${job.home}/Library/Logs/${job.name}.log`
  const lines = [
    ...entry('Label', string(job.name)),
    ...entry('ProgramArguments', array(job.argv.map(string))),
    ...entry('WorkingDirectory', string(job.workingFolder)),
    ...(job.time === null
      ? [...entry('RunAtLoad', ['<true/>']), ...entry('KeepAlive', ['<true/>'])]
      : entry('StartCalendarInterval', array(calendarEntries(job.time).map(calendarDict)))),
    ...entry('ProcessType', string('Background')),
    ...entry('StandardOutPath', string(log)),
    ...entry('StandardErrorPath', string(log)),
  ]
  return `${[HEAD, '<dict>', ...lines.map((line) => `  ${line}`), '</dict>', '</plist>'].join('\n')}\n`
}

const HEAD = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">`

/** Every combination of the values that are given; what is left out matches always. */
function calendarEntries({ fields, expression }: JobTime): CalendarEntry[] {
  const entries = dayChoices(fields).flatMap((days) => combinations({ ...fields, ...days }))
  if (entries.length <= MAX_ENTRIES) return entries
  throw new OperatorError(`launchd would need ${entries.length} entries for these times, more than ${MAX_ENTRIES}`, {
    seen: expression,
    fix: 'Use fewer times, or let the exporter run all the time: --run serve.',
  })
}

function combinations(fields: CronFields): CalendarEntry[] {
  const keys = [
    ['Month', fields.months],
    ['Day', fields.daysOfMonth],
    ['Weekday', fields.weekdays],
    ['Hour', fields.hours],
    ['Minute', fields.minutes],
  ] as const
  return keys.reduce<CalendarEntry[]>(
    (entries, [key, values]) =>
      values === null ? entries : entries.flatMap((given) => values.map((value) => ({ ...given, [key]: value }))),
    [{}],
  )
}

function calendarDict(entries: CalendarEntry): string[] {
  const items = Object.entries(entries).flatMap(([key, value]) => entry(key, [`<integer>${value}</integer>`]))
  return ['<dict>', ...items.map((line) => `  ${line}`), '</dict>']
}

function array(items: readonly (readonly string[])[]): string[] {
  return ['<array>', ...items.flat().map((line) => `  ${line}`), '</array>']
}

function string(text: string): string[] {
  return [`<string>${xmlText(text)}</string>`]
}

function entry(key: string, value: readonly string[]): string[] {
  return [`<key>${key}</key>`, ...value]
}
