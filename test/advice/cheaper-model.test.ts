import { describe, expect, it } from 'vitest'
import type { AdviceInput } from '../../src/advice/advice.ts'
import { advise } from '../../src/advice/advise.ts'
import { adviceInput, DAY_MS, PRICES, usageRow, usd } from './support.ts'

const MILLION = 1_000_000

const adviceOn = (input: Partial<AdviceInput>) =>
  advise(adviceInput(input)).filter(({ kind }) => kind === 'cheaper_model')

describe('advice on a cheaper model', () => {
  it('prices the tokens of an agent with the model a tier below', () => {
    // 10 M x ($4 - $2) + 1 M x ($20 - $10) = $30 in 7 days, $128.571... in 30.
    const used = { input: 10 * MILLION, output: MILLION, requests: 1_200 }
    const [advice, ...others] = adviceOn({ last7Days: [usageRow({}, used)] })
    expect(others).toEqual([])
    expect(advice).toMatchObject({
      urgency: 'consider',
      title: 'Run agent reviewer of claude-code on claude-sonnet-5-5 instead of claude-opus-5-5.',
      savingPico: (usd('30') * 30n) / 7n,
      planValuePico: null,
      formula: '(10,000,000 input x ($4.00 - $2.00) + 1,000,000 output x ($20.00 - $10.00)) / 1 M x 30 / 7 = $128.57',
      labels: { source: 'claude-code', agent: 'reviewer', provider: 'anthropic', model: 'claude-opus-5-5' },
    })
    expect(advice?.detail).toContain(
      'In the last 7 days 1,200 requests with 11.0 M tokens of claude-opus-5-5 cost $60.00.',
    )
    expect(advice?.detail).toContain('answers may be worse')
  })

  it('counts what an agent used in all projects', () => {
    const last7Days = ['shop', 'infra'].map((project) => usageRow({ project }, { output: MILLION }))
    expect(adviceOn({ last7Days })).toMatchObject([
      { formula: '2,000,000 output x ($20.00 - $10.00) / 1 M x 30 / 7 = $85.71' },
    ])
  })

  it('saves less where less was paid than list prices say', () => {
    // Half the price of a batch, paid: $10 of $20; $10 less at list prices are $5.
    const last7Days = [usageRow({}, { output: MILLION, paidOfFour: 2 })]
    expect(adviceOn({ last7Days })).toMatchObject([
      {
        savingPico: (usd('5') * 30n) / 7n,
        formula: '1,000,000 output x ($20.00 - $10.00) / 1 M x $10.00 paid / $20.00 at list prices x 30 / 7 = $21.43',
      },
    ])
  })

  it('reckons with list prices where more was paid, as in fast mode', () => {
    const last7Days = [usageRow({}, { output: MILLION, paidOfFour: 8 })]
    expect(adviceOn({ last7Days })).toMatchObject([{ savingPico: (usd('10') * 30n) / 7n }])
  })

  it('counts a tenth of a main conversation, per project', () => {
    const last7Days = [usageRow({ agent: 'none' }, { output: 10 * MILLION })]
    const [advice] = adviceOn({ last7Days })
    expect(advice).toMatchObject({
      title:
        'Try claude-sonnet-5-5 instead of claude-opus-5-5 for routine work in the main conversation of claude-code in project shop.',
      savingPico: (usd('10') * 30n) / 7n,
      formula: '10,000,000 output x ($20.00 - $10.00) / 1 M / 10 x 30 / 7 = $42.86',
    })
    expect(advice?.detail).toContain('all of it at the prices of claude-sonnet-5-5 would be $428.57 less in 30 days')
  })

  it('names the newer model of the family first, where that is cheaper', () => {
    const last7Days = [usageRow({ agent: 'none', model: 'claude-opus-4-8' }, { output: 10 * MILLION })]
    expect(adviceOn({ last7Days })).toMatchObject([
      {
        title: 'Move the main conversation of claude-code in project shop from claude-opus-4-8 to claude-opus-5-5.',
        savingPico: (usd('50') * 30n) / 7n,
      },
    ])
  })

  it('says nothing of use that is over, and still speaks of it after a weekend', () => {
    const rowOf = (daysAgo: number) => usageRow({ daysAgo }, { output: 10 * MILLION })
    expect(adviceOn({ last7Days: [rowOf(6)] })).toEqual([])
    expect(adviceOn({ last7Days: [rowOf(4)] })).toEqual([])
    expect(adviceOn({ last7Days: [rowOf(3)] })).toHaveLength(1)
    // What goes on in one project goes on.
    expect(adviceOn({ last7Days: [rowOf(6), { ...rowOf(1), project: 'infra' }] })).toHaveLength(1)
  })

  it.each([
    ['the agent has moved to it already', {}, 0],
    ['the agent uses both', { daysAgo: 1 }, 1],
    ['another agent uses it', { agent: 'tester' }, 1],
    ['another source uses it', { source: 'pi' }, 1],
    ['the agent has moved to it, at another provider', { provider: 'amazon-bedrock' }, 0],
  ])('names a model only where it is not what has been changed to: %s', (_when, more, expected) => {
    const last7Days = [
      usageRow({ daysAgo: 1 }, { output: 10 * MILLION }),
      usageRow({ model: 'claude-sonnet-5-5', daysAgo: 0, ...more }, { output: MILLION, requests: 1 }),
    ]
    const advice = adviceOn({ last7Days }).filter(({ labels }) => labels['model'] === 'claude-opus-5-5')
    expect(advice).toHaveLength(expected)
  })

  it('says when less than a week is known, of amounts only', () => {
    const last7Days = [
      usageRow({}, { output: MILLION, requests: 1 }),
      usageRow({ model: 'llama' }, { unpriced: MILLION }),
    ]
    const young = advise(adviceInput({ last7Days, historyMs: 2.24 * DAY_MS }))
    expect(young).toMatchObject([{ kind: 'cheaper_model' }, { kind: 'set_price' }])
    expect(young[0]?.detail).toMatch(
      / Only the last 2\.2 days are known, which count as a whole week here, so that 30 days may well come to more\.$/,
    )
    expect(young[1]?.detail).not.toContain('are known')
    const old = advise(adviceInput({ last7Days, historyMs: 7 * DAY_MS }))
    expect(old.map(({ savingPico }) => savingPico)).toEqual(young.map(({ savingPico }) => savingPico))
    expect(old[0]?.detail).not.toContain('known')
  })

  it('says what it does not know of a provider', () => {
    const [bedrock] = adviceOn({ last7Days: [usageRow({ provider: 'amazon-bedrock' }, { output: MILLION })] })
    expect(bedrock?.detail).toContain('Whether amazon-bedrock offers it is not known here.')
    const [unknown] = adviceOn({ last7Days: [usageRow({ provider: '' }, { output: MILLION })] })
    expect(unknown?.detail).toContain(
      'Which provider it is, and whether that offers claude-sonnet-5-5, is not known here.',
    )
  })

  it('says that a project is not known', () => {
    const [advice] = adviceOn({ last7Days: [usageRow({ agent: 'none', project: '' }, { output: 10 * MILLION })] })
    expect(advice?.title).toMatch(/in the main conversation of claude-code in no known project\.$/)
  })

  it('keeps the value of a plan apart from money', () => {
    const last7Days = [usageRow({}, { output: MILLION }, 'plan')]
    const [advice] = adviceOn({ last7Days })
    expect(advice).toMatchObject({ savingPico: null, planValuePico: (usd('10') * 30n) / 7n })
    expect(advice?.detail).toContain('would have cost $20.00 at list prices')
    expect(advice?.detail).toContain('nobody pays less')
  })

  it.each([
    ['of a model without a price', [usageRow({ model: 'llama' }, { output: 9 * MILLION })], PRICES],
    ['of a model that is in no family', [usageRow({ model: 'house-model' }, { output: MILLION })], PRICES],
    ['of the cheapest model', [usageRow({ model: 'claude-haiku-5-5' }, { output: 90 * MILLION })], PRICES],
    [
      'where the list has no model below',
      [usageRow({}, { output: MILLION })],
      PRICES.filter(({ model }) => !model.includes('sonnet')),
    ],
    [
      'where the model below has no price for a class that was used',
      [usageRow({}, { output: MILLION, cache_read: 1 })],
      PRICES.filter(({ model, tokenClass }) => !(model.includes('sonnet') && tokenClass === 'cache_read')),
    ],
    ['of less than a dollar in 30 days', [usageRow({}, { output: 20_000 })], PRICES],
    [
      'of less than ten dollars and 3 % of everything',
      [usageRow({}, { output: 200_000 }), usageRow({ model: 'house-model' }, { output: 10 * MILLION })],
      PRICES,
    ],
    [
      'of prompts too long for the smallest models',
      [usageRow({ model: 'claude-sonnet-5-5' }, { input: 50_001_000, output: MILLION, requests: 1_000 })],
      PRICES,
    ],
  ])('says nothing %s', (_when, last7Days, prices) => {
    expect(adviceOn({ last7Days, prices })).toEqual([])
  })

  it('names the smallest model for short prompts and says what they were', () => {
    const used = { input: 50_000_000, output: MILLION, requests: 1_000 }
    const [advice] = adviceOn({ last7Days: [usageRow({ model: 'claude-sonnet-5-5' }, used)] })
    expect(advice?.title).toContain('on claude-haiku-5-5 instead of claude-sonnet-5-5')
    expect(advice?.detail).toContain('Prompts had 50.0 k tokens on average')
  })
})
