import { describe, expect, it } from 'vitest'
import { labelsIn } from './promql/labels.ts'
import { parse } from './promql/parse.ts'

const FAMILIES: Readonly<Record<string, readonly string[]>> = {
  up: ['job', 'instance'],
  used: ['job', 'instance', 'budget'],
  limit: ['job', 'instance', 'budget', 'severity'],
}
const labels = (text: string) =>
  labelsIn(parse(text), (family) => {
    const known = FAMILIES[family]
    if (known === undefined) throw new Error(`no family ${family}`)
    return new Set(known)
  })

describe('the labels of an expression', () => {
  it.each([
    { text: 'used', has: 'job instance budget' },
    { text: 'sum by (job) (rate(used[5m]))', has: 'job' },
    { text: 'sum without (job) (used)', has: 'instance budget' },
    {
      text: 'used > on (job, instance, budget) group_left () max by (job, instance, budget) (limit)',
      has: 'job instance budget',
    },
    { text: 'used > on (job) max by (job) (limit{severity="critical"})', has: 'job' },
    { text: 'used and on (job) up unless on (job) up == 0', has: 'job instance budget' },
    { text: 'up == 0 or used', has: 'job instance budget' },
    { text: 'absent(up)', has: '' },
    { text: 'label_replace(up, "host", "$1", "instance", "(.+):.*")', has: 'job instance host' },
    { text: 'used * on (budget) group_left (severity) limit', has: 'job instance budget severity' },
    { text: 'topk by (job) (1, used)', has: 'job instance budget' },
    { text: 'used - used offset 7d', has: 'job instance budget' },
    { text: 'max_over_time((used - time())[7d:1h])', has: 'job instance budget' },
  ])('$text', ({ text, has }) => {
    expect([...(labels(text) ?? [])].join(' ')).toBe(has)
  })

  it.each([
    { text: 'gone > 1', says: 'no family gone' },
    { text: 'used{severity="critical"}', says: 'no label severity' },
    { text: 'used and on (severity) limit', says: 'left of "and" has no label severity' },
    { text: 'limit and on (severity) used', says: 'right of "and" has no label severity' },
    { text: 'used > limit', says: 'matches nothing' },
    { text: 'used * on (budget) group_left (owner) limit', says: 'no label owner' },
    { text: 'sum by (team) (used)', says: 'no label team' },
    { text: 'sum(used)', says: 'must say by or without' },
    { text: 'used and', says: 'ends too early' },
  ])('$text is refused', ({ text, says }) => {
    expect(() => labels(text)).toThrow(says)
  })
})
