import { OperatorError } from '../../core/errors.ts'
import type { ScheduledJob, SchedulerFiles } from './job.ts'
import { onCalendar } from './on-calendar.ts'
import { shellWord, unitArgument, unitPath, unitWord } from './quoting.ts'

export interface SystemdOptions {
  /** The user that a system unit runs as; null: a unit of the user manager. */
  readonly systemUser: string | null
}

const USER_FOLDER = '~/.config/systemd/user'
const SYSTEM_FOLDER = '/etc/systemd/system'

/** A service, and the timer that starts it unless it runs all the time. */
export function systemdFiles(job: ScheduledJob, { systemUser }: SystemdOptions): SchedulerFiles {
  const service = { name: `${job.name}.service`, text: serviceUnit(job, systemUser) }
  const folder = systemUser === null ? USER_FOLDER : SYSTEM_FOLDER
  const start = job.time === null ? service.name : `${job.name}.timer`
  const files = job.time === null ? [service] : [service, { name: `${job.name}.timer`, text: timerUnit(job, job.time) }]
  const control = systemUser === null ? 'systemctl --user' : 'sudo systemctl'
  return {
    files,
    notes: [],
    next: [
      // Tells whether this systemd understands the times, zones above all.
      ...calendarEvents(job).map((event) => `systemd-analyze calendar ${shellWord(event)}`),
      ...(systemUser === null ? [] : job.writableFolders.map((path) => `mkdir -p ${shellWord(path)}`)),
      `${systemUser === null ? 'cp' : 'sudo cp'} ${files.map(({ name }) => name).join(' ')} ${folder}/`,
      `${control} daemon-reload`,
      `${control} enable --now ${start}`,
      // Without it the user manager, and all timers with it, ends at the last logout.
      ...(systemUser === null ? ['loginctl enable-linger'] : []),
      ...(job.time === null ? [] : [`${control} start ${service.name}    # once now, to see that it works`]),
      `journalctl ${systemUser === null ? '--user ' : ''}-u ${service.name}`,
    ],
  }
}

function calendarEvents({ time }: ScheduledJob): string[] {
  return time === null ? [] : onCalendar(time.fields, time.timeZone)
}

function serviceUnit(job: ScheduledJob, systemUser: string | null): string {
  const home = systemUser === null ? job.home : null
  refuseUnspeakable(job)
  const [program = '', ...words] = job.argv
  const command = [unitWord(program, home), ...words.map((word) => unitArgument(word, home))].join(' ')
  const isRunningAlways = job.time === null
  return unit([
    ['Unit', [`Description=${unitText(job.description)}`, ...(isRunningAlways ? ['After=network.target'] : [])]],
    [
      'Service',
      [
        ...(isRunningAlways
          ? [
              'Type=exec',
              'Restart=on-failure',
              'RestartSec=10',
              '# The configuration has to change first.',
              'RestartPreventExitStatus=2',
              ...(job.canReload ? ['ExecReload=/bin/kill -HUP $MAINPID'] : []),
            ]
          : ['Type=oneshot', 'TimeoutStartSec=1h', 'Nice=10']),
        ...(systemUser === null ? [] : [`User=${systemUser}`]),
        `WorkingDirectory=${unitPath(job.workingFolder, home)}`,
        `ExecStart=${command}`,
        'UMask=0077',
        ...COMMON_HARDENING,
        ...(systemUser === null ? [USER_REMARK] : systemHardening(job)),
        ...(systemUser !== null && isRunningAlways ? SUGGESTIONS : []),
      ],
    ],
    ...(isRunningAlways
      ? [['Install', [`WantedBy=${systemUser === null ? 'default' : 'multi-user'}.target`]] as const]
      : []),
  ])
}

function timerUnit(job: ScheduledJob, { fields, timeZone, expression }: NonNullable<ScheduledJob['time']>): string {
  return unit([
    ['Unit', [`Description=${unitText(job.description)}, at its times`]],
    [
      'Timer',
      [
        `# cron: ${expression}`,
        ...onCalendar(fields, timeZone).map((event) => `OnCalendar=${event}`),
        '# What was missed while the machine was off is made up once.',
        'Persistent=true',
        'RandomizedDelaySec=60',
      ],
    ],
    ['Install', ['WantedBy=timers.target']],
  ])
}

/** Holds in every manager. No MemoryDenyWriteExecute: the compiler of Node.js needs such memory. */
const COMMON_HARDENING = [
  'NoNewPrivileges=yes',
  'LockPersonality=yes',
  'RestrictRealtime=yes',
  'RestrictSUIDSGID=yes',
  'SystemCallArchitectures=native',
  'RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK',
  'KeyringMode=private',
]

const USER_REMARK = '# Read-only file systems are left to system units: not every kernel gives them to user managers.'

function systemHardening({ writableFolders }: ScheduledJob): string[] {
  return [
    'CapabilityBoundingSet=',
    'AmbientCapabilities=',
    'DevicePolicy=closed',
    'PrivateDevices=yes',
    'PrivateIPC=yes',
    'PrivateMounts=yes',
    'PrivateTmp=yes',
    'ProtectClock=yes',
    'ProtectControlGroups=yes',
    'ProtectHostname=yes',
    'ProtectKernelLogs=yes',
    'ProtectKernelModules=yes',
    'ProtectKernelTunables=yes',
    'ProtectProc=invisible',
    'RemoveIPC=yes',
    'RestrictNamespaces=yes',
    'SystemCallFilter=@system-service',
    'SystemCallFilter=~@privileged',
    'SystemCallErrorNumber=EPERM',
    '# Everything can be read, session logs included, and nothing written but the folders of ledger and reports.',
    "# OpenClaw's SQLite store of 2026.8 and later can only be read while OpenClaw runs, or with its folder here.",
    'ProtectSystem=strict',
    'ProtectHome=read-only',
    ...writableFolders.map((path) => `ReadWritePaths=${unitWord(path, null)}`),
  ]
}

/** What only the person who installs the unit knows. */
const SUGGESTIONS = [
  '# Secrets that nobody but root can read, and the unit gets as files; name files of your own:',
  '#LoadCredential=admin-key:/etc/claude-usage-exporter/admin-key',
  '#Environment=ANTHROPIC_ADMIN_KEY_FILE=%d/admin-key',
  '#LoadCredential=database-password:/etc/claude-usage-exporter/database-password',
  '#Environment=CLAUDE_USAGE_EXPORTER_STORAGE_PASSWORD_FILE=%d/database-password',
  '# 100 MiB are usual; the first load of a large history takes more.',
  '#MemoryHigh=384M',
  '#MemoryMax=512M',
]

function unit(sections: readonly (readonly [name: string, lines: readonly string[]])[]): string {
  return `${sections.map(([name, lines]) => [`[${name}]`, ...lines].join('\n')).join('\n\n')}\n`
}

/** Text that is no command: of specifiers only `%` counts. */
function unitText(text: string): string {
  return text.replaceAll('%', '%%')
}

/** A backslash at the end of a line joins it with the next, and no quotes are possible there. */
function refuseUnspeakable({ workingFolder }: ScheduledJob): void {
  if (!workingFolder.endsWith('\\')) return
  throw new OperatorError('systemd cannot work in a folder whose name ends with a backslash', {
    seen: workingFolder,
    fix: 'Run this command in another folder.',
  })
}
