import type { AlertThresholdName } from '../../core/alert-thresholds.ts'
import { above, indented, inParentheses, ON_BUDGET, withOwner } from '../promql.ts'
import { BUDGET } from '../recording/budgets.ts'
import type { AlertRule, RuleGroup, Severity } from '../rule.ts'
import { NOTICE_TEXTS, type NoticeName } from '../texts.ts'
import { budgetValues } from '../values.ts'

/** A period below this is a day or less: with a change of the clocks a day has 25 hours. */
export const DAY_AT_MOST_SECONDS = 26 * 3_600

const isLong = `${BUDGET.periodLength} >= ${DAY_AT_MOST_SECONDS}`
const isExceeded = `${BUDGET.usedRatio} >= 1`
/** Budgets that may wake somebody; the others have no critical threshold. */
const mayBeCritical = `${ON_BUDGET} ${BUDGET.thresholdRatio}{severity="critical"}`

/**
 * None of these has `for` or `keep_firing_for`: the recorded ratio has no gaps to bridge and does not flap, and when a
 * new period begins the alert ends at once.
 */
export const budgetAlerts: RuleGroup<AlertRule> = {
  name: 'claude-usage.budgets.alerts',
  rules: [
    nearLimit('warning'),
    nearLimit('critical'),
    about('ClaudeBudgetExceeded', 'critical', `${isExceeded}\nand ${mayBeCritical}`),
    about('ClaudeBudgetExceeded', 'warning', `${isExceeded}\nunless ${mayBeCritical}`),
    {
      alert: 'ClaudeBudgetUnknown',
      severity: 'warning',
      expr: withOwner('last_over_time(claude_budget_state{state="unknown"}[15m]) == 1', BUDGET.owner),
      for: '1h',
      text: {
        summary: 'It is not known how much of a budget is used.',
        description:
          'For more than an hour nothing certain can be said of budget {budget}, because the data behind it are missing or too old. Last known in this period: {used_percent} of its limit of {limit}.',
      },
      values: budgetValues,
      dashboard: 'budgets',
      dashboardLabels: ['budget'],
    },
  ],
}

/**
 * Windows of less than an hour would follow single requests, and the data of an organisation come in hours at best.
 * Where its buckets are wider than a window, the exporter leaves that burn rate out and the rule says nothing.
 */
const burnsFastWhenLong = `${BUDGET.burn6h}
and ${ON_BUDGET} ${isLong}
and ${ON_BUDGET} ${isAbove(BUDGET.burn6h, 'burn_fast_ratio')}
and ${ON_BUDGET} ${isAbove(BUDGET.burn1h, 'burn_fast_ratio')}`

const burnsFastWhenShort = `${BUDGET.burn1h}
unless ${ON_BUDGET} ${isLong}
and ${ON_BUDGET} ${isAbove(BUDGET.burn1h, 'burn_fast_day_ratio')}`

const burnsFast = `(
  ${indented(inParentheses(burnsFastWhenLong))}
  or
  ${indented(inParentheses(burnsFastWhenShort))}
)`

const burnsSlowly = `${BUDGET.burn3d}
and ${ON_BUDGET} ${isLong}
and ${ON_BUDGET} ${isAbove(BUDGET.burn3d, 'burn_slow_ratio')}
and ${ON_BUDGET} ${isAbove(BUDGET.burn6h, 'burn_slow_ratio')}`

const enoughElapsed = `${ON_BUDGET} ${isAbove(BUDGET.elapsedRatio, 'forecast_elapsed_ratio')}`

/** What is expected to happen. These values move, so they have to last, and go on a little. */
export const budgetTrendAlerts: RuleGroup<AlertRule> = {
  name: 'claude-usage.budget-trends.alerts',
  rules: [
    {
      ...about(
        'ClaudeBudgetForecastExceeded',
        'warning',
        `${above(BUDGET.forecastRatio, 'forecast_ratio')}
and ${enoughElapsed}
unless ${ON_BUDGET} ${isExceeded}`,
      ),
      for: '15m',
      keepFiringFor: '15m',
    },
    {
      ...about(
        'ClaudeBudgetExhaustsBeforeReset',
        'warning',
        `${BUDGET.exhaustion}
< ${ON_BUDGET} group_left ()
max by (job, instance, budget) (${BUDGET.periodEnd})
and ${enoughElapsed}
unless ${ON_BUDGET} ${isExceeded}`,
      ),
      for: '15m',
      keepFiringFor: '15m',
    },
    {
      ...about('ClaudeBudgetBurnFast', 'critical', `${burnsFast}\nand ${mayBeCritical}`),
      for: '5m',
      keepFiringFor: '15m',
    },
    {
      ...about('ClaudeBudgetBurnFast', 'warning', `${burnsFast}\nunless ${mayBeCritical}`),
      for: '5m',
      keepFiringFor: '15m',
    },
    { ...about('ClaudeBudgetBurnSlow', 'warning', burnsSlowly), for: '1h', keepFiringFor: '1h' },
  ],
}

function nearLimit(severity: Severity): AlertRule {
  const limit = `max by (job, instance, budget) (${BUDGET.thresholdRatio}{severity="${severity}"})`
  return about('ClaudeBudgetNearLimit', severity, `${BUDGET.usedRatio}\n>= ${ON_BUDGET} group_left ()\n${limit}`)
}

function about(alert: NoticeName, severity: Severity, expr: string): AlertRule {
  return {
    alert,
    severity,
    expr: withOwner(expr, BUDGET.owner),
    text: NOTICE_TEXTS[alert],
    values: budgetValues,
    dashboard: 'budgets',
    dashboardLabels: ['budget'],
  }
}

function isAbove(series: string, name: AlertThresholdName): string {
  return inParentheses(above(series, name))
}
