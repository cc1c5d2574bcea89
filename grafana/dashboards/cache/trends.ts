import { COLORS, TOKEN_COLORS } from '../../lib/colors.ts'
import { barsPanel, seriesPanel } from '../../lib/panels.ts'
import { perBar, ratio, type Select } from '../../lib/select.ts'
import { steps } from '../../lib/thresholds.ts'
import { PROMPT, READ } from './classes.ts'

/** Lines that can be told apart. */
const LARGEST = 6

export function classes(select: Select) {
  return seriesPanel({ ...byClass(select), id: 10, title: 'Tokens per day, by class', unit: 'tokens', stacking: 'sum' })
}

export function shares(select: Select) {
  return seriesPanel({
    ...byClass(select),
    id: 11,
    title: 'Share of each class, per day',
    unit: 'tokens',
    stacking: 'share',
  })
}

export function money(select: Select) {
  const perDay = (family: string) => `sum(${perBar(select(family))})`
  return seriesPanel({
    id: 20,
    title: 'Savings against premium, per day',
    description:
      'What reading from the cache saved, and below the line what writing to it cost above plain input; a bar a day, at ' +
      'list prices.',
    unit: 'usd',
    decimals: 2,
    width: 10,
    height: 8,
    interval: '1d',
    style: 'bars',
    stacking: 'sum',
    colors: [
      { pattern: '/^saved/', color: 'green' },
      { pattern: '/^premium/', color: 'orange' },
    ],
    queries: [
      { refId: 'A', expr: perDay('claude_cache_read_savings_usd_total'), legend: 'saved' },
      { refId: 'B', expr: `-${perDay('claude_cache_write_premium_usd_total')}`, legend: 'premium' },
    ],
  })
}

export function hitRatioByProject(select: Select) {
  const tokens = (matcher: string) => `sum by (project) (${perBar(select('claude_tokens_total', matcher))})`
  // The last point stands for a day that begins at `end()`. Over less than a day, today decides.
  const sent = (window: string) =>
    `increase(${select('claude_tokens_total', PROMPT)}[${window}] @ end() offset -$__interval)`
  const largest = `topk(${LARGEST}, sum by (project) (${sent('$__range')} or ${sent('$__interval')}))`
  return seriesPanel({
    id: 21,
    title: 'Hit ratio per day, by project',
    description: `Share of all tokens sent that came from the cache, in the day that begins at each point; the last one is today so far. The ${LARGEST} projects that sent most over the time shown.`,
    unit: 'ratio',
    decimals: 0,
    min: 0,
    max: 1,
    width: 7,
    height: 8,
    interval: '1d',
    isDistinct: true,
    points: true,
    queries: [
      {
        refId: 'A',
        expr: `${ratio(tokens(READ), tokens(PROMPT))}\nand on (project) ${largest}`,
        legend: '{{project}}',
      },
    ],
  })
}

export function regression(select: Select) {
  const hitRatio = (window: string) => {
    const tokens = (matcher: string) =>
      `sum by (project) (increase(${select('claude_tokens_total', matcher)}[${window}))`
    return ratio(tokens(READ), tokens(PROMPT))
  }
  return barsPanel({
    id: 22,
    title: 'Hit ratio lost, 7 days',
    description:
      'Hit ratio of the 4 weeks before less that of the last 7 days, up to the end of the time shown, by project; the ' +
      'six that lost most. Far above 0 something that kept the cache warm has changed; below 0 it works better than before.',
    unit: 'ratio',
    decimals: 1,
    min: 0,
    max: 0.5,
    width: 7,
    height: 8,
    thresholds: steps([0.1, COLORS.warning], [0.2, COLORS.bad]),
    noValue: 'nothing to compare with',
    queries: [
      { refId: 'A', expr: `topk(6, ${hitRatio('28d] offset 7d')} - ${hitRatio('7d]')})`, legend: '{{project}}' },
    ],
  })
}

function byClass(select: Select) {
  return {
    description: 'Tokens of each class, a bar a day; the last one is today so far. The classes do not overlap.',
    width: 12,
    height: 8,
    interval: '1d',
    style: 'bars',
    colors: TOKEN_COLORS,
    queries: [
      {
        refId: 'A',
        expr: `sum by (token_type) (${perBar(select('claude_tokens_total'))})`,
        legend: '{{token_type}}',
      },
    ],
  } as const
}
