import { labelsOf } from './families.ts'
import type { FilterName } from './variables.ts'

/** A selector of a family with the filters of the dashboard that the family has as labels, and the given matchers. */
export type Select = (family: string, matchers?: string) => string

/** Throws, when a dashboard is built, for metrics and labels that do not exist. */
export function selector(filters: readonly FilterName[]): Select {
  return (family, matchers = '') => {
    const labels = labelsOf(family)
    for (const [, label = ''] of matchers.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)) {
      if (!labels.includes(label)) throw new Error(`${family} has no label ${label}`)
    }
    const own = filters.filter((filter) => labels.includes(filter)).map((filter) => `${filter}=~"$${filter}"`)
    const all = [...own, ...(matchers === '' ? [] : [matchers])]
    return all.length === 0 ? family : `${family}{${all.join(', ')}}`
  }
}

/** A ratio of two sums. Where nothing is divided by nothing, nothing is shown. */
export function ratio(above: string, below: string): string {
  return `${above}\n/\n(${below} > 0)`
}

/**
 * Increase over a bar that begins where it stands, not one that ends there: a bar of a day stands at its own midnight,
 * and the last one is the day that runs.
 */
export function perBar(counter: string, bar = '$__interval'): string {
  return `increase(${counter}[${bar}] offset -${bar})`
}

/** The largest value of a gauge within a bar that begins where it stands, so that no peak is missed between two points. */
export function peakPerBar(gauge: string): string {
  return `max_over_time(${gauge}[$__interval] offset -$__interval)`
}

/** The last value of a gauge within a bar that begins where it stands, so that there is one for the bar that runs. */
export function lastPerBar(gauge: string): string {
  return `last_over_time(${gauge}[$__interval] offset -$__interval)`
}

/** What a gauge is at the end of the time shown, for all of it. */
export function atEnd(gauge: string): string {
  return `last_over_time(${gauge}[$__rate_interval] @ end() offset -$__interval)`
}

/**
 * The agents of sources with a `name` for people: the agent after its source, or the source alone where no agent has a
 * name.
 */
export function withAgentName(expr: string): string {
  return `label_replace(
  label_join(${expr}, "name", "/", "source", "agent"),
  "name", "$1", "name", "(.+)/none"
)`
}

/** What a counter grew by over the time shown; 0 where there is none. */
export function overRange(counter: string): string {
  return `sum(increase(${counter}[$__range])) or vector(0)`
}
