import { describe, expect, it } from 'vitest'
import { HOUR_MS } from '../../src/core/time.ts'
import { FLAG } from '../../src/core/usage.ts'
import { tempLedger } from '../support/temp.ts'
import { usagePart } from '../support/usage-record.ts'
import { given, historyOf, ledgerWith, liveOf, NOON, output, outputs, writerOf } from './usage-support.ts'

const range = { from: NOON, now: NOON + 3 * HOUR_MS }

describe('the history tells apart what the live view tells apart', () => {
  it('plan value and estimated cost', async () => {
    const ledger = await ledgerWith(
      output(1_000_000, 20, { billing: 'plan' }),
      output(2_000_000, 35, { project: 'shop', billing: 'metered' }),
    )
    const history = await historyOf(ledger, range)
    expect(given(history.counters, ({ planPico, estimatedPico }) => [planPico, estimatedPico])).toEqual([
      [1, [0n, 0n]],
      [2, [25_000_000_000_000n, 0n]],
      [3, [25_000_000_000_000n, 50_000_000_000_000n]],
    ])
  })

  it('tokens without a price, from the first of them on', async () => {
    const ledger = await ledgerWith(
      output(3, 20),
      output(4, 35, { parts: [usagePart({ input: 1, output: 4 }, 'mystery')] }),
      output(5, 50, { project: 'blog', parts: [usagePart({ output: 5 }, 'mystery')] }),
    )
    const history = await historyOf(ledger, range)
    expect(given(history.unpriced, (row) => row)).toEqual([
      [2, { provider: 'unknown', model: 'mystery', tokens: 0n }],
      [3, { provider: 'unknown', model: 'mystery', tokens: 5n }],
      [4, { provider: 'unknown', model: 'mystery', tokens: 10n }],
    ])
  })

  it('failed calls, which are counted per source alone', async () => {
    const failed = { flags: FLAG.error, parts: [usagePart({}, 'none')] }
    const ledger = await ledgerWith(output(0, 20, failed), output(0, 50, failed), output(3, 80))
    const history = await historyOf(ledger, range)
    expect(given(history.perSource, ({ source, errors }) => [source, errors])).toEqual([
      [1, ['claude-code', 0n]],
      [2, ['claude-code', 1n]],
      [4, ['claude-code', 2n]],
    ])
    expect(outputs(history)).toEqual([
      [5, 0n],
      [6, 3n],
    ])
  })

  it('label sets beyond the series limit, which are counted under other', async () => {
    const ledger = tempLedger()
    const write = writerOf(ledger)
    for (let index = 0; index < 6; index++) await write([output(index + 1, 20 + index * 15, { project: `p${index}` })])
    const history = await historyOf(ledger, { ...range, seriesLimit: 60 })
    const live = await liveOf(ledger, range.now, 60)
    expect(live.counters.map(({ labels }) => labels.project)).toEqual(['p0', 'p1', 'p2', 'other'])
    expect(outputs(history, 'other')).toEqual([
      [4, 0n],
      [5, 4n],
      [6, 9n],
      [7, 15n],
    ])
  })

  it('sessions, each where its first response was', async () => {
    const ledger = await ledgerWith(
      output(1, 50, { session: 'a' }),
      output(2, 20, { session: 'a' }),
      output(3, 65, { session: 'b' }),
      output(4, 66, { session: 'c' }),
      output(5, 95, { session: 'b' }),
    )
    const history = await historyOf(ledger, range)
    const shop = { source: 'claude-code', agent: 'none', project: 'shop', machine: null }
    expect(given(history.sessionsStarted, (row) => row)).toEqual([
      [1, { ...shop, sessions: 0n }],
      [2, { ...shop, sessions: 1n }],
      [5, { ...shop, sessions: 3n }],
    ])
  })
})

describe('what stands on no log line', () => {
  const claim = (session: string, minutes: number, tokens: number) => ({
    source: 'claude-code' as const,
    session,
    model: 'claude-opus-4-8',
    project: 'shop',
    time: NOON + minutes * 60_000,
    input: tokens,
    output: 0,
    cacheRead: 0,
    cacheWrite: 2,
    webSearches: 0,
    costPico: 7n,
    continues: null,
  })
  const ledgerWithClaims = async (zeroUntil: number) => {
    const ledger = tempLedger()
    await writerOf(ledger)([output(1, 5)], { batch: { claims: [claim('s1', 20, 100), claim('s2', 50, 30)] } })
    await ledger.reconcileClaims({ storedBefore: Number.MAX_SAFE_INTEGER, zeroUntil })
    return ledger
  }

  it('counts from the instant of the total that tells of it', async () => {
    const history = await historyOf(await ledgerWithClaims(0), range)
    expect(given(history.unlogged, ({ tokens, costPico }) => [tokens[0], tokens[1], costPico])).toEqual([
      [1, [0n, 0n, 0n]],
      [2, [100n, 2n, 0n]],
      [4, [130n, 4n, 7n]],
    ])
  })

  it('is at 0 while it is shown at 0', async () => {
    const history = await historyOf(await ledgerWithClaims(range.now + 1), range)
    expect(given(history.unlogged, ({ tokens }) => tokens[0])).toEqual([[1, 0n]])
  })
})
