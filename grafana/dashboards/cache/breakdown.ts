import { linkTo } from '../../lib/links.ts'
import { ratio, type Select } from '../../lib/select.ts'
import { tablePanel } from '../../lib/tables.ts'
import { PROMPT, READ, WRITE } from './classes.ts'

export function byModel(select: Select) {
  return breakdown(select, 'model', 30, 'Models, last 7 days')
}

export function byProject(select: Select) {
  return breakdown(select, 'project', 31, 'Projects, last 7 days')
}

function breakdown(select: Select, label: 'model' | 'project', id: number, title: string) {
  const sum = (matcher = '') => `sum by (${label}) (${select('claude_tokens_7d', matcher)})`
  const output = 'token_type="output"'
  return tablePanel({
    id,
    title,
    description: `Tokens of each ${label} in the last 7 days, what share of the prompts came from the cache or was written to it.`,
    unit: 'tokens',
    width: 12,
    height: 9,
    noValue: '',
    sortBy: { title: 'Tokens', descending: true },
    columns: [
      {
        from: label,
        title: label === 'model' ? 'Model' : 'Project',
        link: linkTo('projects', label, `Open this ${label}`, true),
      },
      { from: 'A', title: 'Tokens', unit: 'tokens', width: 120 },
      { from: 'B', title: 'Output', unit: 'tokens', width: 110 },
      { from: 'C', title: 'Hit ratio', unit: 'ratio', decimals: 1, width: 160, bar: true },
      { from: 'D', title: 'Write share', unit: 'ratio', decimals: 1, width: 110 },
    ],
    queries: [
      { refId: 'A', expr: `${sum()} > 0` },
      { refId: 'B', expr: sum(output) },
      { refId: 'C', expr: ratio(sum(READ), sum(PROMPT)) },
      { refId: 'D', expr: ratio(sum(WRITE), sum(PROMPT)) },
    ],
  })
}
