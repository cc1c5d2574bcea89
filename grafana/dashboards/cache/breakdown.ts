import { rowLinkTo, SESSION_FILTERS } from '../../lib/links.ts'
import { ratio, type Select } from '../../lib/select.ts'
import { tablePanel } from '../../lib/tables.ts'
import { OUTPUT, PROMPT, READ, WRITE } from './classes.ts'

export function byModel(select: Select) {
  return breakdown(select, 'model', 30, 'Models')
}

export function byProject(select: Select) {
  return breakdown(select, 'project', 31, 'Projects')
}

function breakdown(select: Select, label: 'model' | 'project', id: number, title: string) {
  const increase = (family: string, matcher = '') =>
    `sum by (${label}) (increase(${select(family, matcher)}[$__range]))`
  const sum = (matcher = '') => increase('claude_tokens_total', matcher)
  return tablePanel({
    id,
    title,
    description: `Tokens of each ${label} over the time shown, which share of the prompts came from the cache or was written to it, and what reading saved less what writing cost above plain input, at list prices.`,
    unit: 'tokens',
    width: 12,
    height: 9,
    noValue: 'No use in the time shown.',
    sortBy: { title: 'Tokens', descending: true },
    columns: [
      {
        from: label,
        title: label === 'model' ? 'Model' : 'Project',
        link: rowLinkTo('projects', label, { title: `Open this ${label}`, keeps: SESSION_FILTERS }),
      },
      { from: 'A', title: 'Tokens', unit: 'tokens', decimals: 1, width: 100 },
      { from: 'B', title: 'Output', unit: 'tokens', decimals: 1, width: 100 },
      { from: 'C', title: 'Hit ratio', unit: 'ratio', decimals: 1, width: 140, bar: true },
      { from: 'D', title: 'Write share', unit: 'ratio', decimals: 1, width: 100 },
      { from: 'E', title: 'Saved, net', unit: 'usd', decimals: 2, width: 110 },
    ],
    queries: [
      { refId: 'A', expr: `${sum()} > 0` },
      { refId: 'B', expr: sum(OUTPUT) },
      { refId: 'C', expr: ratio(sum(READ), sum(PROMPT)) },
      { refId: 'D', expr: ratio(sum(WRITE), sum(PROMPT)) },
      {
        refId: 'E',
        expr: `${increase('claude_cache_read_savings_usd_total')}\n-\n${increase('claude_cache_write_premium_usd_total')}`,
      },
    ],
  })
}
