import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { tempFolder } from '../support/temp.ts'
import { ROOT } from './compose-file.ts'

const NONE = './compose/no-logs'

describe('compose/env.sh', () => {
  it('names the folders there are', () => {
    const home = tempFolder()
    for (const name of ['.claude/projects', '.config/claude/projects', '.moltbot/agents']) {
      mkdirSync(join(home, name), { recursive: true })
    }
    expect(settings({ HOME: home, TZ: 'Europe/Berlin' })).toEqual({
      EXPORTER_UID: String(process.getuid?.()),
      EXPORTER_GID: String(process.getgid?.()),
      TIME_ZONE: 'Europe/Berlin',
      CLAUDE_CODE_LOGS: join(home, '.claude/projects'),
      CLAUDE_CODE_MORE_LOGS: join(home, '.config/claude/projects'),
      OPENCLAW_LOGS: join(home, '.moltbot/agents'),
      PI_LOGS: NONE,
    })
  })

  it('heeds what the agents heed', () => {
    const folder = tempFolder()
    for (const name of ['projects', 'agents', 'sessions']) mkdirSync(join(folder, name))
    expect(
      settings({
        HOME: join(folder, 'none'),
        CLAUDE_CONFIG_DIR: folder,
        OPENCLAW_STATE_DIR: folder,
        PI_CODING_AGENT_DIR: folder,
      }),
    ).toMatchObject({
      CLAUDE_CODE_LOGS: join(folder, 'projects'),
      CLAUDE_CODE_MORE_LOGS: NONE,
      OPENCLAW_LOGS: join(folder, 'agents'),
      PI_LOGS: join(folder, 'sessions'),
    })
  })

  it.each([
    { docker: 'rootless', options: '[name=seccomp,profile=builtin name=rootless]', user: '0' },
    { docker: 'as usual', options: '[name=seccomp,profile=builtin]', user: String(process.getuid?.()) },
  ])('takes the user that reads the logs where Docker runs $docker', ({ options, user }) => {
    const programs = tempFolder()
    writeFileSync(join(programs, 'docker'), `#!/bin/sh\necho '${options}'\n`, { mode: 0o755 })
    const given = settings({ HOME: tempFolder(), PATH: `${programs}:${process.env['PATH']}` })
    expect(given['EXPORTER_UID']).toBe(user)
  })

  it('lets Docker make nothing on a machine without agents', () => {
    const given = settings({ HOME: tempFolder() })
    const logs = Object.entries(given).filter(([name]) => name.endsWith('LOGS'))
    expect(logs.map(([, value]) => value)).toEqual([NONE, NONE, NONE, NONE])
  })

  it.each(['CET-1CEST,M3.5.0,M10.5.0/3', ':/etc/localtime', ''])('takes no zone from TZ=%s', (TZ) => {
    expect(settings({ HOME: tempFolder(), TZ })['TIME_ZONE'] ?? 'UTC').toMatch(/^(UTC|[A-Z][\w/+-]+)$/)
    expect(settings({ HOME: tempFolder(), TZ })['TIME_ZONE']).not.toBe(TZ)
  })

  it('quotes names, so that Compose takes them as they are', () => {
    const folder = join(tempFolder(), "it's $HOME")
    mkdirSync(join(folder, 'projects'), { recursive: true })
    const text = run({ HOME: tempFolder(), CLAUDE_CONFIG_DIR: folder })
    expect(text).toContain(`/it\\'s $HOME/projects'\n`)
  })
})

function settings(env: Readonly<Record<string, string>>): Record<string, string> {
  const lines = run(env).trim().split('\n')
  return Object.fromEntries(lines.map((line) => /^([A-Z_]+)='(.*)'$/.exec(line)?.slice(1) ?? [line, '']))
}

function run(env: Readonly<Record<string, string>>): string {
  return execFileSync('sh', ['compose/env.sh'], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], ...env },
    encoding: 'utf8',
  })
}
