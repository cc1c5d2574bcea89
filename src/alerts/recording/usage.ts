import type { RecordingRule, RuleGroup } from '../rule.ts'

/** Shares of the prompt that came from the cache, and what they are of. */
export const CACHE = {
  promptTokens6h: 'project:claude_prompt_tokens:increase6h',
  cacheReadTokens6h: 'project:claude_cache_read_tokens:increase6h',
  hitRatio6h: 'project:claude_cache_hit:ratio_increase6h',
  hitRatio7d: 'project:claude_cache_hit:ratio_increase7d',
} as const

/** The longest that a source waited for its planned run; see the alerts about stale data. */
export const SYNC_WAIT = 'source:claude_exporter_sync_wait_seconds:max7d'

export const rateRecordings: RuleGroup<RecordingRule> = {
  name: 'claude-usage.rates.rules',
  rules: [
    rate('instance', 'claude_estimated_cost_usd', '1h', 'source, agent, project, provider, model, machine'),
    rate('project', 'claude_estimated_cost_usd', '1h', 'source, agent, provider, model, machine'),
    rate('agent', 'claude_estimated_cost_usd', '1h', 'project, provider, model, machine'),
    rate('model', 'claude_estimated_cost_usd', '1h', 'source, agent, project, machine'),
    rate('project', 'claude_tokens', '5m', 'source, agent, provider, model, token_type, machine'),
    rate('agent', 'claude_tokens', '5m', 'project, provider, model, token_type, machine'),
    rate('model', 'claude_tokens', '5m', 'source, agent, project, token_type, machine'),
  ],
}

/** Long windows, evaluated less often. The week is put together from windows of 6 hours: cheap, and a gap falls out of both sides. */
export const windowRecordings: RuleGroup<RecordingRule> = {
  name: 'claude-usage.windows.rules',
  interval: '2m',
  rules: [
    { record: CACHE.promptTokens6h, expr: increaseByProject('token_type!="output"') },
    { record: CACHE.cacheReadTokens6h, expr: increaseByProject('token_type="cache_read"') },
    { record: CACHE.hitRatio6h, expr: `${CACHE.cacheReadTokens6h} / ${CACHE.promptTokens6h}` },
    {
      record: CACHE.hitRatio7d,
      expr: `sum_over_time(${CACHE.cacheReadTokens6h}[7d:6h])
/
sum_over_time(${CACHE.promptTokens6h}[7d:6h])`,
    },
    {
      record: SYNC_WAIT,
      expr: 'max_over_time((claude_exporter_sync_next_timestamp_seconds - time())[7d:1h])',
    },
  ],
}

function rate(level: string, metric: string, window: string, without: string): RecordingRule {
  return {
    record: `${level}:${metric}:rate${window}`,
    expr: `sum without (${without}) (rate(${metric}_total[${window}]))`,
  }
}

function increaseByProject(matcher: string): string {
  return `sum without (source, agent, provider, model, token_type, machine) (increase(claude_tokens_total{${matcher}}[6h]))`
}
