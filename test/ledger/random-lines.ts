import fc from 'fast-check'
import { FLAG, type UsageRecord } from '../../src/core/usage.ts'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { usagePart, usageRecord } from '../support/usage-record.ts'

/** Lines of a few responses that differ in everything the rules look at. */
const line: fc.Arbitrary<UsageRecord> = fc
  .record({
    response: fc.integer({ min: 1, max: 4 }),
    winRank: fc.constantFrom(0, 1, 2, 3),
    output: fc.integer({ min: 0, max: 3 }),
    input: fc.integer({ min: 0, max: 2 }),
    minute: fc.integer({ min: 0, max: 40 }),
    uuid: fc.constantFrom('a', 'b', 'c'),
    ownerRank: fc.constantFrom(0, 1, 2, 4),
    fileTime: fc.constantFrom(1000, 2000),
    session: fc.constantFrom('s1', 's2', 's3'),
    paidBy: fc.constantFrom(null, null, 's1', 's4'),
    agent: fc.constantFrom('none', 'Explore'),
    project: fc.constantFrom('shop', 'blog'),
    settled: fc.boolean(),
    guessed: fc.boolean(),
    model: fc.constantFrom('claude-opus-4-8', 'claude-haiku-5-5', 'mystery'),
    advisor: fc.boolean(),
  })
  .map(({ response, output, input, minute, guessed, model, advisor, ...fields }) =>
    usageRecord({
      identity: `m:${response}`,
      rankOutput: output,
      rankTotal: output + input,
      time: minute * 60_000,
      flags: (guessed ? FLAG.guessedTime : 0) | (fields.winRank < 3 ? FLAG.unfinal : 0),
      parts: [usagePart({ output, input }, model), ...(advisor ? [usagePart({ output: 7 }, 'claude-sonnet-5')] : [])],
      ...fields,
    }),
  )

const withoutId: fc.Arbitrary<UsageRecord> = fc
  .record({
    response: fc.integer({ min: 1, max: 3 }),
    id: fc.constantFrom(null, 'x', 'y'),
    session: fc.constantFrom('p', 'q'),
  })
  .map(({ response, id, session }) =>
    usageRecord({
      source: 'pi',
      identity: id === null ? `a:${response}` : `a:${response}:${id}`,
      shadows: id === null ? null : `a:${response}`,
      session,
      provider: 'anthropic',
      parts: [usagePart({ output: response })],
    }),
  )

/** Everything the ledger says, without ids it hands out by order of arrival. */
export async function contents(ledger: Ledger) {
  const usage = await ledger.usage({
    from: 0,
    to: 10 ** 14,
    by: ['source', 'agent', 'project', 'provider', 'model', 'session'],
    days: [0, 15 * 60_000, 30 * 60_000],
  })
  return usage
    .filter(({ values }) => values.some((value) => value !== 0))
    .map(({ day, group, values }) => JSON.stringify([day, group, values.map(String)]))
    .sort()
}

export const anyLine = fc.oneof(line, withoutId)
