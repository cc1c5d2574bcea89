import type { BudgetFigures } from '../budgets/figures.ts'
import { ratioOf } from '../budgets/ratio.ts'
import { type BudgetUnit, unitOf } from '../core/budget.ts'
import { countText, percentText, usdText } from '../core/figure-text.ts'
import { DAY_MS } from '../core/time.ts'
import { nameText } from '../lib/name-text.ts'
import type { AdviceInput } from './advice.ts'
import { largestShares } from './budget-share.ts'
import { adviceId, type Found, NO_AMOUNT } from './found.ts'
import { localMinute, toCents } from './text.ts'

/** Budgets that are exceeded, or are going to be. */
export function spendLessAdvice(input: AdviceInput): readonly Found[] {
  return input.budgets.flatMap((figures) => {
    const { spent, budget, unknownReason } = figures
    // Until history is loaded, copies of responses may be counted that turn out to be one.
    if (spent === null || unknownReason === 'loading') return []
    if (spent >= budget.limit) return [ofExceeded(figures, spent, input)]
    return ofForecast(figures, spent, input)
  })
}

function ofExceeded(figures: BudgetFigures, spent: bigint, input: AdviceInput): Found {
  const { budget, period } = figures
  const unit = unitOf(budget.basis)
  const name = nameText(budget.name)
  const overBy = rounded(spent, unit) - rounded(budget.limit, unit)
  const over = amountText(overBy, unit)
  const reason = overBy === 0n ? 'all of its limit is used' : `it is over its limit by ${over}`
  const isRolling = budget.period.kind === 'rolling'
  const title = isRolling
    ? `Use less of what budget ${name} counts: ${reason}.`
    : `Put off work that budget ${name} counts until ${localMinute(period.end, input.timeZone)}: ${reason}.`
  const left = isRolling
    ? ` It counts the last ${budget.period.days} days, so that it falls only as older use drops out.`
    : ''
  return found(figures, {
    title,
    detail: `${usedText(figures, spent)}${left}${sharesText(figures, input)}`,
    formula: overBy === 0n ? null : `${amountText(spent, unit)} - ${amountText(budget.limit, unit)} = ${over}`,
    overPico: unit === 'usd' ? spent - budget.limit : 0n,
  })
}

function ofForecast(figures: BudgetFigures, spent: bigint, input: AdviceInput): readonly Found[] {
  const { budget, period, forecast, exhaustsAt, suggestedPerDay, remaining } = figures
  if (forecast === null || remaining === null || !isExpectedOver(figures, input)) return []
  const unit = unitOf(budget.basis)
  const name = nameText(budget.name)
  const until = localMinute(period.end, input.timeZone)
  const left = amountText(remaining, unit)
  const perDay = suggestedPerDay === null ? null : amountText(suggestedPerDay, unit)
  const over = amountText(rounded(forecast.expected, unit) - rounded(budget.limit, unit), unit)
  const reached = exhaustsAt === null ? '' : `, which it passes at ${localMinute(exhaustsAt, input.timeZone)}`
  return [
    found(figures, {
      title:
        perDay === null
          ? `Keep work that budget ${name} counts within the ${left} left until ${until}.`
          : `Keep work that budget ${name} counts within ${perDay} a day until ${until}.`,
      detail: `${usedText(figures, spent)} It is forecast to reach ${amountText(forecast.expected, unit)}, ${over} over its limit${reached}.${sharesText(figures, input)}`,
      formula:
        suggestedPerDay === null
          ? `${amountText(forecast.expected, unit)} - ${amountText(budget.limit, unit)} = ${over}`
          : perDayFormula({ remaining, perDay: suggestedPerDay, leftMs: leftOf(figures), unit }),
      overPico: unit === 'usd' ? forecast.expected - budget.limit : 0n,
    }),
  ]
}

/** As the alerts on forecasts have it. */
function isExpectedOver({ budget, forecast, exhaustsAt, period, elapsedRatio }: BudgetFigures, input: AdviceInput) {
  const { forecast_elapsed_ratio: elapsed, forecast_ratio: ratio } = input.thresholds
  if (forecast === null || elapsedRatio <= elapsed || forecast.expected <= budget.limit) return false
  return ratioOf(forecast.expected, budget.limit) > ratio || (exhaustsAt !== null && exhaustsAt < period.end)
}

interface Parts {
  readonly title: string
  readonly detail: string
  readonly formula: string | null
  readonly overPico: bigint
}

function found({ budget }: BudgetFigures, { title, detail, formula, overPico }: Parts): Found {
  const labels = { budget: budget.name, owner: budget.owner }
  return {
    weightPico: overPico,
    advice: {
      id: adviceId('spend_less_per_day', { budget: budget.name }),
      kind: 'spend_less_per_day',
      urgency: 'now',
      title,
      detail,
      ...NO_AMOUNT,
      formula,
      labels,
    },
  }
}

function usedText({ budget, usedRatio, unpricedTokens }: BudgetFigures, spent: bigint): string {
  const unit = unitOf(budget.basis)
  const share = usedRatio === null ? '' : ` (${percentText(usedRatio)})`
  const unpriced = unpricedTokens > 0n ? ', tokens without a price not counted' : ''
  return `It has used ${amountText(spent, unit)} of ${amountText(budget.limit, unit)}${share}${unpriced}.`
}

function sharesText({ budget }: BudgetFigures, { last7Days }: AdviceInput): string {
  const shares = largestShares(budget, last7Days)
  return shares === null ? '' : ` In the last 7 days ${shares}.`
}

interface PerDay {
  readonly remaining: bigint
  readonly perDay: bigint
  readonly leftMs: number
  readonly unit: BudgetUnit
}

/** At the moment the figures are of, which may be a little earlier than the snapshot. */
function leftOf({ period, elapsedRatio }: BudgetFigures): number {
  return (period.end - period.start) * (1 - elapsedRatio)
}

const MAX_DECIMALS = 9

/** With as many decimals of the days as it takes to give the same amount; null where no number of them does. */
function perDayFormula({ remaining, perDay, leftMs, unit }: PerDay): string | null {
  for (let decimals = 1; decimals <= MAX_DECIMALS; decimals++) {
    const days = (leftMs / DAY_MS).toFixed(decimals)
    const parts = BigInt(days.replace('.', ''))
    const again = (rounded(remaining, unit) * 10n ** BigInt(decimals)) / parts
    if (amountText(again, unit) === amountText(perDay, unit)) {
      return `${amountText(remaining, unit)} left / ${days} days = ${amountText(perDay, unit)} a day`
    }
  }
  return null
}

function amountText(amount: bigint, unit: BudgetUnit): string {
  return unit === 'usd' ? usdText(amount) : `${countText(amount)} tokens`
}

function rounded(amount: bigint, unit: BudgetUnit): bigint {
  return unit === 'usd' ? toCents(amount) : amount
}
