import { addInt, negateInt } from '../../core/integer.ts'
import { amountOf, MEASURE, type Measures, setAmount, zeroMeasures } from '../../core/measures.ts'

const MONEY = ['cost_usd', 'saved_usd', 'premium_usd'] as const
const MONEY_INDEXES: ReadonlySet<number> = new Set(MONEY.flatMap((name) => [MEASURE[name], MEASURE[name] + 1]))

/** By how much each value is more than another, 0 where it is not; an amount of money is one value. */
export function rises(values: Measures, beyond: Measures): Measures {
  const more = zeroMeasures()
  for (const index of more.keys()) {
    if (MONEY_INDEXES.has(index)) continue
    const difference = addInt(values[index] ?? 0, negateInt(beyond[index] ?? 0))
    if (difference > 0) more[index] = difference
  }
  for (const name of MONEY) {
    const difference = amountOf(values, name) - amountOf(beyond, name)
    if (difference > 0n) setAmount(more, name, difference)
  }
  return more
}

/** The lesser of each value of two that are not negative; an amount of money is one value. */
export function lesser(a: Measures, b: Measures): Measures {
  const less = rises(a, zeroMeasures())
  const beyond = rises(a, b)
  for (const index of less.keys()) {
    if (!MONEY_INDEXES.has(index)) less[index] = addInt(less[index] ?? 0, negateInt(beyond[index] ?? 0))
  }
  for (const name of MONEY) setAmount(less, name, amountOf(less, name) - amountOf(beyond, name))
  return less
}
