import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Advice, AdviceInput, AdviceSession, AdviceUsage } from '../../src/advice/advice.ts'
import { advise } from '../../src/advice/advise.ts'
import type { BudgetFigures } from '../../src/budgets/figures.ts'
import { DEFAULT_THRESHOLDS } from '../../src/core/alert-thresholds.ts'
import { usdText } from '../../src/core/figure-text.ts'
import { amountOf, zeroMeasures } from '../../src/core/measures.ts'
import { PICO_PER_USD } from '../../src/core/money.ts'
import type { Billing } from '../../src/core/usage.ts'
import { picoOfFormula } from './evaluate.ts'
import { adviceInput, budgetFigures, DAY_MS, MODELS, measuresOf, type Used, usageRow } from './support.ts'

const tokens = fc.oneof(fc.nat(100), fc.nat(2_000_000), fc.nat(1_000_000_000))
const used: fc.Arbitrary<Used> = fc.record({
  input: tokens,
  cache_write_5m: tokens,
  cache_write_1h: tokens,
  cache_read: tokens,
  output: tokens,
  requests: fc.nat(10_000),
  unpriced: fc.nat(100_000),
  paidOfFour: fc.nat(8),
})
/** No text of the program holds such a word. */
const name = fc.nat(2).map((number) => `name-${number}`)
/** Seldom so long that nothing is said. */
const daysAgo = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat(7))
const names = fc.record({
  source: fc.constantFrom('claude-code', 'pi'),
  agent: fc.oneof(fc.constant('none'), name),
  project: name,
  provider: fc.constantFrom('anthropic', 'amazon-bedrock'),
  model: fc.constantFrom(...MODELS, 'name-9'),
  daysAgo,
})
const billing = fc.constantFrom<Billing>('metered', 'plan')
interface RowSpec {
  readonly named: Partial<AdviceUsage>
  readonly used: Used
  readonly billing: Billing
}
/** Of a week and, under the same names, of the week before. */
interface Weeks {
  readonly now: readonly RowSpec[]
  readonly before: readonly RowSpec[]
}
const weeks: fc.Arbitrary<Weeks> = fc
  .array(fc.record({ named: names, used, usedBefore: used, billing }), { maxLength: 8 })
  .map((rows) => ({ now: rows, before: rows.map((row) => ({ ...row, used: row.usedBefore })) }))
const rowsOf = (specs: readonly RowSpec[]) => specs.map((spec) => usageRow(spec.named, spec.used, spec.billing))

const sessions: fc.Arbitrary<readonly AdviceSession[]> = fc.array(
  fc
    .record({ named: names, used, billing, session: name, durationMs: fc.nat(2 * DAY_MS), daysAgo })
    .map(({ named, session, durationMs, daysAgo: seen, ...rest }) => {
      const measures = measuresOf(named.model, rest.used)
      const totals = { metered: zeroMeasures(), plan: zeroMeasures(), [rest.billing]: measures }
      const facts = { ...named, session, durationMs, daysAgo: seen }
      return { ...facts, models: [{ model: named.model, totals }] }
    }),
  { maxLength: 3 },
)
const active: fc.Arbitrary<AdviceInput['active']> = fc.uniqueArray(
  fc.record({
    source: fc.constantFrom('claude-code', 'pi'),
    agent: fc.oneof(fc.constant('none'), name),
    project: name,
    machine: fc.constant(null),
    sessions: fc.nat(9),
    tokensPerMinuteMax: fc.double({ min: 0, max: 9_000_000, noNaN: true }),
    unattendedRequestsMax: fc.option(fc.nat(500)),
  }),
  { maxLength: 4, selector: ({ source, agent, project }) => `${source} ${agent} ${project}` },
)
const habits: fc.Arbitrary<AdviceInput['habits']> = fc.uniqueArray(
  fc.record({
    kind: fc.constantFrom('agent', 'project'),
    source: fc.constant('pi'),
    name,
    costLastHourPico: fc.bigInt(0n, 10n ** 15n),
    usualHourCostPico: fc.option(fc.bigInt(0n, 10n ** 15n)),
    tokensPerMinute: fc.double({ min: 0, max: 900_000, noNaN: true }),
    usualTokensPerMinute: fc.option(fc.double({ min: 0, max: 90_000, noNaN: true })),
  }),
  { maxLength: 4, selector: ({ kind, name: of }) => `${kind} ${of}` },
)
const budgets: fc.Arbitrary<readonly BudgetFigures[]> = fc.uniqueArray(
  fc
    .record({
      name,
      limit: fc.bigInt(1n, 10n ** 16n),
      spent: fc.bigInt(0n, 10n ** 16n),
      expected: fc.bigInt(0n, 10n ** 16n),
      elapsedRatio: fc.double({ min: 0, max: 0.96, noNaN: true }),
      basis: fc.constantFrom('estimated_cost', 'plan_value', 'session_tokens', 'billed_cost'),
    })
    .map(({ name: of, limit, spent, expected, elapsedRatio, basis }) => {
      const figures = budgetFigures(spent, {
        budget: { name: of, limit, basis, tokenClasses: ['output'] },
        elapsedRatio,
        forecast: { expected, low: expected, high: expected, exhaustsAt: null },
      })
      const { start, end } = figures.period
      const left = BigInt(Math.max(DAY_MS, Math.round((end - start) * (1 - elapsedRatio))))
      const remaining = limit > spent ? limit - spent : 0n
      return { ...figures, suggestedPerDay: (remaining * BigInt(DAY_MS)) / left }
    }),
  { maxLength: 3, selector: ({ budget }) => budget.name },
)

const inputs: fc.Arbitrary<AdviceInput> = fc
  .record({ used: weeks, sessions, active, habits, budgets })
  .map(({ used: { now, before }, ...rest }) => adviceInput({ ...rest, last7Days: rowsOf(now), before: rowsOf(before) }))

function isOfLabels(row: AdviceUsage, labels: Advice['labels']): boolean {
  return (['source', 'agent', 'project', 'provider', 'model'] as const).every(
    (label) => labels[label] === undefined || labels[label] === row[label],
  )
}

const RUNS = { numRuns: 200 }

describe('advice on any use', () => {
  it('saves something, and never more than was spent', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        for (const { savingPico, planValuePico, labels } of advise(input)) {
          const rows = input.last7Days.filter((row) => isOfLabels(row, labels))
          const spent = (of: Billing) => rows.reduce((sum, { totals }) => sum + amountOf(totals[of], 'cost_usd'), 0n)
          for (const [saving, week] of [
            [savingPico, spent('metered')],
            [planValuePico, spent('plan')],
          ] as const) {
            if (saving === null) continue
            expect(saving).toBeGreaterThanOrEqual(PICO_PER_USD)
            expect(saving * 7n).toBeLessThanOrEqual(week * 30n)
          }
          expect(savingPico === null || planValuePico === null).toBe(true)
        }
      }),
      RUNS,
    )
  })

  it('prints formulas that give the amount', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        for (const { savingPico, planValuePico, formula } of advise(input)) {
          const saving = savingPico ?? planValuePico
          if (formula === null) {
            expect(saving).toBeNull()
            continue
          }
          const [, printed = ''] = formula.split(' = ')
          const again = picoOfFormula(formula)
          if (saving === null && printed.includes('tokens')) {
            expect(`${(again / PICO_PER_USD).toLocaleString('en-US')} tokens`).toBe(printed.replace(' a day', ''))
          } else {
            expect(usdText(again)).toBe(printed.replace(/ per hour| a day/, ''))
          }
          if (saving !== null) expect(again).toBe(saving)
        }
      }),
      RUNS,
    )
  })

  it('does not depend on the order of anything', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const reversed: AdviceInput = {
          ...input,
          last7Days: [...input.last7Days].reverse(),
          before: [...input.before].reverse(),
          sessions: [...input.sessions].reverse(),
          active: [...input.active].reverse(),
          habits: [...input.habits].reverse(),
          budgets: [...input.budgets].reverse(),
          prices: [...input.prices].reverse(),
        }
        expect(advise(reversed)).toEqual(advise(input))
      }),
      RUNS,
    )
  })

  it('saves twice as much of twice the use', () => {
    const doubled = (spec: RowSpec): RowSpec => {
      const { paidOfFour = 4, ...counts } = spec.used
      const twice = Object.fromEntries(Object.entries(counts).map(([key, value]) => [key, 2 * value]))
      return { ...spec, used: { ...twice, paidOfFour } }
    }
    // Where less is paid than list prices say, whole cents are reckoned with.
    const atListPrices = (spec: RowSpec): RowSpec => ({ ...spec, used: { ...spec.used, paidOfFour: 4 } })
    const inPico = (advice: readonly Advice[]) =>
      new Map(advice.map(({ id, savingPico, planValuePico }) => [id, savingPico ?? planValuePico]))
    // What is compared with what depends on how much there is, unless any amount will do.
    const thresholds = { ...DEFAULT_THRESHOLDS, cache_drop_tokens: 0 }
    const amounts = (now: readonly RowSpec[], before: readonly RowSpec[]) =>
      inPico(advise(adviceInput({ thresholds, last7Days: rowsOf(now), before: rowsOf(before) })))
    fc.assert(
      fc.property(weeks, (used) => {
        const now = used.now.map(atListPrices)
        const before = used.before.map(atListPrices)
        const once = amounts(now, before)
        const twice = amounts(now.map(doubled), before.map(doubled))
        for (const [id, saving] of once) {
          const more = twice.get(id)
          if (saving === null || more === null || more === undefined) continue
          const off = Number(more - 2n * saving)
          // Two cents of a week, for amounts in cents, and one token.
          expect(Math.abs(off)).toBeLessThanOrEqual((0.06 * 30 * Number(PICO_PER_USD)) / 7)
        }
      }),
      RUNS,
    )
  })

  it('names nothing that is not there, and no more than eight things', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const advice = advise(input)
        expect(advice.length).toBeLessThanOrEqual(8)
        expect(new Set(advice.map(({ id }) => id)).size).toBe(advice.length)
        const { last7Days, sessions: long, active: rows, habits: some, budgets: limits } = input
        const given = JSON.stringify([
          last7Days.map((row) => [row.agent, row.project, row.model]),
          long.map(({ agent, project, session, models }) => [
            agent,
            project,
            session,
            models.map(({ model }) => model),
          ]),
          rows,
          some.map((habit) => habit.name),
          limits.map(({ budget }) => budget.name),
        ])
        for (const { title, detail, labels } of advice) {
          const text = `${title} ${detail} ${JSON.stringify(labels)}`
          for (const word of text.match(/name-\d+/g) ?? []) expect(given).toContain(word)
          for (const model of text.match(/claude-[a-z]+-\d-\d/g) ?? []) expect(MODELS).toContain(model)
        }
      }),
      RUNS,
    )
  })
})
