import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { isInstalled } from '../support/binaries.ts'
import { tempFolder } from '../support/temp.ts'
import { type ComposeFile, mountsOf, ROOT, readRepositoryFile, serviceOf } from './compose-file.ts'

const run = promisify(execFile)

/** What Debian's docker-compose 1.29 has no notion of yet. Everything else has to pass its schema. */
const NEWER = [
  /^name: claude-usage-exporter\n/m,
  /(?<=condition: \w+), required: false/g,
  /^ +bind: \{ create_host_path: \w+ \}\n/gm,
] as const

describe.runIf(isInstalled('docker-compose'))('docker-compose', () => {
  it('takes docker-compose.yml as it is', async () => {
    const file = await resolved('')
    expect(Object.keys(file.services)).toHaveLength(7)
    expect(serviceOf(file, 'exporter').command).toEqual(['serve'])
    expect(logsOf(file)).toMatchObject({
      '/home/agent/.claude/projects': `${homedir()}/.claude/projects`,
      '/home/agent/.openclaw/agents': join(ROOT, 'compose/no-logs'),
    })
  })

  it('takes every variable of .env.example', async () => {
    const values = readRepositoryFile('.env.example').replaceAll(/^#(?=[A-Z_]+=)/gm, '')
    const file = await resolved(`${values}\nEXPORTER_COMMAND=demo\nGRAFANA_PORT=3999\n`)
    expect(serviceOf(file, 'exporter').command).toEqual(['demo'])
    expect(serviceOf(file, 'grafana').ports).toEqual(['127.0.0.1:3999:3000/tcp'])
    expect(file.secrets['anthropic-admin-key']?.file).toBe(`${homedir()}/.secrets/anthropic-admin-key`)
    expect(logsOf(file)).toMatchObject({
      '/home/agent/.openclaw/agents': `${homedir()}/.openclaw/agents`,
      '/home/agent/.pi/agent/sessions': `${homedir()}/.pi/agent/sessions`,
    })
  })

  it('takes what compose/env.sh prints', async () => {
    const home = join(tempFolder(), 'a home')
    mkdirSync(join(home, '.pi/agent/sessions'), { recursive: true })
    const { stdout } = await run('sh', ['compose/env.sh'], {
      cwd: ROOT,
      env: { PATH: process.env['PATH'], HOME: home },
    })
    const file = await resolved(stdout)
    expect(file.services['exporter']).toMatchObject({ user: `${process.getuid?.()}:${process.getgid?.()}` })
    expect(logsOf(file)).toMatchObject({
      '/home/agent/.claude/projects': join(ROOT, 'compose/no-logs'),
      '/home/agent/.pi/agent/sessions': join(home, '.pi/agent/sessions'),
    })
  })
})

/** What of this machine the exporter sees, by the place where it sees it. */
function logsOf(file: ComposeFile): Record<string, string> {
  return Object.fromEntries(mountsOf(serviceOf(file, 'exporter')).map(({ source, target }) => [target, source]))
}

/** The file with these variables, as docker-compose understands it. */
async function resolved(env: string): Promise<ComposeFile> {
  const folder = tempFolder()
  const file = join(folder, 'docker-compose.yml')
  const envFile = join(folder, 'env')
  writeFileSync(envFile, env)
  const text = NEWER.reduce((older: string, words) => {
    expect(older).toMatch(words)
    return older.replace(words, '')
  }, readRepositoryFile('docker-compose.yml'))
  // The other form of a variable that it does not know: a value, where there is one.
  const given = (name: string) => new RegExp(`^${name}=.`, 'm').test(env)
  const known = text.replaceAll(/\$\{(\w+):\+([^}]*)\}/g, (_, name: string, value: string) =>
    given(name) ? value : "''",
  )
  writeFileSync(file, known)
  const { stdout } = await run(
    'docker-compose',
    ['--file', file, '--project-directory', ROOT, '--env-file', envFile, 'config'],
    { env: { PATH: process.env['PATH'], HOME: homedir() } },
  )
  return parse(stdout)
}
