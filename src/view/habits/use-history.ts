import { SLOT_MS } from '../../ledger/ledger.ts'
import type { HourWindow } from './hour-windows.ts'

const MINUTES_PER_SLOT = SLOT_MS / 60_000
/** With fewer quarters of an hour in use, nothing is usual yet. */
const MIN_SLOTS = 8

interface SlotUse {
  costPico: bigint
  newTokens: number
}

/** What one agent or project used in each quarter of an hour. */
export class UseHistory {
  readonly #slots = new Map<number, SlotUse>()

  add(slot: number, costPico: bigint, newTokens: number): void {
    const use = this.#slots.get(slot) ?? { costPico: 0n, newTokens: 0 }
    use.costPico += costPico
    use.newTokens += newTokens
    if (use.costPico === 0n && use.newTokens === 0) this.#slots.delete(slot)
    else this.#slots.set(slot, use)
  }

  forgetBefore(instant: number): void {
    for (const slot of this.#slots.keys()) if (slot < instant) this.#slots.delete(slot)
  }

  get isEmpty(): boolean {
    return this.#slots.size === 0
  }

  /** Pico-dollars of all slots of the window. */
  cost({ start, last }: HourWindow): bigint {
    let pico = 0n
    for (let slot = start; slot <= last; slot += SLOT_MS) pico += this.#slots.get(slot)?.costPico ?? 0n
    return pico
  }

  /** As `cost`, with the last slot counted only by the part of it that begins it, milliseconds. */
  costUntil({ start, last }: HourWindow, elapsedMs: number): bigint {
    const running = this.#slots.get(last)?.costPico ?? 0n
    return this.cost({ start, last: last - SLOT_MS }) + (running * BigInt(elapsedMs)) / BigInt(SLOT_MS)
  }

  /** New tokens in slots that begin within the range, epoch milliseconds. Null where nothing was used in it. */
  newTokens(from: number, to: number): number | null {
    let tokens: number | null = null
    for (const [slot, use] of this.#slots) if (slot >= from && slot < to) tokens = (tokens ?? 0) + use.newTokens
    return tokens
  }

  /** Mean of new tokens per minute over the slots within the range that had any; null with too few of them. */
  usualTokensPerMinute(from: number, to: number): number | null {
    let tokens = 0
    let slots = 0
    for (const [slot, { newTokens }] of this.#slots) {
      if (slot < from || slot >= to || newTokens <= 0) continue
      tokens += newTokens
      slots += 1
    }
    return slots < MIN_SLOTS ? null : tokens / slots / MINUTES_PER_SLOT
  }
}
