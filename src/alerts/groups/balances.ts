import { below, LEVEL_HOLD } from '../promql.ts'
import type { AlertRule, RuleGroup } from '../rule.ts'
import { NOTICE_TEXTS } from '../texts.ts'
import { balanceValues } from '../values.ts'

/** The prepaid balance. It is held when it is not told: a bill that is not known for a while pays nothing. */
export const balanceAlerts: RuleGroup<AlertRule> = {
  name: 'claude-usage.balances.alerts',
  rules: [
    {
      alert: 'ClaudeBalanceLow',
      severity: 'warning',
      expr: below(`last_over_time(claude_balance_runway_seconds[${LEVEL_HOLD}])`, 'balance_low_seconds'),
      for: '15m',
      text: NOTICE_TEXTS.ClaudeBalanceLow,
      values: balanceValues,
      dashboard: 'billing',
    },
    {
      alert: 'ClaudeBalanceExhausted',
      severity: 'critical',
      expr: `last_over_time(claude_balance_usd[${LEVEL_HOLD}]) <= 0`,
      for: '5m',
      text: NOTICE_TEXTS.ClaudeBalanceExhausted,
      values: balanceValues,
      dashboard: 'billing',
    },
  ],
}
