import { above, indented, notAbove } from '../promql.ts'
import { CACHE } from '../recording/usage.ts'
import type { AlertRule, RuleGroup } from '../rule.ts'
import { cacheValues, commonValues } from '../values.ts'

/**
 * Not where the same six hours of last week were as low: what runs at night may be another kind of work than what runs by
 * day, with a share of its own.
 */
const cacheRegression = `${above(`(${CACHE.hitRatio7d} - ${CACHE.hitRatio6h})`, 'cache_drop_ratio')}
and
${above(CACHE.promptTokens6h, 'cache_drop_tokens')}
unless (
  ${indented(notAbove(`(${CACHE.hitRatio6h} offset 7d - ${CACHE.hitRatio6h})`, 'cache_drop_ratio'))}
  and
  ${indented(above(`${CACHE.promptTokens6h} offset 7d`, 'cache_drop_tokens'))}
)`

/** Whether the figures are whole, and whether the cache does its work. */
export const efficiencyAlerts: RuleGroup<AlertRule> = {
  name: 'claude-usage.efficiency.alerts',
  rules: [
    {
      alert: 'ClaudeCacheRegression',
      severity: 'warning',
      expr: cacheRegression,
      for: '30m',
      keepFiringFor: '30m',
      text: {
        summary: 'Much less of the prompts comes from the cache than before.',
        description:
          'Of the prompts of project {project}, {hit_ratio_6h} came from the cache over 6 hours, {hit_ratio_7d} over 7 days. Tokens that are not read from the cache cost about ten times as much.',
      },
      values: cacheValues,
      dashboard: 'cache',
      dashboardLabels: ['project'],
    },
    {
      alert: 'ClaudeUnpricedModel',
      severity: 'warning',
      expr: 'increase(claude_unpriced_tokens_total[6h]) > 0',
      for: '5m',
      text: {
        summary: 'A model is in use that no price is known for.',
        description:
          'About {tokens} tokens of model {model} ({provider}) in the last 6 hours have no price. They are in no cost and in no budget in dollars until the configuration gives one.',
      },
      values: commonValues,
      dashboard: 'health',
    },
    {
      alert: 'ClaudeReconciliationOff',
      severity: 'info',
      expr: above('abs(last_over_time(claude_reconciliation_ratio[1h]) - 1)', 'reconciliation_ratio'),
      for: '1h',
      text: {
        summary: 'Session logs and the bill tell different stories.',
        description:
          'Over the last 7 settled days the estimate from the session logs is {percent} away from what the provider bills.',
      },
      values: commonValues,
      dashboard: 'billing',
    },
  ],
}
