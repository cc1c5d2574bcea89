import { amountOf, FIRST_TOKEN_CLASS, type Measures } from '../../core/measures.ts'
import type { Owner, OwnerRule } from '../../core/owner.ts'
import { startOfMonth } from '../../core/period.ts'
import { DAY_MS } from '../../core/time.ts'
import { type Label, type LabelRow, type RollupChange, SLOT_MS } from '../../ledger/ledger.ts'
import { usageFacts } from '../../owners/facts.ts'
import { ownerOf, turningPoints } from '../../owners/owner-of.ts'
import type { TokenTotals } from '../snapshot.ts'

export interface OwnerUse {
  readonly owner: Owner | null
  tokens: TokenTotals
  estimatedPico: bigint
  planPico: bigint
}

/**
 * What each owner used in the month that runs, by the session logs. The next month is kept as well, so that the turn of a
 * month needs no reading.
 */
export class MonthUse {
  readonly #rules: readonly OwnerRule[]
  readonly #timeZone: string
  readonly #labels = new Map<number, LabelRow>()
  /** Starts of times in which no rule begins or ends, ascending; the last is the end of what is kept. */
  #edges: readonly number[] = []
  #month = Number.NaN
  /** By start of the time, then by owner. */
  readonly #sums = new Map<number, Map<string, OwnerUse>>()

  constructor(rules: readonly OwnerRule[], timeZone: string) {
    this.#rules = rules
    this.#timeZone = timeZone
  }

  /** Makes it the month of an instant, epoch milliseconds, and tells when that began. */
  turnTo(now: number): number {
    const month = startOfMonth(now, this.#timeZone)
    if (month === this.#month) return month
    const next = startOfMonth(month + 32 * DAY_MS, this.#timeZone)
    const end = startOfMonth(next + 32 * DAY_MS, this.#timeZone)
    this.#month = month
    this.#edges = [...turningPoints(this.#rules, month, next), ...turningPoints(this.#rules, next, end), end]
    for (const start of this.#sums.keys()) if (start < month) this.#sums.delete(start)
    return month
  }

  addLabels(labels: readonly LabelRow[]): void {
    for (const label of labels) if (!this.#labels.has(label.id)) this.#labels.set(label.id, label)
  }

  add(rows: readonly RollupChange[]): void {
    for (const { slot, label: id, values } of rows) {
      const start = this.#startOf(slot)
      const label = this.#labels.get(id)
      if (start !== null && label !== undefined) addTo(this.#sumOf(start, label), label, values)
    }
  }

  /** Sums of the month so far. A log may tell of a time that is still to come; that of the month counts. */
  sums(): OwnerUse[] {
    const next = startOfMonth(this.#month + 32 * DAY_MS, this.#timeZone)
    return [...this.#sums].filter(([start]) => start < next).flatMap(([, sums]) => [...sums.values()])
  }

  #startOf(slot: number): number | null {
    const index = this.#edges.findLastIndex((edge) => slotOf(edge) <= slot)
    return index === -1 || index === this.#edges.length - 1 ? null : (this.#edges[index] ?? null)
  }

  #sumOf(start: number, label: Label): OwnerUse {
    const sums = this.#sums.get(start) ?? new Map<string, OwnerUse>()
    this.#sums.set(start, sums)
    const owner = ownerOf(this.#rules, usageFacts(label), start)
    const key = JSON.stringify(owner && [owner.owner, owner.team, owner.costCenter])
    const sum = sums.get(key) ?? { owner, tokens: [0n, 0n, 0n, 0n, 0n], estimatedPico: 0n, planPico: 0n }
    sums.set(key, sum)
    return sum
  }
}

function addTo(sum: OwnerUse, { billing }: Label, values: Measures): void {
  const pico = amountOf(values, 'cost_usd')
  if (billing === 'plan') sum.planPico += pico
  else sum.estimatedPico += pico
  const [input, write5m, write1h, read, output] = sum.tokens
  const more = (index: number) => BigInt(values[FIRST_TOKEN_CLASS + index] ?? 0)
  sum.tokens = [input + more(0), write5m + more(1), write1h + more(2), read + more(3), output + more(4)]
}

function slotOf(instant: number): number {
  return Math.floor(instant / SLOT_MS) * SLOT_MS
}
