import { createHash } from 'node:crypto'
import type { Billing } from '../core/usage.ts'
import type { Advice, AdviceKind } from './advice.ts'

/** Advice, and how much it is about, so that the larger can come first. */
export interface Found {
  readonly advice: Advice
  /** Pico-dollars. */
  readonly weightPico: bigint
}

/** Bounded in length, and the same for the same names. */
export function adviceId(kind: AdviceKind, labels: Advice['labels'], part = ''): string {
  const names = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))
  const hash = createHash('sha256')
    .update(JSON.stringify([names, part]))
    .digest('hex')
  return `${kind}:${hash.slice(0, 16)}`
}

/** An amount where the billing says it belongs. */
export function amountOfBilling(billing: Billing, pico: bigint): Pick<Advice, 'savingPico' | 'planValuePico'> {
  return billing === 'metered' ? { savingPico: pico, planValuePico: null } : { savingPico: null, planValuePico: pico }
}

export const NO_AMOUNT = { savingPico: null, planValuePico: null } as const

/** By weight, then by id, so that there is one order only. */
export function compareFound(a: Found, b: Found): number {
  if (a.weightPico !== b.weightPico) return a.weightPico > b.weightPico ? -1 : 1
  return a.advice.id < b.advice.id ? -1 : a.advice.id > b.advice.id ? 1 : 0
}
