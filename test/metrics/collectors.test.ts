import { describe, expect, it } from 'vitest'
import { chooseCollectors } from '../../src/metrics/collectors.ts'

const ALL = [
  'usage',
  'cost',
  'cache',
  'sessions',
  'windows',
  'prices',
  'api',
  'billing',
  'budgets',
  'exporter',
  'process',
]

describe('chooseCollectors', () => {
  it.each([
    { query: '', chosen: ALL },
    { query: 'other=1&collect=usage', chosen: ALL },
    { query: 'collect[]=usage', chosen: ['usage'] },
    { query: 'collect%5B%5D=cost&collect[]=exporter&collect[]=cost', chosen: ['cost', 'exporter'] },
    { query: 'exclude[]=process', chosen: ALL.slice(0, -1) },
    { query: ALL.map((name) => `exclude[]=${name}`).join('&'), chosen: [] },
  ])('"$query" chooses $chosen', ({ query, chosen }) => {
    const choice = chooseCollectors(new URLSearchParams(query))
    expect('collectors' in choice ? [...choice.collectors] : choice).toEqual(chosen)
  })

  it.each([
    { query: 'collect[]=usage&exclude[]=cost', problem: 'collect[] and exclude[] cannot be used together.' },
    { query: 'collect[]=usage,cost', problem: `collect[] and exclude[] take the names ${ALL.join(', ')}.` },
    { query: 'collect[]=', problem: `collect[] and exclude[] take the names ${ALL.join(', ')}.` },
    { query: 'exclude[]=__proto__', problem: `collect[] and exclude[] take the names ${ALL.join(', ')}.` },
    { query: 'exclude[]=Usage', problem: `collect[] and exclude[] take the names ${ALL.join(', ')}.` },
  ])('"$query" is refused', ({ query, problem }) => {
    expect(chooseCollectors(new URLSearchParams(query))).toEqual({ problem })
  })
})
