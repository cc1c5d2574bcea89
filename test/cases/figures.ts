import { type Int, shrinkInt } from '../../src/core/integer.ts'
import { amountOf, MEASURE, MEASURES, type Measure } from '../../src/core/measures.ts'
import { decimalFromPico } from '../../src/core/money.ts'

/** Counts by name, those that are 0 left out. Money is apart, see `dollars`. */
export type Figures = Partial<Record<Exclude<Measure, `${string}_${'usd' | 'pico'}`>, Int>>

const COUNTED = MEASURES.filter((name): name is keyof Figures => !/_(?:usd|pico)$/.test(name))

export function figures(values: readonly Int[]): Figures {
  const found = COUNTED.map((name) => [name, shrinkInt(values[MEASURE[name]] ?? 0)] as const)
  return Object.fromEntries(found.filter(([, value]) => value !== 0))
}

/** The exact cost, as a decimal number of dollars. */
export function dollars(values: readonly Int[]): string {
  return decimalFromPico(amountOf(values, 'cost_usd'))
}
