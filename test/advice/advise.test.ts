import { describe, expect, it } from 'vitest'
import { advise } from '../../src/advice/advise.ts'
import { adviceInput, budgetFigures, usageRow, usd } from './support.ts'

const MILLION = 1_000_000

describe('advice', () => {
  it('is none where nothing was used', () => {
    expect(advise(adviceInput())).toEqual([])
  })

  it('says which models in use have no price', () => {
    const last7Days = [
      usageRow({ model: 'llama', provider: 'ollama' }, { input: MILLION, unpriced: MILLION }),
      usageRow({ model: 'llama', provider: 'ollama', agent: 'none' }, { input: MILLION, unpriced: MILLION }, 'plan'),
      usageRow({ model: 'tiny', provider: 'ollama' }, { input: 9_999, unpriced: 9_999 }),
    ]
    const unpriced = [
      { provider: 'ollama', model: 'llama', tokens: 65_000_000n },
      { provider: 'ollama', model: 'old', tokens: 999_000_000n },
    ]
    const [advice, ...others] = advise(adviceInput({ last7Days, unpriced }))
    expect(others).toEqual([])
    expect(advice).toMatchObject({
      kind: 'set_price',
      urgency: 'consider',
      title: 'Set a price for model llama under pricing.overrides in the configuration.',
      savingPico: null,
      formula: null,
      labels: { provider: 'ollama', model: 'llama' },
    })
    expect(advice?.detail).toContain(
      '2.0 M tokens of it (ollama) in the last 7 days, and 65.0 M tokens since the ledger began, have no price',
    )
  })

  it('begins with what is urgent, then with what saves most; a price that is missing is always told', () => {
    const agent = (name: string, output: number) => usageRow({ agent: name }, { output })
    const idle = (name: string, cache_write_5m: number) =>
      usageRow({ agent: name, model: 'house-model' }, { cache_write_5m })
    const plan = (name: string) => usageRow({ agent: name }, { output: MILLION }, 'plan')
    const advice = advise(
      adviceInput({
        budgets: [budgetFigures(usd('101'))],
        last7Days: [
          ...[agent('a', 3 * MILLION), agent('b', 9 * MILLION), agent('c', 2 * MILLION), agent('d', 5 * MILLION)],
          ...[idle('e', 2 * MILLION), idle('f', 3 * MILLION)],
          ...[plan('g'), plan('h')],
          usageRow({ model: 'llama' }, { input: MILLION, unpriced: MILLION }),
        ],
      }),
    )
    expect(advice.map(({ kind, labels }) => [kind, labels['agent']])).toEqual([
      ['spend_less_per_day', undefined],
      ['cheaper_model', 'b'],
      ['cheaper_model', 'd'],
      ['cache_writes', 'f'],
      ['cheaper_model', 'a'],
      ['cache_writes', 'e'],
      expect.arrayContaining(['cheaper_model']),
      ['set_price', undefined],
    ])
  })

  it('keeps the id of what it is about', () => {
    const idsOf = (output: number) => advise(adviceInput({ last7Days: [usageRow({}, { output })] })).map(({ id }) => id)
    expect(idsOf(MILLION)).toEqual(['cheaper_model:ce7e2ed209476d01'])
    expect(idsOf(2 * MILLION)).toEqual(idsOf(MILLION))
  })

  it('keeps names from outside on one line and short', () => {
    const agent = `<script>alert(1)</script>|\u202e\u001b[31m${'x'.repeat(10_000)}`
    const last7Days = [usageRow({ agent, project: agent }, { output: MILLION, cache_write_5m: 9 * MILLION })]
    const advice = advise(adviceInput({ last7Days }))
    expect(advice.length).toBeGreaterThan(1)
    for (const { id, title, detail, labels } of advice) {
      expect(title).toContain('<script>alert(1)</script>|')
      expect(`${title}${detail}${id}`).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u)
      expect(title.length).toBeLessThan(400)
      expect(detail.length).toBeLessThan(1_000)
      expect(JSON.stringify(labels).length).toBeLessThan(600)
    }
  })
})
