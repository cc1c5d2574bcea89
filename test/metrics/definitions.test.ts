import { describe, expect, it } from 'vitest'
import { TOKEN_CLASSES } from '../../src/core/usage.ts'
import { definitions, samplesOf, seriesOf } from '../../src/metrics/definitions.ts'
import { healthDefinitions } from '../../src/metrics/health-definitions.ts'
import { NO_ORGANIZATIONS } from '../../src/view/organization/part.ts'
import { NO_OWNERS } from '../../src/view/owners/part.ts'
import type { Snapshot } from '../../src/view/snapshot.ts'
import { counterRow, sampleSnapshot, usageLabels } from './sample-snapshot.ts'

const S = 'source agent project provider model machine'
const API = 'organization workspace_id api_key_id model service_tier context_window'
const BILLED = 'organization workspace_id api_key_id model cost_type token_type'
const SPEND_LIMIT = 'organization spend_limit_id scope scope_id period'

/** Users' dashboards and alerts hold these names: a change here breaks them. */
const CATALOGUE = {
  claude_tokens_total: `counter ${S} token_type`,
  claude_requests_total: `counter ${S}`,
  claude_estimated_cost_usd_total: `counter ${S}`,
  claude_plan_value_usd_total: `counter ${S}`,
  claude_plan_window_observed_timestamp_seconds: 'gauge account window origin',
  claude_plan_window_reset_timestamp_seconds: 'gauge account window origin',
  claude_plan_window_used_ratio: 'gauge account window origin',
  claude_cache_read_savings_usd_total: `counter ${S}`,
  claude_cache_write_premium_usd_total: `counter ${S}`,
  claude_web_search_requests_total: `counter ${S}`,
  claude_tokens_reversed_total: `counter ${S} token_type`,
  claude_estimated_cost_reversed_usd_total: `counter ${S}`,
  claude_unpriced_tokens_total: 'counter provider model',
  claude_unlogged_tokens_total: 'counter source project model token_type',
  claude_unlogged_cost_usd_total: 'counter source project model',
  claude_unfinal_requests_total: 'counter source',
  claude_no_usage_requests_total: 'counter source',
  claude_error_responses_total: 'counter source',
  claude_unreconciled_requests_total: 'counter source',
  claude_unsplit_tokens_total: 'counter source',
  claude_sessions_started_total: 'counter source agent project machine',
  claude_active_sessions: 'gauge source agent project machine',
  claude_session_tokens_per_minute_max: 'gauge source agent project machine',
  claude_session_unattended_requests_max: 'gauge source agent project machine',
  claude_agent_cost_last_hour_usd: 'gauge source agent',
  claude_agent_cost_usual_hour_usd: 'gauge source agent',
  claude_agent_tokens_per_minute: 'gauge source agent',
  claude_agent_usual_tokens_per_minute: 'gauge source agent',
  claude_project_cost_last_hour_usd: 'gauge project',
  claude_project_cost_usual_hour_usd: 'gauge project',
  claude_project_tokens_per_minute: 'gauge project',
  claude_project_usual_tokens_per_minute: 'gauge project',
  claude_agent_model_info: 'gauge source agent model machine',
  claude_tokens_today: `gauge ${S} token_type`,
  claude_tokens_7d: `gauge ${S} token_type`,
  claude_tokens_month_to_date: `gauge ${S} token_type`,
  claude_estimated_cost_today_usd: `gauge ${S}`,
  claude_estimated_cost_7d_usd: `gauge ${S}`,
  claude_estimated_cost_month_to_date_usd: `gauge ${S}`,
  claude_cache_hit_ratio_today: `gauge ${S}`,
  claude_cache_hit_ratio_7d: `gauge ${S}`,
  claude_cache_hit_ratio_month_to_date: `gauge ${S}`,
  claude_model_price_usd_per_token: 'gauge model token_type',
  claude_api_tokens_today: `gauge ${API} token_type`,
  claude_api_tokens_month_to_date: `gauge ${API} token_type`,
  claude_api_requests_today: `gauge ${API}`,
  claude_api_requests_month_to_date: `gauge ${API}`,
  claude_billed_cost_today_usd: `gauge ${BILLED}`,
  claude_billed_cost_month_to_date_usd: `gauge ${BILLED}`,
  claude_billed_cost_previous_month_usd: `gauge ${BILLED}`,
  claude_organization_info: 'gauge organization organization_id organization_name',
  claude_workspace_info: 'gauge organization workspace_id workspace_name status',
  claude_api_key_info: 'gauge organization api_key_id api_key_name workspace_id status',
  claude_rate_limit: 'gauge organization workspace_id group limiter',
  claude_spend_limit_usd: `gauge ${SPEND_LIMIT}`,
  claude_spend_limit_spent_usd: `gauge ${SPEND_LIMIT}`,
  claude_user_sessions_month_to_date: 'gauge organization actor',
  claude_user_lines_month_to_date: 'gauge organization actor change',
  claude_user_commits_month_to_date: 'gauge organization actor',
  claude_user_pull_requests_month_to_date: 'gauge organization actor',
  claude_user_edits_month_to_date: 'gauge organization actor decision',
  claude_user_estimated_cost_month_to_date_usd: 'gauge organization actor model',
  claude_reconciliation_ratio: 'gauge',
  claude_reconciliation_estimated_usd: 'gauge',
  claude_reconciliation_billed_usd: 'gauge',
  claude_budget_limit_usd: 'gauge budget',
  claude_budget_limit_tokens: 'gauge budget',
  claude_budget_spent_usd: 'gauge budget',
  claude_budget_spent_tokens: 'gauge budget',
  claude_budget_remaining_usd: 'gauge budget',
  claude_budget_remaining_tokens: 'gauge budget',
  claude_budget_suggested_per_day_usd: 'gauge budget',
  claude_budget_suggested_per_day_tokens: 'gauge budget',
  claude_budget_forecast_usd: 'gauge budget',
  claude_budget_forecast_tokens: 'gauge budget',
  claude_budget_forecast_low_usd: 'gauge budget',
  claude_budget_forecast_low_tokens: 'gauge budget',
  claude_budget_forecast_high_usd: 'gauge budget',
  claude_budget_forecast_high_tokens: 'gauge budget',
  claude_budget_forecast_ratio: 'gauge budget',
  claude_budget_forecast_error_ratio: 'gauge budget elapsed',
  claude_budget_used_ratio: 'gauge budget',
  claude_budget_elapsed_ratio: 'gauge budget',
  claude_budget_burn_rate_1h: 'gauge budget',
  claude_budget_burn_rate_6h: 'gauge budget',
  claude_budget_burn_rate_3d: 'gauge budget',
  claude_budget_threshold_ratio: 'gauge budget severity',
  claude_budget_period_start_timestamp_seconds: 'gauge budget',
  claude_budget_period_end_timestamp_seconds: 'gauge budget',
  claude_budget_exhaustion_timestamp_seconds: 'gauge budget',
  claude_budget_state: 'gauge budget state',
  claude_budget_info: 'gauge budget unit period scope time_zone origin owner',
  claude_budget_unpriced_tokens: 'gauge budget',
  claude_balance_usd: 'gauge organization',
  claude_balance_runway_seconds: 'gauge organization',
  claude_alert_threshold: 'gauge threshold',
  claude_exporter_notices_sent_total: 'counter',
  claude_exporter_notice_failures_total: 'counter reason',
  claude_exporter_reports_written_total: 'counter format',
  claude_exporter_report_failures_total: 'counter format',
  claude_exporter_data_settled_timestamp_seconds: 'gauge source',
  claude_exporter_credentials_valid: 'gauge organization',
  claude_exporter_sync_next_timestamp_seconds: 'gauge source',
  claude_exporter_api_requests_total: 'counter organization',
  claude_owner_estimated_cost_month_to_date_usd: 'gauge owner team cost_center',
  claude_owner_plan_value_month_to_date_usd: 'gauge owner team cost_center',
  claude_owner_billed_cost_month_to_date_usd: 'gauge owner team cost_center',
  claude_owner_tokens_month_to_date: 'gauge owner team cost_center token_type',
  claude_exporter_source_up: 'gauge source',
  claude_exporter_sync_last_success_timestamp_seconds: 'gauge source',
  claude_exporter_data_watermark_timestamp_seconds: 'gauge source',
  claude_exporter_tail_mode_info: 'gauge source mode',
  claude_exporter_session_files: 'gauge source',
  claude_exporter_session_bytes_read_total: 'counter source',
  claude_exporter_lines_total: 'counter source',
  claude_exporter_remote_write_dropped_samples_total: 'counter reason',
  claude_exporter_remote_write_failures_total: 'counter reason',
  claude_exporter_remote_write_last_success_timestamp_seconds: 'gauge',
  claude_exporter_remote_write_newest_sent_timestamp_seconds: 'gauge',
  claude_exporter_remote_write_pending_bytes: 'gauge',
  claude_exporter_remote_write_samples_total: 'counter',
  claude_exporter_rejected_lines_total: 'counter source reason',
  claude_exporter_duplicate_requests_total: 'counter source',
  claude_exporter_ledger_away_seconds: 'gauge',
  claude_exporter_machine_last_seen_timestamp_seconds: 'gauge machine',
  claude_exporter_machine_last_read_timestamp_seconds: 'gauge machine',
  claude_exporter_machine_newest_response_timestamp_seconds: 'gauge machine',
  claude_exporter_ledger_up: 'gauge',
  claude_exporter_ledger_errors_total: 'counter reason',
  claude_exporter_ledger_size_bytes: 'gauge',
  claude_exporter_held_requests: 'gauge',
  claude_exporter_load_complete: 'gauge',
  claude_exporter_time_zone_info: 'gauge time_zone',
  claude_exporter_series: 'gauge family',
  claude_exporter_series_limit: 'gauge',
  claude_exporter_series_folded_total: 'counter',
  claude_exporter_build_info: 'gauge version revision branch nodeversion',
  claude_exporter_syncs_total: 'counter source',
  claude_exporter_sync_failures_total: 'counter source reason',
  claude_exporter_sync_duration_seconds: 'histogram source',
  claude_exporter_config_last_reload_successful: 'gauge',
  claude_exporter_config_last_reload_success_timestamp_seconds: 'gauge',
  claude_exporter_http_requests_total: 'counter handler code',
}

const all = [...definitions, ...Object.values(healthDefinitions)]

/** The sample on a shared ledger. */
const ofTeam: Snapshot = {
  ...sampleSnapshot,
  sharedLedger: { awaySince: null },
  machines: [{ name: 'laptop', version: '1.0.0', seenAt: 1, readAt: 1, newestAt: 1 }],
}

describe('the metric table', () => {
  it('has the families of the catalogue, no more and no less', () => {
    const table = all.map(({ name, type, labels }) => [name, [type, ...labels].join(' ')])
    expect(Object.fromEntries(table)).toEqual(CATALOGUE)
    expect(table).toHaveLength(Object.keys(CATALOGUE).length)
  })

  it.each(all)('$name follows the naming rules', ({ name, type, help, unit }) => {
    expect(name).toMatch(/^claude_[a-z0-9_]*[a-z0-9]$/)
    expect(name.endsWith('_total')).toBe(type === 'counter')
    expect(name).not.toMatch(/_(count|sum|bucket|created)$/)
    expect(help).toMatch(/^[A-Z0-9'].*\.$/)
    if (/usd|seconds|bytes/.test(name)) expect(name).toContain(unit)
  })

  it.each(definitions)('$name never has a series twice', (definition) => {
    const series = samplesOf(definition, ofTeam).map(([labels]) =>
      // Without a second machine there is no machine.
      JSON.stringify(definition.labels.map((name) => (name === 'machine' ? (labels[name] ?? '') : labels[name]))),
    )
    expect(series.length).toBeGreaterThan(0)
    expect(new Set(series).size).toBe(series.length)
    expect(series.join()).not.toContain('null')
  })
})

describe('a label set born while the exporter runs', () => {
  const born: Snapshot = { ...sampleSnapshot, version: 2, counters: [counterRow(usageLabels({ project: 'new' }))] }
  const zeros = definitions.flatMap((definition) =>
    samplesOf(definition, born)
      .filter(([{ project }]) => project === 'new')
      .map(([{ token_type }, value]) => [definition.name, token_type, value]),
  )

  it('is shown at 0 in every counter that can grow', () => {
    expect(zeros).toEqual([
      ['claude_cache_read_savings_usd_total', undefined, 0n],
      ['claude_cache_write_premium_usd_total', undefined, 0n],
      ['claude_estimated_cost_usd_total', undefined, 0n],
      ['claude_plan_value_usd_total', undefined, 0n],
      ['claude_requests_total', undefined, 0n],
      ...TOKEN_CLASSES.map((tokenClass) => ['claude_tokens_total', tokenClass, 0n]),
      ['claude_web_search_requests_total', undefined, 0n],
    ])
  })
})

describe('while history is loading', () => {
  const loading: Snapshot = { ...sampleSnapshot, version: 2, complete: false }

  it('only families of the exporter, of organisations and of budgets have samples', () => {
    const served = definitions.filter((definition) => samplesOf(definition, loading).length > 0)
    expect(new Set(served.map(({ collector }) => collector))).toEqual(
      new Set(['api', 'billing', 'budgets', 'exporter']),
    )
    expect(served.map(({ name }) => name)).toContain('claude_exporter_load_complete')
    const none = {
      ...loading,
      planWindows: [],
      organizations: NO_ORGANIZATIONS,
      budgets: [],
      balances: [],
      owners: NO_OWNERS,
    }
    expect([...seriesOf(none).keys()]).toEqual(['claude_alert_threshold'])
  })
})

describe('seriesOf', () => {
  it('counts the series of each family, without those about the exporter', () => {
    const series = seriesOf(sampleSnapshot)
    expect(series.get('claude_tokens_total')).toBe(10)
    expect(series.get('claude_requests_total')).toBe(2)
    expect(series.get('claude_tokens_reversed_total')).toBe(5)
    expect(series.get('claude_estimated_cost_reversed_usd_total')).toBe(1)
    expect([...series.keys()].filter((name) => name.startsWith('claude_exporter_'))).toEqual([])
  })
})

describe('cache hit ratio', () => {
  it.each([
    { tokens: [100n, 0n, 100n, 600n, 50n], ratio: 0.75 },
    { tokens: [0n, 0n, 0n, 5n, 0n], ratio: 1 },
    { tokens: [5n, 0n, 0n, 0n, 0n], ratio: 0 },
    { tokens: [0n, 0n, 0n, 0n, 9n], ratio: undefined },
  ] as const)('of $tokens is $ratio', ({ tokens, ratio }) => {
    const row = { ...counterRow(usageLabels({})), tokens }
    const snapshot: Snapshot = { ...sampleSnapshot, version: 2, today: [row] }
    const definition = definitions.find(({ name }) => name === 'claude_cache_hit_ratio_today')
    expect(definition?.read(snapshot).map(([, value]) => value)).toEqual(ratio === undefined ? [] : [ratio])
  })
})
