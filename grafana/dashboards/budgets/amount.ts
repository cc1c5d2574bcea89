import type { Query } from '../../lib/basics.ts'
import type { Select } from '../../lib/select.ts'

/** A budget counts dollars or tokens, and only one of the two has a value. `family` goes before the unit. */
export function amount(
  select: Select,
  family: string,
  refIds: readonly [usd: string, tokens: string],
  legend = '',
): Query[] {
  const of = (unit: string) => `max by (instance, budget) (${select(`${family}_${unit}`)})`
  const name = legend === '' ? {} : { legend }
  return [
    { refId: refIds[0], expr: of('usd'), unit: 'usd', ...name },
    { refId: refIds[1], expr: of('tokens'), unit: 'tokens', ...name },
  ]
}

/** An instant in milliseconds, as Grafana shows it. */
export function instant(select: Select, family: string): string {
  return `max by (instance, budget) (${select(family)}) * 1000`
}

export function plain(select: Select, family: string): string {
  return `max by (instance, budget) (${select(family)})`
}
