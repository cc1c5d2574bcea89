import { describe, expect, it } from 'vitest'
import { jsonReport, textReport } from '../support/report.ts'

describe('summary', () => {
  it('has four windows, each with its bounds and kind', async () => {
    const { windows } = await jsonReport('summary')
    const bounds = Object.entries(windows).map(([name, window]) => {
      const { kind, from, to, requests } = window as Record<string, unknown>
      return { name, kind, from, to, requests }
    })
    const to = '2026-05-04T17:45:00+02:00'
    expect(bounds).toEqual([
      { name: 'today', kind: 'calendar', from: '2026-05-04T00:00:00+02:00', to, requests: 7 },
      { name: 'last7Days', kind: 'rolling', from: '2026-04-27T17:30:00+02:00', to, requests: 8 },
      { name: 'monthToDate', kind: 'calendar', from: '2026-05-01T00:00:00+02:00', to, requests: 8 },
      { name: 'allTime', kind: 'all', from: '2026-01-12T00:00:00+01:00', to, requests: 9 },
    ])
  })

  it('leaves out what this clock has not reached yet, and says so', async () => {
    const uses = ['2026-05-04T08:00:00Z', '2026-05-04T19:00:00Z'].map((at) => ({ at, tokens: { output: 7 } }))
    expect((await jsonReport('summary', uses)).windows.allTime.requests).toBe(1)
    expect(await textReport('summary', uses)).toContain('newest response 2026-05-04 21:00, which this clock has not')
  })

  it('says what each window consists of', async () => {
    const { by, rows, moreRows } = await jsonReport('summary --by project --top 2')
    expect({ by, moreRows }).toEqual({ by: ['project'], moreRows: 3 })
    expect(
      rows.map(({ group, windows }: { group: unknown; windows: Record<string, { requests: number }> }) => [
        group,
        windows['today']?.requests,
        windows['allTime']?.requests,
      ]),
    ).toEqual([
      [{ project: 'thesis' }, 0, 1],
      [{ project: 'shop' }, 3, 4],
    ])
  })

  it.each([
    [{ cacheRead: 95, input: 5 }, 'very good (95.0% last 7 days)'],
    [{ cacheRead: 80, input: 20 }, 'good (80.0% last 7 days)'],
    [{ cacheRead: 60, input: 40 }, 'fair (60.0% last 7 days)'],
    [{ cacheRead: 10, cacheWrite5m: 90 }, 'poor (10.0% last 7 days)'],
  ])('judges cache use of %s as %s', async (tokens, verdict) => {
    expect(await textReport('summary', [{ at: '2026-05-04T08:00:00Z', tokens }])).toContain(`Cache      ${verdict}: `)
  })

  it('judges all of time where nothing newer is known, and nothing without a prompt', async () => {
    const old = { at: '2026-01-04T08:00:00Z', tokens: { input: 1, cacheRead: 3 } }
    expect(await textReport('summary', [old])).toContain('Cache      good (75.0% all time): ')
    expect(await textReport('summary', [{ at: '2026-05-04T08:00:00Z', tokens: { output: 1 } }])).not.toContain(
      'Cache  ',
    )
  })
})
