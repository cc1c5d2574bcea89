import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createTask } from 'node-cron'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { fiveFields, parseCron } from '../../../src/cli/scheduler/cron-fields.ts'
import { onCalendar } from '../../../src/cli/scheduler/on-calendar.ts'
import { tempFolder } from '../../support/temp.ts'

const PROGRAM = resolve('dist/main.js')
const ANALYZE = 'systemd-analyze'

/** Few machines that run tests have systemd, and the tests of the texts say enough there. */
const hasSystemd = spawnSync(ANALYZE, ['--version']).status === 0

/** A home folder, and a folder in it that is hard to quote. */
function folders() {
  const home = tempFolder()
  const folder = join(home, `it's 50% "off" & $HOME`)
  mkdirSync(folder)
  return { home, folder }
}

function scheduler(words: readonly string[], { home, folder }: ReturnType<typeof folders>): string {
  return execFileSync(process.execPath, [PROGRAM, 'scheduler', ...words], {
    cwd: folder,
    env: { HOME: home, PATH: process.env['PATH'], TZ: 'UTC' },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
}

/** What cron hands to the shell: the text behind the fields, up to a bare per cent sign, with `\%` as `%`. */
function commandOfCron(crontab: string): string {
  const line = crontab.split('\n').findLast((text) => text !== '' && !text.startsWith('#')) ?? ''
  const [command = ''] = line
    .split(' ')
    .slice(5)
    .join(' ')
    .split(/(?<!\\)%/)
  return command.replaceAll('\\%', '%')
}

describe('the line for cron', () => {
  it('does its work in a shell with the environment of cron', () => {
    const place = folders()
    const words = ['--run', `export --days 7 --output 'the week, 50%.csv'`, '--log-file', 'log 1%.txt']
    const command = commandOfCron(scheduler(['--format', 'cron', ...words], place))
    const env = ['-i', `HOME=${place.home}`, 'LOGNAME=ada', 'SHELL=/bin/sh', 'PATH=/usr/bin:/bin']
    const { status, stdout, stderr } = spawnSync('env', [...env, 'sh', '-c', command], { cwd: '/', encoding: 'utf8' })
    const log = readFileSync(join(place.folder, 'log 1%.txt'), 'utf8')
    expect({ status, stdout, stderr, log }).toEqual({ status: 0, stdout: '', stderr: '', log: expect.any(String) })
    expect(readFileSync(join(place.folder, 'the week, 50%.csv'), 'utf8')).toContain('total_tokens')
  })
})

describe.skipIf(!hasSystemd)('units, as systemd sees them', () => {
  it.each([
    { of: 'a timer', words: ['--run', `summary --project '$A 50% "x" \\y'`, '--tz', 'America/Los_Angeles'] },
    { of: 'the exporter', words: ['--run', 'serve'] },
    { of: 'reading into the ledger of a team', words: ['--run', 'ingest', '--machine.name', 'build-7'] },
    { of: 'reading, of the machine', words: ['--run', 'ingest', '--system', '--user', 'root'] },
    { of: 'a unit of the machine', words: ['--run', 'summary', '--system', '--user', 'root'] },
  ])('are right: $of', ({ words }) => {
    const place = folders()
    scheduler(['--format', 'systemd', '--name', 'n', '--output', '.', ...words], place)
    const files = ['serve', 'ingest'].some((name) => words.includes(name)) ? ['n.service'] : ['n.service', 'n.timer']
    const manager = words.includes('--system') ? [] : ['--user']
    const { status, stdout, stderr } = spawnSync(ANALYZE, [...manager, 'verify', '--man=no', ...files], {
      cwd: place.folder,
      env: {
        PATH: process.env['PATH'],
        HOME: place.home,
        XDG_RUNTIME_DIR: place.home,
        SYSTEMD_UNIT_PATH: `${place.folder}:`,
      },
      encoding: 'utf8',
    })
    expect({
      status,
      told: (stdout + stderr).split('\n').filter((line) => line.includes('n.service') || line.includes('n.timer')),
    }).toEqual({
      status: 0,
      told: [],
    })
  })
})

describe.skipIf(!hasSystemd)('a unit of the machine that runs all the time', () => {
  const unit = () => {
    const place = folders()
    scheduler(
      ['--format', 'systemd', '--name', 'n', '--output', '.', '--run', 'serve', '--system', '--user', 'ada'],
      place,
    )
    return { ...place, file: join(place.folder, 'n.service') }
  }

  it('is right with every suggestion taken', () => {
    const { file, folder } = unit()
    // Nobody of that name is here.
    const text = readFileSync(file, 'utf8').replace('User=ada', 'User=root')
    const taken = text.replaceAll(/^#(?=[A-Z][A-Za-z]+=)/gm, '')
    expect(taken.match(/^LoadCredential=/gm)).toHaveLength(2)
    writeFileSync(file, taken)
    const { status, stdout, stderr } = spawnSync(ANALYZE, ['verify', '--man=no', 'n.service'], {
      cwd: folder,
      env: { PATH: process.env['PATH'], SYSTEMD_UNIT_PATH: `${folder}:` },
      encoding: 'utf8',
    })
    const told = (stdout + stderr).split('\n').filter((line) => line.includes('n.service'))
    expect({ status, told }).toEqual({ status: 0, told: [] })
  })

  it('is exposed to little, by the measure of systemd', () => {
    const { file } = unit()
    const { stdout } = spawnSync(ANALYZE, ['security', '--offline=yes', '--no-pager', file], { encoding: 'utf8' })
    const level = /exposure level for n\.service: (\d+\.\d)/.exec(stdout)?.[1]
    expect(Number(level ?? '10')).toBeLessThanOrEqual(2)
  })
})

describe.skipIf(!hasSystemd)('times, as systemd sees them', () => {
  afterEach(() => {
    vi.useRealTimers()
  })

  it.each([
    ['0 8,18 * * *', 'America/Los_Angeles'],
    ['*/7 * * * *', 'UTC'],
    ['30 6 * * 1-5', 'Asia/Kathmandu'],
    ['15 3 * * sun', 'Europe/Berlin'],
    ['0 12 1-31/3 * *', 'UTC'],
    ['0 0 29 2 *', 'UTC'],
    ['45 23 28-31 1,3-5 *', 'Australia/Lord_Howe'],
    ['@monthly', 'America/St_Johns'],
  ])('%s in %s is when the exporter itself would run it', (expression, zone) => {
    const base = '2026-03-06 12:00:00'
    vi.useFakeTimers({ now: Date.parse(`${base.replace(' ', 'T')}Z`), toFake: ['Date'] })
    const task = createTask(fiveFields(expression), () => {}, { timezone: zone })
    const expected = task.getNextRuns(6).map((date) => date.toISOString())
    void task.destroy()
    const [event = ''] = onCalendar(parseCron(fiveFields(expression)), zone)
    const out = execFileSync(ANALYZE, ['calendar', `--base-time=${base} UTC`, '--iterations=6', event], {
      env: { ...process.env, TZ: 'UTC' },
      encoding: 'utf8',
    })
    const told = [...out.matchAll(/(?:elapse|Iter\. #\d): \w+ (\S+) (\S+) UTC$/gm)]
    expect(told.map(([, day, time]) => new Date(`${day}T${time}Z`).toISOString())).toEqual(expected)
  })
})
