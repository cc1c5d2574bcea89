import { accumulate, amountOf, isZero, type Measures, zeroMeasures } from '../core/measures.ts'
import { startOfDay, startOfMonth } from '../core/period.ts'
import { SLOT_MS } from '../ledger/ledger.ts'

const WEEK_MS = 7 * 24 * 60 * 60 * 1000

export type WindowName = 'today' | 'last7Days' | 'monthToDate'

/** Sums of one label set in one quarter of an hour or one window. */
export interface WindowSums {
  readonly values: Measures
  /** Pico-dollars of the cost that a plan covers. */
  planPico: bigint
}

/**
 * Sums per label set over today, the last seven days and the month so far. Keeps the quarters of an hour that any of
 * them can need; times in the future wait there until they are reached.
 */
export class Windows<Key> {
  readonly #timeZone: string
  readonly #slots = new Map<number, Map<Key, WindowSums>>()
  readonly #sums: Record<WindowName, Map<Key, WindowSums>> = {
    today: new Map(),
    last7Days: new Map(),
    monthToDate: new Map(),
  }
  #bounds: Bounds
  /** Older slots are forgotten. One move behind the windows, so that a clock may jump ahead and be put right. */
  #keptFrom: number

  constructor(timeZone: string, now: number) {
    this.#timeZone = timeZone
    this.#bounds = boundsAt(now, timeZone)
    this.#keptFrom = startOf(this.#bounds)
  }

  /** Oldest slot that any window can need at this instant, epoch milliseconds. */
  static oldest(now: number, timeZone: string): number {
    return startOf(boundsAt(now, timeZone))
  }

  add(slot: number, key: Key, values: Measures, isPlan: boolean): void {
    if (slot < this.#keptFrom) return
    let sums = this.#slots.get(slot)
    if (sums === undefined) {
      sums = new Map()
      this.#slots.set(slot, sums)
    }
    addTo(sums, key, values, isPlan ? amountOf(values, 'cost_usd') : 0n)
    for (const name of WINDOW_NAMES) {
      if (this.#isInside(name, slot)) addTo(this.#sums[name], key, values, isPlan ? amountOf(values, 'cost_usd') : 0n)
    }
  }

  /** Moves the windows to an instant; true when that changed what they hold. */
  moveTo(now: number): boolean {
    if (slotOf(now) === this.#bounds.current) return false
    const before = startOf(this.#bounds)
    this.#bounds = boundsAt(now, this.#timeZone)
    this.#keptFrom = Math.min(before, startOf(this.#bounds))
    for (const name of WINDOW_NAMES) this.#sums[name].clear()
    for (const [slot, sums] of this.#slots) {
      if (slot < this.#keptFrom) {
        this.#slots.delete(slot)
        continue
      }
      for (const name of WINDOW_NAMES) {
        if (!this.#isInside(name, slot)) continue
        for (const [key, { values, planPico }] of sums) addTo(this.#sums[name], key, values, planPico)
      }
    }
    return true
  }

  sums(name: WindowName): ReadonlyMap<Key, WindowSums> {
    return this.#sums[name]
  }

  #isInside(name: WindowName, slot: number): boolean {
    return slot >= this.#bounds[name] && slot <= this.#bounds.current
  }
}

const WINDOW_NAMES: readonly WindowName[] = ['today', 'last7Days', 'monthToDate']

type Bounds = Readonly<Record<WindowName | 'current', number>>

/** First slot of each window and the one that holds the instant. */
function boundsAt(now: number, timeZone: string): Bounds {
  return {
    current: slotOf(now),
    today: slotOf(startOfDay(now, timeZone)),
    last7Days: slotOf(now - WEEK_MS),
    monthToDate: slotOf(startOfMonth(now, timeZone)),
  }
}

/** Oldest slot that any of the windows needs. */
function startOf({ last7Days, monthToDate }: Bounds): number {
  return Math.min(last7Days, monthToDate)
}

function slotOf(instant: number): number {
  return Math.floor(instant / SLOT_MS) * SLOT_MS
}

function addTo<Key>(sums: Map<Key, WindowSums>, key: Key, values: Measures, planPico: bigint): void {
  let sum = sums.get(key)
  if (sum === undefined) {
    sum = { values: zeroMeasures(), planPico: 0n }
    sums.set(key, sum)
  }
  accumulate(sum.values, values)
  sum.planPico += planPico
  if (isZero(sum.values)) sums.delete(key)
}
