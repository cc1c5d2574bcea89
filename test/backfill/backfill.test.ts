import { describe, expect, it } from 'vitest'
import { type Backfilled, type BackfillOptions, backfill } from '../../src/backfill/backfill.ts'
import type { Part } from '../../src/backfill/instants.ts'
import { BALANCE, balance, memoryOutput, pastOf, recorderOf, samplesIn, UNPRICED, unpriced } from './support/history.ts'

const at = (text: string) => Date.parse(`2026-05-${text}Z`)

async function write(options: Partial<BackfillOptions> = {}) {
  const outputs: (ReturnType<typeof memoryOutput> & { readonly from: string })[] = []
  const shares: number[] = []
  const expected: number[] = []
  let written: Backfilled | null = null
  let error: unknown = null
  const writing = backfill({
    range: { from: at('04T23:30:00'), to: at('06T00:15:00') },
    stepMs: 15 * 60_000,
    splitDays: null,
    pasts: [],
    recorder: recorderOf([UNPRICED, BALANCE]),
    open: async (part: Part) => {
      const output = Object.assign(memoryOutput(), { from: new Date(part.from).toISOString() })
      outputs.push(output)
      return output
    },
    signal: new AbortController().signal,
    expected: (samples) => expected.push(samples),
    progress: (share) => shares.push(share),
    ...options,
  })
  try {
    written = await writing
  } catch (failure) {
    error = failure
  }
  return { written, error, outputs, shares, expected }
}

/** Both only at the first instant, the gauge also at the second. */
const past = pastOf((instant) => ({
  unpriced: instant === at('04T23:30:00') ? [unpriced('a', 5n)] : [],
  balances: instant <= at('04T23:45:00') ? [balance('default', 7n)] : [],
}))

describe('writing the past', () => {
  it('asks every part of it for every quarter of an hour, in order', async () => {
    const asked: string[] = []
    const listening = (name: string) =>
      pastOf((instant) => {
        asked.push(`${name} ${new Date(instant).toISOString().slice(11, 19)}`)
        return {}
      })
    await write({
      range: { from: at('04T10:00:00'), to: at('04T10:20:07') },
      pasts: [listening('one'), listening('two')],
    })
    expect(asked).toEqual([
      'one 10:00:00',
      'two 10:00:00',
      'one 10:15:00',
      'two 10:15:00',
      'one 10:20:07',
      'two 10:20:07',
    ])
  })

  it('begins every file with the value that holds there', async () => {
    const { written, outputs } = await write({ splitDays: 1, pasts: [past] })
    expect(outputs.map(({ from, state }) => [from, state()])).toEqual([
      ['2026-05-04T23:30:00.000Z', 'complete'],
      ['2026-05-05T00:00:00.000Z', 'complete'],
      ['2026-05-06T00:00:00.000Z', 'complete'],
    ])
    const firsts = outputs.map(
      ({ text }) => samplesIn(text()).map(([series, value]) => [series.split('{')[0], value])[0],
    )
    expect(firsts).toEqual([
      ['claude_balance_usd', '0.000000000007'],
      ['claude_unpriced_tokens_total', '5'],
      ['claude_unpriced_tokens_total', '5'],
    ])
    expect(outputs.map(({ text }) => samplesIn(text()).length)).toEqual([4, 96, 2])
    const bytes = outputs.reduce((sum, output) => sum + output.bytes, 0)
    expect(written).toEqual({ outputs: 3, series: 2, samples: 102, bytes })
  })

  it('has the same samples in one file and in several', async () => {
    const one = await write({ pasts: [past] })
    const several = await write({ pasts: [past], splitDays: 1 })
    const samples = several.outputs.flatMap(({ text }) => samplesIn(text()))
    expect(samples.toSorted()).toEqual(samplesIn(one.outputs[0]?.text() ?? '').toSorted())
  })

  it('is a complete file without samples where nothing is known', async () => {
    const { written, outputs } = await write()
    expect(outputs[0]?.text()).toBe('# EOF\n')
    expect(written).toMatchObject({ outputs: 1, series: 0, samples: 0, bytes: 6 })
  })

  it('tells how far it is', async () => {
    const { shares } = await write({ pasts: [past], splitDays: 1 })
    expect(shares).toEqual(shares.toSorted((a, b) => a - b))
    expect(shares.at(-1)).toBe(1)
  })

  it('tells before each file how many samples there may be: a gauge may end early', async () => {
    const { expected, outputs } = await write({ pasts: [past], splitDays: 1 })
    expect(expected).toEqual([4, 192, 4])
    expect(outputs.map(({ text }) => samplesIn(text()).length)).toEqual([4, 96, 2])
  })

  it('discards a file that cannot be written, and goes no further', async () => {
    const full = Object.assign(memoryOutput(), { write: () => Promise.reject(new Error('full')) })
    const { error } = await write({ pasts: [past], splitDays: 1, open: async () => full })
    expect(error).toEqual(new Error('full'))
    expect(full.state()).toBe('discarded')
  })

  it('discards what is not complete when it is stopped', async () => {
    const controller = new AbortController()
    const stopping = pastOf((instant) => {
      if (instant === at('05T12:00:00')) controller.abort(new Error('stopped'))
      return past.at(instant) as never
    })
    const whole = await write({ pasts: [stopping], splitDays: 1, signal: controller.signal })
    expect(whole).toMatchObject({ error: new Error('stopped') })
    expect(whole.outputs.map(({ state }) => state())).toEqual(['complete'])

    const writing = new AbortController()
    const output = memoryOutput()
    const { write: keep } = output
    output.write = async (text) => {
      await keep(text)
      writing.abort(new Error('stopped'))
    }
    expect(await write({ pasts: [past], open: async () => output, signal: writing.signal })).toMatchObject({
      error: new Error('stopped'),
    })
    expect(output.state()).toBe('discarded')
  })

  it('passes on what a part of the past fails with', async () => {
    const failing = pastOf(() => {
      throw new Error('no ledger')
    })
    expect(await write({ pasts: [failing] })).toMatchObject({ error: new Error('no ledger'), outputs: [] })
  })
})
