import { describe, expect, it } from 'vitest'
import { machineOf, overviewOf } from '../support/overview.ts'
import { servedPage } from './render.ts'

const HOSTILE = '<script>=cmd|`"'

function pageWith(...machines: readonly ReturnType<typeof machineOf>[]): string {
  const overview = overviewOf()
  return servedPage({ ...overview, machines: { ...overview.machines, rows: [...machines] } })
}

describe('machines on the page', () => {
  it('are not there where there is one', () => {
    expect(pageWith(machineOf('laptop'))).not.toContain('Machines and how fresh')
  })

  it('have a row each where there are several, with how they do', () => {
    const page = pageWith(
      machineOf('laptop'),
      machineOf('server', { state: 'silent' }),
      machineOf('build', { state: 'stale' }),
      machineOf(HOSTILE, { state: 'unknown', version: null, lastSeen: null, lastRead: null, newestResponse: null }),
    )
    for (const text of ['laptop', 'alive', 'server', 'silent', 'build', 'logs not read', 'not known']) {
      expect(page).toContain(text)
    }
    expect(page).not.toContain('<script>=cmd')
    expect(page).toContain('&lt;script&gt;=cmd')
  })
})
