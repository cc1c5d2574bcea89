import { describe, expect, it } from 'vitest'
import { definitions } from '../../src/metrics/definitions.ts'
import { healthDefinitions } from '../../src/metrics/health-definitions.ts'
import { metricsReference } from '../../src/metrics/reference.ts'

const text = metricsReference()

describe('the metrics reference', () => {
  it('has one row per family, with labels, unit and meaning', () => {
    expect(text).toContain(
      '| `claude_unfinal_requests_total` | counter | `source` | requests | Responses whose log never got the final output count; counted with the last count it has. |\n',
    )
    const rows = [...text.matchAll(/^\| `(claude_\w+)` \|/gm)].map(([, name]) => name)
    const names = [...definitions, ...Object.values(healthDefinitions)].map(({ name }) => name)
    expect(rows.toSorted()).toEqual(names.toSorted())
  })

  it('has a heading per collector', () => {
    expect(text.match(/^## .*/gm)).toEqual([
      '## usage',
      '## cost',
      '## cache',
      '## sessions',
      '## windows',
      '## prices',
      '## api',
      '## billing',
      '## budgets',
      '## exporter',
      '## process',
    ])
  })

  it('has tables whose rows all have five cells', () => {
    const rows = text.split('\n').filter((line) => line.startsWith('|'))
    expect(rows.filter((row) => row.split(/(?<!\\)\|/).length !== 7)).toEqual([])
  })
})
