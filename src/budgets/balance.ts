import type { TopUp } from '../core/budget.ts'
import { DAY_MS } from '../core/time.ts'
import type { Amounts } from './amounts.ts'
import { type DataState, isKnownSince } from './data-state.ts'
import type { BalanceFigures } from './figures.ts'

const RUNWAY_DAYS = 7

export interface BalanceInput {
  readonly organization: string
  /** Those of other organisations do not count. */
  readonly topUps: readonly TopUp[]
  /** The bill of the whole organisation, pico-dollars. */
  readonly billed: Amounts
  readonly data: DataState
  /** Epoch milliseconds. */
  readonly now: number
}

/**
 * What is left of the money put in. Top-ups count from their day on, and the bill from the day of the first one; money
 * and bill of earlier days are taken to have been even.
 */
export function balanceOf({ organization, topUps, billed, data, now }: BalanceInput): BalanceFigures {
  const paid = topUps.filter((topUp) => topUp.organization === organization && topUp.day <= now)
  const toppedUpPico = paid.reduce((sum, topUp) => sum + topUp.pico, 0n)
  const first = Math.min(...paid.map((topUp) => topUp.day))
  if (paid.length === 0 || !isKnownSince(data, first, now)) {
    return { organization, balancePico: null, toppedUpPico, runwayMs: null }
  }
  const balancePico = toppedUpPico - billed.sum(first, now + 1)
  return { organization, balancePico, toppedUpPico, runwayMs: runwayOf(balancePico, billed, first, data.to ?? first) }
}

/** Null where nothing was spent on the complete UTC days since `first`, or where there is none yet. */
function runwayOf(balancePico: bigint, billed: Amounts, first: number, dataTo: number): number | null {
  if (balancePico <= 0n) return 0
  const end = Math.floor(dataTo / DAY_MS) * DAY_MS
  const start = Math.max(end - RUNWAY_DAYS * DAY_MS, Math.ceil(first / DAY_MS) * DAY_MS)
  if (start >= end) return null
  const spent = billed.sum(start, end)
  return spent <= 0n ? null : Number((balancePico * BigInt(end - start)) / spent)
}
