import { statPanel } from '../../lib/panels.ts'
import { ratio, type Select } from '../../lib/select.ts'
import { PROMPT, READ, WRITE } from './classes.ts'

const STAT = { width: 4, height: 3 } as const

export function tokens(select: Select) {
  return statPanel({
    ...STAT,
    id: 1,
    title: 'Tokens',
    description: 'Tokens of all classes over the time shown.',
    unit: 'tokens',
    decimals: 1,
    queries: [{ refId: 'A', expr: `sum(increase(${select('claude_tokens_total')}[$__range]))` }],
  })
}

export function hitRatio(select: Select) {
  return statPanel({
    ...STAT,
    id: 2,
    title: 'Hit ratio',
    description: 'Share of all tokens sent over the time shown that came from the cache.',
    unit: 'ratio',
    decimals: 1,
    queries: [{ refId: 'A', expr: share(select, READ) }],
  })
}

export function writeShare(select: Select) {
  return statPanel({
    ...STAT,
    id: 3,
    title: 'Write share',
    description:
      'Share of all tokens sent over the time shown that were written to the cache, which costs more than plain input.',
    unit: 'ratio',
    decimals: 1,
    queries: [{ refId: 'A', expr: share(select, WRITE) }],
  })
}

export function saved(select: Select) {
  return statPanel({
    ...STAT,
    id: 4,
    title: 'Saved by reading',
    description: 'What reading from the cache saved over the time shown, at list prices.',
    unit: 'usd',
    decimals: 2,
    color: 'green',
    queries: [{ refId: 'A', expr: increase(select, 'claude_cache_read_savings_usd_total') }],
  })
}

export function premium(select: Select) {
  return statPanel({
    ...STAT,
    id: 5,
    title: 'Premium for writing',
    description: 'What writing to the cache cost above plain input over the time shown, at list prices.',
    unit: 'usd',
    decimals: 2,
    color: 'orange',
    queries: [{ refId: 'A', expr: increase(select, 'claude_cache_write_premium_usd_total') }],
  })
}

export function net(select: Select) {
  return statPanel({
    ...STAT,
    id: 6,
    title: 'Saved, net',
    description: 'Savings less premium over the time shown. Below 0 the cache costs more than it brings.',
    unit: 'usd',
    decimals: 2,
    thresholds: [
      { value: null, color: 'red' },
      { value: 0, color: 'green' },
    ],
    queries: [
      {
        refId: 'A',
        expr: `${increase(select, 'claude_cache_read_savings_usd_total')}\n-\n${increase(select, 'claude_cache_write_premium_usd_total')}`,
      },
    ],
  })
}

function share(select: Select, matcher: string): string {
  const tokens = (of: string) => `sum(increase(${select('claude_tokens_total', of)}[$__range]))`
  return ratio(tokens(matcher), tokens(PROMPT))
}

function increase(select: Select, family: string): string {
  return `sum(increase(${select(family)}[$__range]))`
}
