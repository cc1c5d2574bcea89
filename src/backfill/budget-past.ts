import { assess, budgetInForce } from '../budgets/assess.ts'
import type { BudgetFigures } from '../budgets/figures.ts'
import { periodAt } from '../budgets/period.ts'
import { type Budget, isOfOrganization } from '../core/budget.ts'
import type { OrganizationBudgetLedger } from '../view/budgets/organization-amounts.ts'
import { BURN_MS } from '../view/budgets/span.ts'
import type { PastAmounts, PastMeasurement } from './budget-amounts.ts'
import { openOrganizationAmounts } from './budget-organizations.ts'
import { openSessionAmounts, type SessionBudgetLedger } from './budget-sessions.ts'
import { startOfUtcDay } from './instants.ts'
import type { Past } from './past.ts'

type BudgetPastLedger = SessionBudgetLedger & OrganizationBudgetLedger

export interface BudgetPastOptions {
  /** All versions of all budgets of the configuration. */
  readonly budgets: readonly Budget[]
  /** Organisations in use; by default all that the ledger has something of. */
  readonly organizations?: readonly string[] | undefined
}

/**
 * Budgets as of past instants: the version in force then, over all that is known now of what was used by then. Without
 * forecasts and what follows from them, and without the limits that the provider enforces, of which only the present
 * ones are known. A budget has no row where nothing is known of what it counts.
 */
export function createBudgetPast(ledger: BudgetPastLedger, options: BudgetPastOptions): Past {
  const { budgets } = options
  const versions = versionsByName(budgets)
  let opened: Promise<PastAmounts> | null = null
  let day = Number.NEGATIVE_INFINITY
  return {
    async at(instant) {
      opened ??= openAmounts(ledger, options, oldestNeeded(budgets, instant))
      const amounts = await opened
      if (startOfUtcDay(instant) !== day) {
        day = startOfUtcDay(instant)
        amounts.forgetBefore(oldestNeeded(budgets, instant))
      }
      await amounts.moveTo(instant)
      const inForce = versions.map((ofName) => budgetInForce(ofName, instant)).filter((budget) => budget !== null)
      return {
        budgets: inForce.flatMap((budget) => {
          const measurement = amounts.measurement(budget, instant)
          return measurement === null ? [] : [figuresAt(budget, measurement, instant)]
        }),
      }
    },
  }
}

async function openAmounts(
  ledger: BudgetPastLedger,
  { budgets, organizations }: BudgetPastOptions,
  from: number,
): Promise<PastAmounts> {
  const ofOrganizations = budgets.filter(({ basis }) => isOfOrganization(basis))
  const sources = {
    sessions: await openSessionAmounts(ledger, budgets, from),
    organizations: await openOrganizationAmounts(ledger, ofOrganizations, organizations, from),
  }
  const both = Object.values(sources)
  return {
    async moveTo(instant) {
      for (const source of both) await source.moveTo(instant)
    },
    forgetBefore(instant) {
      for (const source of both) source.forgetBefore(instant)
    },
    measurement: (budget, instant) =>
      (isOfOrganization(budget.basis) ? sources.organizations : sources.sessions).measurement(budget, instant),
  }
}

function figuresAt(budget: Budget, measurement: PastMeasurement, now: number): BudgetFigures {
  const { unpriced, slotMs, burn } = measurement
  const assessed = ({ amounts, data }: Pick<PastMeasurement, 'amounts' | 'data'>) =>
    assess({
      budget,
      now,
      amounts,
      slotMs,
      data,
      unpricedTokens: unpriced?.sum(periodAt(budget.period, now).start, now + 1) ?? 0n,
      forecast: null,
      forecastErrors: [],
    })
  const figures = { ...assessed(measurement), exhaustsAt: null }
  if (burn === null) return figures
  const { burnRate1h, burnRate6h, burnRate3d } = assessed(burn)
  return { ...figures, burnRate1h, burnRate6h, burnRate3d }
}

/** Start of the oldest UTC day whose amounts any version needs at the instant or later, epoch milliseconds. */
function oldestNeeded(budgets: readonly Budget[], instant: number): number {
  const starts = budgets.filter(({ until }) => until > instant).map(({ period }) => periodAt(period, instant).start)
  return startOfUtcDay(Math.min(instant - BURN_MS, ...starts))
}

/** In the order of the configuration. */
function versionsByName(budgets: readonly Budget[]): readonly (readonly Budget[])[] {
  const names = [...new Set(budgets.map(({ name }) => name))]
  return names.map((wanted) => budgets.filter(({ name }) => name === wanted))
}
