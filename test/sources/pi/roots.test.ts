import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { piFormat } from '../../../src/sources/pi/format.ts'
import type { RootOptions } from '../../../src/sources/pi-log/roots.ts'

const home = path.resolve('/home/u')

function rootsWith(options: Partial<RootOptions>) {
  const format = piFormat({ env: {}, home, roots: [], billing: 'metered', projectName: (cwd) => cwd, ...options })
  return format.roots()
}

describe('roots of pi', () => {
  it.each([
    { when: 'by default', env: {}, is: ['/home/u/.pi/agent/sessions'] },
    { when: 'with an agent folder', env: { PI_CODING_AGENT_DIR: '/srv/pi' }, is: ['/srv/pi/sessions'] },
    { when: 'with an agent folder at home', env: { PI_CODING_AGENT_DIR: '~/pi' }, is: ['/home/u/pi/sessions'] },
    {
      when: 'with a session folder, which is stronger',
      env: { PI_CODING_AGENT_DIR: '/srv/pi', PI_CODING_AGENT_SESSION_DIR: '/srv/sessions' },
      is: ['/srv/sessions'],
    },
    { when: 'with a blank variable', env: { PI_CODING_AGENT_SESSION_DIR: ' ' }, is: ['/home/u/.pi/agent/sessions'] },
    {
      when: 'with the folder ccusage was told of',
      env: { PI_AGENT_DIR: '/old/sessions' },
      is: ['/home/u/.pi/agent/sessions', '/old/sessions'],
    },
  ])('$when', ({ env, is }) => {
    expect(rootsWith({ env })).toEqual(
      is.map((folder) => ({ path: path.resolve(folder), billing: 'metered', configured: false })),
    )
  })

  it('are exactly the configured ones where there are some', () => {
    const roots = [{ path: '~/a' }, { path: '/b', billing: 'metered' } as const]
    expect(rootsWith({ roots, billing: 'plan', env: { PI_CODING_AGENT_DIR: '/srv/pi' } })).toEqual([
      { path: path.resolve('/home/u/a'), billing: 'plan', configured: true },
      { path: path.resolve('/b'), billing: 'metered', configured: true },
    ])
  })

  it('name a folder once, however many symlinks lead to it', () => {
    const place = realpathSync(mkdtempSync(path.join(tmpdir(), 'pi-roots-')))
    onTestFinished(() => rmSync(place, { recursive: true }))
    const folder = path.join(place, 'sessions')
    const link = path.join(place, 'link')
    mkdirSync(folder)
    symlinkSync(folder, link, 'junction')
    expect(rootsWith({ roots: [{ path: link }, { path: folder }] }).map((root) => root.path)).toEqual([folder])
  })
})
