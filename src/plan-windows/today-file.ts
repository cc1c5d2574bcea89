import { join } from 'node:path'
import { MINUTE_MS } from '../core/time.ts'
import { ownValue } from '../lib/own-value.ts'
import { codeOf, readSmallFile, writeSmallFile } from './small-file.ts'

const VERSION = 1
const EVERY_MS = MINUTE_MS / 2
/** The exporter says the same again after this long, so that a status line can tell whether it still runs. */
const REPEAT_MS = 5 * MINUTE_MS
const HOLDS_MS = 15 * MINUTE_MS

/** What everything of today costs at list prices, plans included, as the exporter leaves it for status lines. */
export interface TodayCost {
  readonly usd: number
  /** Epoch milliseconds. */
  readonly at: number
  /** End of the local day, epoch milliseconds. */
  readonly until: number
}

/** Keeps the cost of today in a file beside the ledger, where a status line can have it without opening the ledger. */
export class TodayFile {
  readonly #path: string
  #looked = Number.NEGATIVE_INFINITY
  #written: TodayCost | null = null

  /** @param storagePath folder of the ledger */
  constructor(storagePath: string) {
    this.#path = pathIn(storagePath)
  }

  /** Writes what `cost` says when it is time to. Returns why that could not be done; null when all is well. */
  update(now: number, cost: () => TodayCost | null): string | null {
    if (Math.abs(now - this.#looked) < EVERY_MS) return null
    this.#looked = now
    const next = cost()
    if (next === null || !this.#isNews(next)) return null
    try {
      writeSmallFile(this.#path, `${JSON.stringify({ version: VERSION, ...next })}\n`, now)
      this.#written = next
      return null
    } catch (error) {
      return codeOf(error)
    }
  }

  #isNews({ usd, at, until }: TodayCost): boolean {
    const last = this.#written
    return last === null || last.usd !== usd || last.until !== until || Math.abs(at - last.at) >= REPEAT_MS
  }
}

/** US dollars of today; null where no exporter said so in the last 15 minutes. Never throws. */
export function readTodayUsd(storagePath: string, now: number): number | null {
  try {
    const value: unknown = JSON.parse(readSmallFile(pathIn(storagePath)) ?? 'null')
    const [usd, at, until] = ['usd', 'at', 'until'].map((name) => ownValue(value, name))
    if (ownValue(value, 'version') !== VERSION || typeof usd !== 'number' || usd < 0 || usd > 1e9) return null
    if (typeof at !== 'number' || typeof until !== 'number') return null
    return now < until && Math.abs(now - at) <= HOLDS_MS ? usd : null
  } catch {
    return null
  }
}

function pathIn(storagePath: string): string {
  return join(storagePath, 'today-cost.json')
}
