import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { validate } from 'node-cron'
import { describe, expect, it } from 'vitest'
import { scheduledJob } from '../../../src/cli/scheduler/job-request.ts'
import { allSettings } from '../../../src/config/settings.ts'
import { loadFrom } from '../../config/load-from.ts'
import { tempFolder } from '../../support/temp.ts'
import { printed, scheduler } from './support.ts'

const PROGRAM = ['--program', '/opt/claude-usage-exporter', '--run', 'summary']

describe('scheduler --format systemd', () => {
  it('has a service and a timer in the zone asked for', async () => {
    const out = await printed(['--format', 'systemd', ...PROGRAM, '--tz', 'America/Los_Angeles'])
    expect(out).toContain('# claude-usage-exporter-summary.service\n[Unit]\n')
    expect(out).toContain('\nType=oneshot\n')
    expect(out).toContain('\nWorkingDirectory=/')
    expect(out).toContain('\nExecStart=/opt/claude-usage-exporter summary\n')
    expect(out).toContain('\n# claude-usage-exporter-summary.timer\n[Unit]\n')
    expect(out).toContain('\nOnCalendar=*-*-* 08,18:00:00 America/Los_Angeles\n')
    expect(out).toContain('\nPersistent=true\nRandomizedDelaySec=60\n')
    expect(out).toContain('\n[Install]\nWantedBy=timers.target\n')
  })

  it('keeps the exporter running where it is to serve', async () => {
    const out = await printed(['--format', 'systemd', '--run', 'serve', '--program', '/opt/x'])
    expect(out).toMatch(/^\[Unit\]\nDescription=claude-usage-exporter serve\n/)
    expect(out).toContain('\nRestart=on-failure\n')
    expect(out).toContain('\nWantedBy=default.target\n')
    expect(out).not.toContain('[Timer]')
  })

  it('reloads what can read its configuration again, and nothing else', async () => {
    const unitOf = (run: string) => printed(['--format', 'systemd', '--run', run, '--program', '/opt/x'])
    expect(await unitOf('serve')).toContain('\nExecReload=/bin/kill -HUP $MAINPID\n')
    const ingest = await unitOf('ingest')
    expect(ingest).not.toContain('ExecReload')
    expect(ingest).toContain('\nExecStart=/opt/x ingest\nUMask')
    expect(ingest).toContain('\nWantedBy=default.target\n')
  })

  it('tells a unit of the machine that runs all the time how to take secrets and bounds', async () => {
    const always = await printed([
      '--format',
      'systemd',
      '--system',
      '--user',
      'ada',
      '--run',
      'serve',
      '--program',
      '/x',
    ])
    for (const line of [
      '#LoadCredential=admin-key:/etc/claude-usage-exporter/admin-key',
      '#Environment=ANTHROPIC_ADMIN_KEY_FILE=%d/admin-key',
      '#LoadCredential=database-password:/etc/claude-usage-exporter/database-password',
      '#Environment=CLAUDE_USAGE_EXPORTER_STORAGE_PASSWORD_FILE=%d/database-password',
      '#MemoryMax=512M',
    ])
      expect(always.split('\n')).toContain(line)
    const names = [...always.matchAll(/^#Environment=(\w+)=/gm)].map(([, name]) => name)
    const known = allSettings.flatMap(({ environmentName, setting }) => [environmentName, setting.alsoEnvironment])
    expect(known).toEqual(expect.arrayContaining(names))
    expect(await printed(['--format', 'systemd', '--system', '--user', 'ada', ...PROGRAM])).not.toContain(
      'LoadCredential',
    )
  })

  it('lets a unit of the machine write to the ledger and to reports, and nowhere else', async () => {
    const home = tempFolder()
    const out = await printed(
      ['--format', 'systemd', '--system', '--user', 'ada', '--program', '/opt/x', '--storage.path', 'data 1'].concat([
        '--run',
        'export --days 7 --output "out 50%/week.csv" --force',
      ]),
      { home },
    )
    expect(out).toContain('\nUser=ada\n')
    expect(out).toContain('\nProtectSystem=strict\nProtectHome=read-only\n')
    const written = [...out.matchAll(/^ReadWritePaths=(.*)$/gm)].map(([, path]) => path)
    expect(written).toEqual([`"${home}/data 1"`, `"${home}/out 50%%"`])
    expect(out).not.toContain('%h')
  })

  it('has no setting that takes the session logs away from a unit of the user', async () => {
    const out = await printed(['--format', 'systemd', ...PROGRAM])
    expect(out).not.toMatch(/^(ProtectHome|ProtectSystem|PrivateUsers|MemoryDenyWriteExecute)=/m)
  })

  it('writes the home folder as %h, and quotes what systemd would expand', async () => {
    const home = join(tempFolder(), 'ada')
    mkdirSync(home)
    const out = await printed(
      ['--format', 'systemd', '--program', join(home, 'my bin', 'x'), '--run', `summary --project '$A "50%" \\b'`],
      { home },
    )
    expect(out).toContain('\nWorkingDirectory=%h\n'.replace('%h', home))
    expect(out).toContain('\nExecStart="%h/my bin/x" summary --project "$$A \\"50%%\\" \\\\b"\n')
    expect(out).toContain(`\nDescription=claude-usage-exporter summary --project '$A "50%%" \\b'\n`)
  })
})

describe('scheduler --format cron', () => {
  it('is one line with absolute paths, in the zone of the machine', async () => {
    const home = tempFolder()
    const out = await printed(['--format', 'cron', ...PROGRAM], { home })
    const lines = out.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
    expect(lines).toEqual([
      `0 8,18 * * * cd ${home} && /opt/claude-usage-exporter summary 2>&1 | logger -t claude-usage-exporter-summary`,
    ])
    expect(validate(lines[0]?.split(' ').slice(0, 5).join(' ') ?? '')).toBe(true)
  })

  it.each([
    ['another', 'America/Los_Angeles', true],
    ['its own', 'Europe/Berlin', false],
  ])('tells of cron and zones where the machine has %s', async (_, zone, isTold) => {
    const { out, err } = await scheduler(['--format', 'cron', ...PROGRAM, '--tz', zone])
    expect(out.includes(`\nCRON_TZ=${zone}\n`)).toBe(isTold)
    expect(out.includes("Debian's")).toBe(isTold)
    expect(err.includes("this machine's zone is Europe/Berlin")).toBe(isTold)
  })

  it('names a log of its own, and the exporter at the start of the machine', async () => {
    const home = tempFolder()
    const out = await printed(['--format', 'cron', '--run', 'serve', '--program', '/x', '--log-file', 'l.log'], {
      home,
    })
    expect(out).toContain(`\n@reboot cd ${home} && /x serve >>${home}/l.log 2>&1\n`)
  })

  it.each([
    { run: 'summary --project a\\\\b', err: 'Not every cron can have a backslash in a command' },
    { run: `summary --project ${'x'.repeat(1_000)}`, err: 'cron would cut this command off after 990 characters' },
  ])('refuses what cron cannot do: $err', async ({ run, err }) => {
    const result = await scheduler(['--format', 'cron', '--program', '/x', '--run', run])
    expect(result).toMatchObject({ exitCode: 2, out: '' })
    expect(result.err).toContain(err)
  })
})

describe('scheduler --format openclaw', () => {
  it('is a job that the Gateway takes', async () => {
    const home = tempFolder()
    const out = await printed(['--format', 'openclaw', ...PROGRAM, '--tz', 'America/Los_Angeles'], { home })
    expect(JSON.parse(out)).toEqual({
      name: 'claude-usage-exporter-summary',
      description: 'claude-usage-exporter summary',
      enabled: true,
      schedule: { kind: 'cron', expr: '0 8,18 * * *', tz: 'America/Los_Angeles', staggerMs: 0 },
      sessionTarget: 'isolated',
      wakeMode: 'now',
      payload: { kind: 'command', argv: ['/opt/claude-usage-exporter', 'summary'], cwd: home, timeoutSeconds: 3_600 },
      delivery: { mode: 'none' },
    })
  })

  it("always names a zone: that of the configuration, else the machine's", async () => {
    const machine = await printed(['--format', 'openclaw', ...PROGRAM])
    const configured = await printed(['--format', 'openclaw', ...PROGRAM, '--time-zone', 'Asia/Tokyo'])
    expect([machine, configured].map((out) => JSON.parse(out).schedule.tz)).toEqual(['Europe/Berlin', 'Asia/Tokyo'])
  })

  it('asks an agent where the Gateway runs no commands', async () => {
    const out = await printed([
      '--format',
      'openclaw',
      '--agent-turn',
      '--program',
      '/x',
      '--run',
      "summary --project 'a b'",
    ])
    const { payload } = JSON.parse(out)
    expect(payload.kind).toBe('agentTurn')
    expect(payload.message).toMatch(/\n\ncd \S+ && \/x summary --project 'a b'$/)
  })

  it('runs nothing all the time', async () => {
    const { exitCode, err } = await scheduler(['--format', 'openclaw', '--run', 'serve', '--program', '/x'])
    expect(exitCode).toBe(2)
    expect(err).toContain('OpenClaw starts jobs at times')
  })
})

describe('a command that runs all the time', () => {
  const jobOf = async (run: string) =>
    scheduledJob({
      program: ['/x'],
      commands: ['serve', 'ingest', 'once'],
      flags: new Map(),
      loaded: await loadFrom({}),
      host: { env: {}, readFile: () => '', platform: 'linux', home: '/home/ada', workingFolder: '/w', timeZone: 'UTC' },
      options: { run, schedule: '0 8 * * *' },
    })

  it.each([
    ['serve', 'claude-usage-exporter', true],
    ['ingest', 'claude-usage-exporter-ingest', true],
    ['once', 'claude-usage-exporter-once', false],
  ])('is %s, called %s: %s', async (run, name, isAlways) => {
    const job = await jobOf(run)
    expect([job.name, job.time === null]).toEqual([name, isAlways])
  })
})

describe('scheduler', () => {
  it('hands the settings of its command line on, with absolute paths', async () => {
    const home = tempFolder()
    writeFileSync(join(home, 'c.yml'), 'log: {level: warn}')
    const out = await printed(
      ['--format', 'openclaw', ...PROGRAM, '--config.file', 'c.yml', '--storage.path', 'data', '--log.format', 'json'],
      { home },
    )
    expect(JSON.parse(out).payload.argv).toEqual([
      '/opt/claude-usage-exporter',
      'summary',
      `--config.file=${home}/c.yml`,
      `--storage.path=${home}/data`,
      '--log.format=json',
    ])
  })

  it('starts the program that runs now', async () => {
    const out = await printed(['--format', 'openclaw', '--run', 'summary'])
    expect(JSON.parse(out).payload.argv).toEqual([process.execPath, process.argv[1], 'summary'])
  })

  it('names variables that only this shell has, and never their values', async () => {
    const { out, err } = await scheduler(['--format', 'systemd', ...PROGRAM], {
      env: { ANTHROPIC_ADMIN_KEY: 'sk-ant-admin-secret', CLAUDE_USAGE_EXPORTER_LOG_LEVEL: 'warn', XDG_DATA_HOME: '' },
    })
    expect(err).toContain('unknown to the scheduler: ANTHROPIC_ADMIN_KEY, CLAUDE_USAGE_EXPORTER_LOG_LEVEL. Put')
    expect(out + err).not.toContain('sk-ant')
  })

  it('writes the files of a folder, all or none, and replaces them with --force only', async () => {
    const home = tempFolder()
    const write = (...more: string[]) =>
      scheduler(['--format', 'systemd', '--name', 'n', ...PROGRAM, '--output', '.', ...more], { home })
    writeFileSync(join(home, 'n.timer'), 'mine')
    const refused = await write()
    expect(refused.exitCode).toBe(2)
    expect(refused.err).toContain('This would overwrite a file')
    expect(existsSync(join(home, 'n.service'))).toBe(false)
    const { exitCode, out, err } = await write('--force')
    expect({ exitCode, out, files: readdirSync(home).sort() }).toEqual({
      exitCode: 0,
      out: '',
      files: ['n.service', 'n.timer'],
    })
    expect(err).toContain('Wrote n.service\nWrote n.timer\n')
    expect(err).toContain('  systemctl --user enable --now n.timer\n')
    expect(readFileSync(join(home, 'n.timer'), 'utf8')).toContain('OnCalendar=')
  })

  it.each([
    { words: [], err: "required option '--format <format>' not specified" },
    { words: ['--format', 'at'], err: 'Allowed choices are systemd, cron, launchd, openclaw.' },
    { words: ['--format', 'cron', '--tz', 'Mars/Base'], err: 'Give an IANA time zone' },
    { words: ['--format', 'cron', '--name', '../x'], err: 'Give letters, digits' },
    { words: ['--format', 'cron', '--run', 'sumary'], err: 'Did you mean summary?' },
    { words: ['--format', 'cron', '--run', ''], err: '--run needs a command of this program' },
    { words: ['--format', 'cron', ...PROGRAM, '--schedule', 'daily'], err: 'This is no cron expression (got daily)' },
    { words: ['--format', 'cron', '--program', '/a\nb', '--run', 'summary'], err: 'holds control characters' },
    { words: ['--format', 'cron', ...PROGRAM, '--system'], err: '--system is for --format systemd' },
    { words: ['--format', 'systemd', ...PROGRAM, '--user', 'ada'], err: '--user is for --format systemd --system' },
    { words: ['--format', 'systemd', ...PROGRAM, '--log-file', 'x'], err: '--log-file is for --format cron' },
    { words: ['--format', 'cron', ...PROGRAM, '--agent-turn'], err: '--agent-turn is for --format openclaw' },
    { words: ['--format', 'systemd', ...PROGRAM, '--system'], err: 'A unit of the machine needs a user to run as' },
    { words: ['--format', 'systemd', ...PROGRAM, '--system', '--user', 'a b'], err: 'Give the name of a user.' },
    { words: ['--format', 'cron', ...PROGRAM, '--output', 'no/where'], err: 'Cannot write ' },
  ])('refuses $words', async ({ words, err }) => {
    const result = await scheduler(words)
    expect(result).toMatchObject({ exitCode: 2, out: '' })
    expect(result.err).toContain(err)
  })
})
