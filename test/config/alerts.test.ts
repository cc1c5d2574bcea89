import { describe, expect, it } from 'vitest'
import { alertThresholdsOf, topUpsOf } from '../../src/config/budgets.ts'
import { allSettings } from '../../src/config/settings.ts'
import { ALERT_THRESHOLDS, DEFAULT_THRESHOLDS } from '../../src/core/alert-thresholds.ts'
import { type Given, loadFrom, refusal } from './load-from.ts'

async function thresholds(given: Given) {
  return alertThresholdsOf((await loadFrom(given)).config)
}

describe('the alert thresholds', () => {
  it('are as shipped where nothing is set', async () => {
    expect(await thresholds({})).toEqual(DEFAULT_THRESHOLDS)
  })

  it('have one setting each, in their order, with the same words', () => {
    const rows = allSettings.filter(({ path }) => path.startsWith('alerts.'))
    expect(rows.map(({ setting }) => setting.about)).toEqual(ALERT_THRESHOLDS.map(({ about }) => about))
    expect(rows.map(({ path, setting }) => path + (setting.type.unit === 'Ms' ? '_seconds' : ''))).toEqual(
      ALERT_THRESHOLDS.map(({ name }) => `alerts.${name}`),
    )
  })

  it.each<Given & { where: string }>([
    { where: 'a file', yaml: 'alerts: {burn_fast_ratio: 10.5, sync_stale: 1h30m, agent_rate_tokens: 1000}' },
    {
      where: 'the environment',
      env: { ALERTS_BURN_FAST_RATIO: '10.5', ALERTS_SYNC_STALE: '90m', ALERTS_AGENT_RATE_TOKENS: '1000' },
    },
    {
      where: 'flags',
      flags: {
        'alerts.burn_fast_ratio': '10.5',
        'alerts.sync_stale': '5400',
        'alerts.agent_rate_tokens': '1000',
      },
    },
  ])('can be set by $where', async ({ where: _, ...given }) => {
    expect(await thresholds(given)).toEqual({
      ...DEFAULT_THRESHOLDS,
      burn_fast_ratio: 10.5,
      sync_stale_seconds: 5_400,
      agent_rate_tokens: 1_000,
    })
  })

  it.each([
    ['forecast_elapsed_ratio: 10', 'forecast_elapsed_ratio: expected a number from 0.001 to 1 (got 10)'],
    ['burn_fast_ratio: 0', 'burn_fast_ratio: expected a number from 0.001 to 1000000 (got 0)'],
    ['burn_fast_ratio: .nan', 'burn_fast_ratio: expected a number from 0.001 to 1000000 (got NaN)'],
    ['burn_fast_ratio: "12"', 'burn_fast_ratio: expected a number from 0.001 to 1000000 (got "12")'],
    ['unusual_cost_usd: -1', 'unusual_cost_usd: expected a number from 0.01 to 1000000000 (got -1)'],
    ['active_sessions_count: 1.5', 'active_sessions_count: expected a whole number from 1 to 1000000000000 (got 1.5)'],
    ['sync_stale: soon', 'sync_stale: expected a duration from 1s to 366d, such as 90s, 10m or 1h30m (got "soon")'],
    ['balance_low_days: 7', 'balance_low_days: unknown setting; did you mean alerts.balance_low?'],
    ['forecast: 1', 'forecast: unknown setting; did you mean alerts.forecast_ratio?'],
    ['sync_stale_seconds: 1', 'sync_stale_seconds: unknown setting; did you mean alerts.sync_stale?'],
  ])('refuse %s', async (yaml, message) => {
    const found = (await refusal({ yaml: `alerts:\n  ${yaml}` })).message
    expect(found.replace(/^\S+:2:\d+: alerts\./, '')).toBe(message)
  })
})

describe('the payments behind a prepaid balance', () => {
  it('are exact, on the UTC day named, of the default organisation unless another is named', async () => {
    const yaml = `
balance:
  top_ups:
    - {date: 2026-03-01, usd: 100}
    - {organization: acme, date: 2024-02-29, usd: -0.000000000001}
    - {date: 2026-03-01, usd: 1_000.10}
`
    expect(topUpsOf((await loadFrom({ yaml })).config)).toEqual([
      { organization: 'default', day: Date.UTC(2026, 2, 1), pico: 100_000_000_000_000n },
      { organization: 'acme', day: Date.UTC(2024, 1, 29), pico: -1n },
      { organization: 'default', day: Date.UTC(2026, 2, 1), pico: 1_000_100_000_000_000n },
    ])
  })

  const DOLLARS = 'dollars such as 100 or 49.99, negative for a refund, with at most twelve decimals'

  it.each([
    ['{usd: 1}', '3:7: balance.top_ups[0].date: missing; expected a date such as 2026-03-13'],
    ['{date: 1 March, usd: 1}', '3:14: balance.top_ups[0].date: expected a date such as 2026-03-13 (got "1 March")'],
    ['{date: 2026-03-01, usd: 0}', `3:31: balance.top_ups[0].usd: expected ${DOLLARS} (got 0)`],
    ['{date: 2026-03-01, usd: free}', `3:31: balance.top_ups[0].usd: expected ${DOLLARS} (got "free")`],
    ['{date: 2026-03-01, usd: 1, org: a}', '3:34: balance.top_ups[0].org: unknown key'],
    ['100', '3:7: balance.top_ups[0]: expected a payment: a date and dollars (got 100)'],
  ])('refuse %s', async (row, message) => {
    const found = (await refusal({ yaml: `balance:\n  top_ups:\n    - ${row}` })).message
    expect(found).toBe(`/etc/exporter.yml:${message}`)
  })
})
