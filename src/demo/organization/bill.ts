import { setImmediate as nextTurn } from 'node:timers/promises'
import { DAY_MS } from '../../core/time.ts'
import type { Pricing } from '../../pricing/pricing.ts'
import type { DemoWorld } from '../world.ts'
import { costsBetween, POSTING_MS } from './costs.ts'

/** Pico-dollars on the bill by workspace. */
export type BillSums = ReadonlyMap<string, bigint>

/** What the bill of a range comes to at `now`, epoch milliseconds, from inclusive, to exclusive. */
export type Bill = (from: number, to: number, now: number) => Promise<BillSums>

/** Goes day by day, so that other work gets a turn in between, and remembers days that change no more. */
export function createBill(world: DemoWorld, pricing: Pricing): Bill {
  const settled = new Map<number, BillSums>()
  const sumsOf = (from: number, to: number, now: number): BillSums => {
    const isWhole = from % DAY_MS === 0 && to - from === DAY_MS
    const known = isWhole ? settled.get(from) : undefined
    if (known !== undefined) return known
    const sums = new Map<string, bigint>()
    for (const { labels, amountPico } of costsBetween(world, pricing, from, to, now))
      add(sums, labels.workspaceId, amountPico)
    if (isWhole && to + POSTING_MS <= now) settled.set(from, sums)
    return sums
  }
  return async (from, to, now) => {
    const sums = new Map<string, bigint>()
    for (let start = from; start < to; ) {
      const end = Math.min(to, (Math.floor(start / DAY_MS) + 1) * DAY_MS)
      for (const [workspace, pico] of sumsOf(start, end, now)) add(sums, workspace, pico)
      start = end
      await nextTurn()
    }
    return sums
  }
}

function add(sums: Map<string, bigint>, workspace: string, pico: bigint): void {
  sums.set(workspace, (sums.get(workspace) ?? 0n) + pico)
}
