import type { NoticeName } from '../alerts/texts.ts'
import type { BalanceFigures, BudgetFigures } from '../budgets/figures.ts'
import { crossingKey } from '../budgets/period.ts'
import { ratioOf, reachesRatio } from '../budgets/ratio.ts'
import type { AlertThresholdValues } from '../core/alert-thresholds.ts'
import { type Crossing, type PeriodRule, unitOf } from '../core/budget.ts'
import { percentText, usdText } from '../core/figure-text.ts'
import { isoDate } from '../core/period.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../core/time.ts'
import { nameText } from '../lib/name-text.ts'
import { type Notice, notice, noticeKey } from './notice.ts'
import { amountText, timeText } from './values.ts'

/** As `for` in the alert rules. */
const FORECAST_HOLD_MS = 15 * MINUTE_MS
const BURN_FAST_HOLD_MS = 5 * MINUTE_MS
const BURN_SLOW_HOLD_MS = HOUR_MS
const BALANCE_LOW_HOLD_MS = 15 * MINUTE_MS
const BALANCE_EXHAUSTED_HOLD_MS = 5 * MINUTE_MS

/** What the figures are told with. */
export interface NoticeContext {
  /** Epoch milliseconds. */
  readonly at: number
  readonly timeZone: string
  readonly thresholds: AlertThresholdValues
}

/**
 * What is to be told of a budget. Of the thresholds passed only the most serious is; it covers those below. The keys
 * hold the limit, so that one that was raised within the period is watched anew.
 */
export function budgetNotices(figures: BudgetFigures, context: NoticeContext): readonly Notice[] {
  // Until history is loaded, copies of responses may be counted that turn out to be one.
  if (figures.unknownReason === 'loading') return []
  const once = onceInPeriod(figures, context)
  const notices: Notice[] = []
  const crossing = highestCrossing(figures)
  if (crossing !== null) notices.push(once.crossing(crossing))
  if (isForecastOver(figures, context)) {
    const covers = ['ClaudeBudgetExhaustsBeforeReset'] as const
    notices.push(once.other('ClaudeBudgetForecastExceeded', { holdMs: FORECAST_HOLD_MS, covers }))
  }
  if (exhaustsLater(figures, context)) {
    notices.push(once.other('ClaudeBudgetExhaustsBeforeReset', { holdMs: FORECAST_HOLD_MS }))
  }
  const burn = crossing === 'exceeded' ? null : burnOf(figures, context.thresholds)
  if (burn === 'fast') {
    const covers = ['ClaudeBudgetBurnSlow'] as const
    notices.push(once.other('ClaudeBudgetBurnFast', { holdMs: BURN_FAST_HOLD_MS, severity: 'critical', covers }))
  }
  if (burn === 'slow') notices.push(once.other('ClaudeBudgetBurnSlow', { holdMs: BURN_SLOW_HOLD_MS }))
  return notices
}

/** Told once a day, by the configured zone; that nothing is left covers that little is. */
export function balanceNotices(figures: BalanceFigures, context: NoticeContext): readonly Notice[] {
  const { organization, balancePico, runwayMs } = figures
  if (balancePico === null) return []
  const isGone = balancePico <= 0n
  const isShort = runwayMs !== null && runwayMs < context.thresholds.balance_low_seconds * 1_000
  if (!isGone && !isShort) return []
  const key = [organization, isoDate(context.at, context.timeZone)]
  const shared = {
    key,
    repeats: 'once',
    labels: { organization },
    values: {
      organization: nameText(organization),
      balance: usdText(balancePico),
      runway_days: ((runwayMs ?? 0) / DAY_MS).toFixed(1),
    },
  } as const
  if (!isGone) return [notice('ClaudeBalanceLow', { ...shared, severity: 'warning', holdMs: BALANCE_LOW_HOLD_MS })]
  const covers = [noticeKey('ClaudeBalanceLow', ...key)]
  return [
    notice('ClaudeBalanceExhausted', { ...shared, severity: 'critical', holdMs: BALANCE_EXHAUSTED_HOLD_MS, covers }),
  ]
}

interface Trend {
  readonly holdMs: number
  readonly severity?: Notice['severity']
  readonly covers?: readonly NoticeName[]
}

function onceInPeriod(figures: BudgetFigures, context: NoticeContext) {
  const { budget } = figures
  const { name, limit, period: rule } = budget
  const periodStart = rule.kind === 'rolling' ? crossingKey(rule, context.at) : figures.period.start
  const labels = { budget: name, owner: budget.owner }
  const shared = { repeats: 'once', labels, values: valuesOf(figures, context), periodStart } as const
  const capped = (severity: Notice['severity']) => (budget.severity === 'warning' ? 'warning' : severity)
  const crossingKeyOf = (crossing: Crossing) => [name, crossing, periodStart, limit.toString()]
  return {
    crossing(crossing: Crossing): Notice {
      const lower = (['warning', 'critical'] as const).slice(
        0,
        crossing === 'warning' ? 0 : crossing === 'critical' ? 1 : 2,
      )
      return notice(crossing === 'exceeded' ? 'ClaudeBudgetExceeded' : 'ClaudeBudgetNearLimit', {
        ...shared,
        key: crossingKeyOf(crossing),
        severity: capped(crossing === 'warning' ? 'warning' : 'critical'),
        covers: lower.map((one) => noticeKey('ClaudeBudgetNearLimit', ...crossingKeyOf(one))),
      })
    },
    other(alert: NoticeName, { holdMs, severity = 'warning', covers = [] }: Trend): Notice {
      const key = [name, periodStart, limit.toString()]
      return notice(alert, {
        ...shared,
        key,
        severity: capped(severity),
        holdMs,
        covers: covers.map((lesser) => noticeKey(lesser, ...key)),
      })
    },
  }
}

/** Of what is spent for certain: it is at least that, whatever is not known. */
function highestCrossing({ budget, spent }: BudgetFigures): Crossing | null {
  if (spent === null) return null
  if (spent >= budget.limit) return 'exceeded'
  if (budget.severity === 'critical' && reachesRatio(spent, budget.limit, budget.criticalRatio)) return 'critical'
  return reachesRatio(spent, budget.limit, budget.warningRatio) ? 'warning' : null
}

/** Once the limit is passed a forecast says nothing any more, and too early in the period it says nothing yet. */
function hasForecast({ budget, spent, elapsedRatio }: BudgetFigures, { thresholds }: NoticeContext): boolean {
  return spent !== null && spent < budget.limit && elapsedRatio > thresholds.forecast_elapsed_ratio
}

function isForecastOver(figures: BudgetFigures, context: NoticeContext): boolean {
  const { budget, forecast } = figures
  if (forecast === null || !hasForecast(figures, context)) return false
  return ratioOf(forecast.expected, budget.limit) > context.thresholds.forecast_ratio
}

function exhaustsLater(figures: BudgetFigures, context: NoticeContext): boolean {
  const { exhaustsAt, period } = figures
  return exhaustsAt !== null && exhaustsAt < period.end && hasForecast(figures, context)
}

function burnOf(figures: BudgetFigures, thresholds: AlertThresholdValues): 'fast' | 'slow' | null {
  const { burnRate1h, burnRate6h, burnRate3d, budget } = figures
  if (isDayOrLess(budget.period)) return isOver(burnRate1h, thresholds.burn_fast_day_ratio) ? 'fast' : null
  if (isOver(burnRate1h, thresholds.burn_fast_ratio) && isOver(burnRate6h, thresholds.burn_fast_ratio)) return 'fast'
  return isOver(burnRate6h, thresholds.burn_slow_ratio) && isOver(burnRate3d, thresholds.burn_slow_ratio)
    ? 'slow'
    : null
}

function isDayOrLess({ kind, days }: PeriodRule): boolean {
  return kind === 'hour' || kind === 'day' || (kind === 'rolling' && days <= 1)
}

function isOver(rate: number | null, limit: number): boolean {
  return rate !== null && rate > limit
}

function valuesOf(figures: BudgetFigures, { timeZone }: NoticeContext) {
  const { budget, forecast, exhaustsAt, spent, usedRatio } = figures
  const unit = unitOf(budget.basis)
  const burnText = (rate: number | null) => (rate === null ? 'unknown' : rate.toFixed(1))
  return {
    budget: nameText(budget.name),
    used_percent: usedRatio === null ? 'unknown' : percentText(usedRatio),
    spent: spent === null ? 'unknown' : amountText(spent, unit),
    limit: amountText(budget.limit, unit),
    period_end: periodEndText(figures, timeZone),
    burn_1h: burnText(figures.burnRate1h),
    burn_6h: burnText(figures.burnRate6h),
    burn_3d: burnText(figures.burnRate3d),
    ...(forecast !== null && {
      forecast: amountText(forecast.expected, unit),
      forecast_percent: percentText(ratioOf(forecast.expected, budget.limit)),
    }),
    ...(exhaustsAt !== null && { exhausted_at: timeText(exhaustsAt, timeZone) }),
  }
}

function periodEndText({ budget, period }: BudgetFigures, timeZone: string): string {
  const { kind, days } = budget.period
  return kind === 'rolling' ? `now and is always the last ${days} days` : timeText(period.end, timeZone)
}
