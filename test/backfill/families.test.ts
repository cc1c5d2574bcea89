import { describe, expect, it } from 'vitest'
import { pastFamilies } from '../../src/backfill/families.ts'
import { definitions } from '../../src/metrics/definitions.ts'

const names = pastFamilies.map(({ name }) => name)

describe('the families of a history', () => {
  it('are counters of use, budgets and what organisations tell', () => {
    expect(names).toEqual(
      expect.arrayContaining([
        'claude_tokens_total',
        'claude_tokens_reversed_total',
        'claude_estimated_cost_usd_total',
        'claude_cache_read_savings_usd_total',
        'claude_sessions_started_total',
        'claude_unlogged_tokens_total',
        'claude_budget_info',
        'claude_budget_spent_usd',
        'claude_budget_used_ratio',
        'claude_budget_burn_rate_1h',
        'claude_budget_state',
        'claude_billed_cost_today_usd',
        'claude_api_tokens_month_to_date',
        'claude_api_key_info',
        'claude_workspace_info',
        'claude_organization_info',
      ]),
    )
  })

  it('are not what was forecast, windows of the session logs, what runs now, or the exporter itself', () => {
    const left = definitions.map(({ name }) => name).filter((name) => !names.includes(name))
    expect(left).toEqual(
      expect.arrayContaining([
        'claude_budget_forecast_usd',
        'claude_budget_exhaustion_timestamp_seconds',
        'claude_tokens_today',
        'claude_cache_hit_ratio_7d',
        'claude_active_sessions',
        'claude_model_price_usd_per_token',
        'claude_alert_threshold',
        'claude_exporter_lines_total',
        'claude_exporter_series',
      ]),
    )
    expect(names.filter((name) => /forecast|exhaustion|exporter/.test(name))).toEqual([])
  })

  it('leave the labels of the target to the target', () => {
    expect(pastFamilies.filter(({ labels }) => labels.includes('job') || labels.includes('instance'))).toEqual([])
  })
})
