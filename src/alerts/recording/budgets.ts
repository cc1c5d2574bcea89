import { ANSWERS, kept, LEVEL_HOLD, ON_BUDGET, RATE_HOLD } from '../promql.ts'
import type { RecordingRule, RuleGroup } from '../rule.ts'

/** Figures of budgets that outlive the exporter for a while. */
export const BUDGET = {
  /** Who answers for it, as a label; one series per budget. */
  owner: 'budget:claude_budget_info:last12h',
  /** End of the present period; of every budget that counts now, so that others are asked whether they are in it. */
  periodEnd: 'budget:claude_budget_period_end_timestamp_seconds:last12h',
  periodLength: 'budget:claude_budget_period_seconds:last12h',
  elapsedRatio: 'budget:claude_budget_elapsed_ratio:last12h',
  /** When the used ratio was told last, seconds since 1970; gone while it is not told. */
  usedRatioTime: 'budget:claude_budget_used_ratio:timestamp',
  usedRatio: 'budget:claude_budget_used_ratio:last12h',
  thresholdRatio: 'budget_severity:claude_budget_threshold_ratio:last12h',
  forecastRatio: 'budget:claude_budget_forecast_ratio:last12h',
  exhaustion: 'budget:claude_budget_exhaustion_timestamp_seconds:last12h',
  burn1h: 'budget:claude_budget_burn_rate_1h:last1h',
  burn6h: 'budget:claude_budget_burn_rate_6h:last1h',
  burn3d: 'budget:claude_budget_burn_rate_3d:last1h',
} as const

const PERIOD_END = 'claude_budget_period_end_timestamp_seconds'
const PERIOD_START = 'claude_budget_period_start_timestamp_seconds'
const USED_RATIO = 'claude_budget_used_ratio'

/**
 * A budget counts while the exporter tells of it. When that is silent, it counts on as long as its target is known, or
 * no other instance of the job has taken over, and its period lasts. A rolling period has no end.
 */
const periodEnd = `${PERIOD_END}
or
(
  (
    last_over_time(${PERIOD_END}[${LEVEL_HOLD}]) and on (job, instance) up
    or
    last_over_time(${PERIOD_END}[${LEVEL_HOLD}]) unless on (job, budget) ${PERIOD_END}
  )
  unless on (job, instance) ${ANSWERS}
  unless ${ON_BUDGET} (
    last_over_time(${PERIOD_END}[${LEVEL_HOLD}]) <= time()
    unless ${ON_BUDGET} last_over_time(claude_budget_info{period=~"rolling.*"}[${LEVEL_HOLD}])
  )
)`

/**
 * The used ratio is held, too, while the exporter answers but cannot tell it (state `unknown`), as long as it was last
 * told in the period that runs now: missing data never clears an alert, a new period always does.
 */
const usedRatio = `${USED_RATIO}
or
(
  last_over_time(${USED_RATIO}[${LEVEL_HOLD}])
  unless ${ON_BUDGET} ${USED_RATIO}
  and ${ON_BUDGET} ${BUDGET.periodEnd}
  and ${ON_BUDGET} (
    max by (job, instance, budget) (last_over_time(${BUDGET.usedRatioTime}[${LEVEL_HOLD}]))
    >= ${ON_BUDGET}
    max by (job, instance, budget) (last_over_time(${PERIOD_START}[${LEVEL_HOLD}]))
  )
)`

/** One of two owners, where the present one is not told and it changed within the time that is looked back. */
const owner = `topk by (job, instance, budget) (
  1,
  max by (job, instance, budget, owner) ${kept('claude_budget_info', LEVEL_HOLD)}
)`

const periodLength = `${BUDGET.periodEnd}
- ${ON_BUDGET} group_left ()
max by (job, instance, budget) (last_over_time(${PERIOD_START}[${LEVEL_HOLD}]))`

export const budgetRecordings: RuleGroup<RecordingRule> = {
  name: 'claude-usage.budgets.rules',
  rules: [
    // Before the ratios: alerts have their owner from the first evaluation on.
    { record: BUDGET.owner, expr: owner },
    { record: BUDGET.periodEnd, expr: periodEnd },
    { record: BUDGET.periodLength, expr: periodLength },
    { record: BUDGET.usedRatioTime, expr: `timestamp(${USED_RATIO})` },
    { record: BUDGET.usedRatio, expr: usedRatio },
    heldInPeriod(BUDGET.elapsedRatio, 'claude_budget_elapsed_ratio', LEVEL_HOLD),
    heldInPeriod(BUDGET.thresholdRatio, 'claude_budget_threshold_ratio', LEVEL_HOLD),
    heldInPeriod(BUDGET.forecastRatio, 'claude_budget_forecast_ratio', LEVEL_HOLD),
    heldInPeriod(BUDGET.exhaustion, 'claude_budget_exhaustion_timestamp_seconds', LEVEL_HOLD),
    heldInPeriod(BUDGET.burn1h, 'claude_budget_burn_rate_1h', RATE_HOLD),
    heldInPeriod(BUDGET.burn6h, 'claude_budget_burn_rate_6h', RATE_HOLD),
    heldInPeriod(BUDGET.burn3d, 'claude_budget_burn_rate_3d', RATE_HOLD),
  ],
}

/** Not held while the exporter answers: a forecast that is withheld, or a date that is gone, is news. */
function heldInPeriod(record: string, family: string, hold: string): RecordingRule {
  return { record, expr: `${kept(family, hold)}\nand ${ON_BUDGET} ${BUDGET.periodEnd}` }
}
