import { describe, expect, it } from 'vitest'
import type { Family } from '../../../src/metrics/render/family.ts'
import { renderFamilies } from '../../../src/metrics/render/render.ts'

const counter: Family = {
  name: 'claude_cost_usd_total',
  type: 'counter',
  help: 'Cost, "estimated" \\ not billed.\nIn dollars.',
  unit: 'usd',
  lines: ['{model="a"} 1.5', '{model="b"} 0'],
}

describe('renderFamilies', () => {
  it('writes text', () => {
    expect(renderFamilies([counter], 'text').toString()).toBe(
      [
        '# HELP claude_cost_usd_total Cost, "estimated" \\\\ not billed.\\nIn dollars.',
        '# TYPE claude_cost_usd_total counter',
        'claude_cost_usd_total{model="a"} 1.5',
        'claude_cost_usd_total{model="b"} 0',
        '',
      ].join('\n'),
    )
  })

  it('writes OpenMetrics: the family without _total, its unit, quotes escaped', () => {
    expect(renderFamilies([counter], 'openmetrics').toString()).toBe(
      [
        '# TYPE claude_cost_usd counter',
        '# UNIT claude_cost_usd usd',
        '# HELP claude_cost_usd Cost, \\"estimated\\" \\\\ not billed.\\nIn dollars.',
        'claude_cost_usd_total{model="a"} 1.5',
        'claude_cost_usd_total{model="b"} 0',
        '',
      ].join('\n'),
    )
  })

  it.each([
    { name: 'claude_cost_today_usd', unit: 'usd', announced: true },
    { name: 'claude_cost_usd_today', unit: 'usd', announced: false },
    { name: 'claude_busd', unit: 'usd', announced: false },
    { name: 'claude_info', unit: '', announced: false },
  ])('announces the unit $unit of $name: $announced', ({ name, unit, announced }) => {
    const family: Family = { name, type: 'gauge', help: 'Help.', unit, lines: [' 1'] }
    expect(renderFamilies([family], 'openmetrics').includes('# UNIT')).toBe(announced)
  })

  it('leaves out families without samples', () => {
    expect(renderFamilies([{ ...counter, lines: [] }], 'text').toString()).toBe('')
  })
})
