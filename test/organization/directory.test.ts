import { describe, expect, it } from 'vitest'
import { DAY_MS } from '../../src/core/time.ts'
import { claudeCodeDay } from '../support/organization-api/claude-code.ts'
import { createWorld } from './support.ts'

const NOW = Date.parse('2026-05-03T14:20:00Z')
const TODAY = Date.parse('2026-05-03T00:00:00Z')

interface ReportedDay {
  readonly core_metrics: { readonly num_sessions: number; readonly lines_of_code: { readonly added: number } }
  readonly model_breakdown: readonly { readonly estimated_cost: { readonly amount: number } }[]
}

describe('names and people', () => {
  it('the directory gives every id a name once, keys and archived workspaces included', async () => {
    const world = await createWorld({ now: NOW, days: 40 })
    expect(await world.run({ report: 'directory' })).toMatchObject({ result: 'ok', from: null, generation: null })
    await world.run()
    const [figures] = (await world.view()).organizations
    const directory = figures?.directory
    expect(directory?.info?.organization_id).toMatch(/\S/)
    const ids = directory?.workspaces.map(({ workspace_id }) => workspace_id) ?? []
    expect(new Set(ids).size).toBe(ids.length)
    const used = new Set(figures?.usageMonthToDate?.map(({ labels }) => labels.workspace_id))
    for (const id of used) expect(ids).toContain(id)
    const keys = new Set(directory?.apiKeys.map(({ api_key_id }) => api_key_id))
    for (const { labels } of figures?.usageMonthToDate ?? []) {
      if (labels.api_key_id !== 'none') expect(keys).toContain(labels.api_key_id)
    }
    expect(directory?.rateLimits.length).toBeGreaterThan(0)
    expect(await world.run({ report: 'directory' })).toMatchObject({ changes: { added: 0, changed: 0, removed: 0 } })
  })

  it('the report of Claude Code is summed per person over the month', async () => {
    const world = await createWorld({ now: NOW, days: 3, pageSize: 2 })
    expect(await world.run({ report: 'claude-code' })).toMatchObject({ result: 'ok' })
    const days = [0, 1, 2].flatMap((back) => claudeCodeDay(7, TODAY - back * DAY_MS)) as unknown as ReportedDay[]
    const actors = (await world.view()).organizations[0]?.claudeCodeMonthToDate ?? []
    const sum = (of: (actor: (typeof actors)[number]) => number) => actors.reduce((total, a) => total + of(a), 0)
    expect(sum(({ sessions }) => sessions)).toBe(days.reduce((total, d) => total + d.core_metrics.num_sessions, 0))
    expect(sum(({ linesAdded }) => linesAdded)).toBe(
      days.reduce((total, d) => total + d.core_metrics.lines_of_code.added, 0),
    )
    const cents = days.flatMap((d) => d.model_breakdown).reduce((total, m) => total + m.estimated_cost.amount, 0)
    const pico = actors.flatMap(({ models }) => models).reduce((total, m) => total + m.pico, 0n)
    expect(pico).toBe(BigInt(cents) * 10_000_000_000n)
  })
})
