import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openClawRoots } from '../../../src/sources/openclaw/format.ts'

let home: string

beforeEach(() => {
  home = realpathSync(mkdtempSync(path.join(tmpdir(), 'openclaw-roots-')))
})

afterEach(() => rmSync(home, { recursive: true }))

function folders(env: Record<string, string>, roots: readonly { path: string }[] = []): readonly string[] {
  return openClawRoots({ env, home, roots, billing: 'metered' }).map((root) =>
    path.relative(home, root.path).split(path.sep).join('/'),
  )
}

const FORMER = ['.clawdbot', '.moltbot', '.moldbot']

describe('roots of OpenClaw', () => {
  it('are the state folder and those of its former names', () => {
    expect(folders({})).toEqual(['.openclaw', ...FORMER])
  })

  it('follow OPENCLAW_STATE_DIR instead of the home folder', () => {
    expect(folders({ OPENCLAW_STATE_DIR: '~/state' })).toEqual(['state', ...FORMER])
  })

  it.each([
    { env: { OPENCLAW_HOME: 'a', HOME: 'b', USERPROFILE: 'c' }, is: 'a' },
    { env: { HOME: 'b', USERPROFILE: 'c' }, is: 'b' },
    { env: { USERPROFILE: 'c' }, is: 'c' },
  ])('are in the home folder that $env names', ({ env, is }) => {
    const absolute = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, path.join(home, value)]))
    expect(folders(absolute)[0]).toBe(`${is}/.openclaw`)
  })

  it('include each profile', () => {
    for (const name of ['.openclaw-work', '.openclaw-home', 'openclaw-notes']) mkdirSync(path.join(home, name))
    expect(folders({})).toEqual(['.openclaw', '.openclaw-home', '.openclaw-work', ...FORMER])
  })

  it('include what the variables of former releases name', () => {
    expect(folders({ CLAWDBOT_STATE_DIR: '~/c', MOLTBOT_STATE_DIR: '~/m' })).toEqual(['.openclaw', ...FORMER, 'c', 'm'])
  })

  it('are exactly the configured ones where there are some', () => {
    expect(folders({ OPENCLAW_STATE_DIR: '~/state' }, [{ path: '~/mine' }])).toEqual(['mine'])
  })
})
