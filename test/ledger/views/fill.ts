import { PICO_PER_USD } from '../../../src/core/money.ts'
import { DAY_MS } from '../../../src/core/time.ts'
import type { Ledger } from '../../../src/ledger/ledger.ts'
import { appendBatches } from '../../support/append.ts'
import { sourceBatch, usagePart, usageRecord } from '../../support/usage-record.ts'
import { costRow, DAY_1, windowOf } from '../organization/rows.ts'

/** The night in which clocks go back in Los Angeles. */
export const CHANGE = Date.UTC(2026, 10, 1, 9)

/** Days around the change of clocks: metered and plan, priced and not, several models in one response. */
export async function fill(ledger: Ledger, first: number): Promise<void> {
  const models = ['claude-opus-4-8', 'claude-haiku-4-5', 'unknown-model-of-nobody']
  const records = Array.from({ length: 150 }, (_, index) => {
    const model = models[index % 3] ?? ''
    const prompt =
      index % 10 === 0 ? {} : { input: index + 1, cacheRead: index * 1_001, cacheWrite5m: 7, cacheWrite1h: 3 }
    const parts = [usagePart({ ...prompt, output: 10 + index }, model)]
    if (index % 7 === 0) parts.push(usagePart({ input: 5, output: 3 }, 'claude-sonnet-4-6'))
    return usageRecord({
      source: index % 2 === 0 ? 'claude-code' : 'pi',
      identity: `m:${first + index}`,
      parts,
      time: CHANGE - 3 * DAY_MS + index * 57 * 60_000,
      session: `s${first + (index % 9)}`,
      agent: index % 4 === 0 ? '<script>|`' : 'none',
      project: index % 10 === 0 ? 'quiet' : `p${index % 3}`,
      billing: index % 5 < 2 ? 'plan' : 'metered',
    })
  })
  for (const name of ['claude-code', 'pi'] as const) {
    await appendBatches(ledger, [sourceBatch(records.filter(({ source }) => source === name))])
  }
  await ledger.markGone('pi', ['f1'], 5)
  await ledger.prune(CHANGE - 2 * DAY_MS)
  const window = [DAY_1, DAY_1 + DAY_MS] as const
  await ledger.replaceCost(
    windowOf(...window, [
      costRow(DAY_1, 12_345_678_901_234_567_890n),
      costRow(DAY_1 + 3_600_000, -5n, { listPico: null }),
    ]),
  )
  const at = DAY_1 + first
  const run = await ledger.startRun({ source: 'anthropic-cost', cause: 'schedule', startedAt: at })
  const changes = { fetched: 1, added: 2, changed: 3, removed: 4, unchanged: 5 }
  const end = {
    generation: null,
    from: null,
    to: null,
    attempts: 1,
    requests: 3,
    changes,
    reason: null,
    error: 'off | <b>',
  } as const
  await ledger.endRun(run, { ...end, endedAt: at + 1_234, result: 'failed' })
  await ledger.startRun({ source: 'anthropic-usage', cause: 'start', startedAt: at })
  const period = { start: DAY_1, end: DAY_1 + DAY_MS }
  await ledger.savePeriod({ ...period, budget: 'money', unit: 'usd', limit: 100n * PICO_PER_USD + 1n })
  await ledger.savePeriod({ ...period, budget: 'words', unit: 'tokens', limit: 1_000n })
  for (const [crossing, spent] of [
    ['warning', 80n],
    ['critical', 95n],
  ] as const) {
    const amounts = { spent: spent * PICO_PER_USD, limit: 100n * PICO_PER_USD }
    await ledger.addCrossing({ budget: 'money', periodStart: DAY_1, crossing, at: DAY_1 + 5, ...amounts })
  }
  for (const [step, expected] of [
    [0.25, 110n],
    [0.5, 120n],
  ] as const) {
    const forecast = { budget: 'money', periodStart: DAY_1, periodEnd: period.end, step, at: DAY_1 + 6 }
    await ledger.addForecast({ ...forecast, expected: expected * PICO_PER_USD })
  }
}
