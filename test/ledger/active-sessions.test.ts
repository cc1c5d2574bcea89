import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FLAG, type SessionTurn } from '../../src/core/usage.ts'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { appendBatches } from '../support/append.ts'
import { sourceBatch, usagePart, usageRecord } from '../support/usage-record.ts'
import { ledgerKinds } from './contract/ledgers.ts'

describe.each(ledgerKinds())('on $name', ({ newPlace, openLedger, runs }) => {
  const NOON = Date.UTC(2026, 4, 4, 12)
  const MINUTE = 60_000
  const at = (minutes: number) => NOON + minutes * MINUTE

  /** A response of a session, told apart by its time. */
  function response(session: string, minutes: number, fields: Parameters<typeof usageRecord>[0] = {}) {
    return usageRecord({ identity: `${session} ${minutes}`, session, time: at(minutes), ...fields })
  }

  function turn(session: string, minutes: number): SessionTurn {
    return { source: 'claude-code', session, time: at(minutes) }
  }

  let streams = 0
  type Said = { responses?: ReturnType<typeof response>[]; turns?: SessionTurn[] }

  /** Appends a batch of a stream of its own. */
  function append(ledger: Ledger, { responses = [], turns = [] }: Said, options?: Parameters<typeof appendBatches>[2]) {
    const batch = sourceBatch(responses, { stream: `f${streams++}`, turns })
    return appendBatches(ledger, [batch], { now: at(60), ...options })
  }

  async function unattended(ledger: Ledger, until = at(0)): Promise<Record<string, number | null>> {
    const active = await ledger.activeSessions(until - 5 * MINUTE, until)
    return Object.fromEntries(active.map(({ session, unattendedRequests }) => [session, unattendedRequests]))
  }

  describe('what a session used within a range', () => {
    it('is told per label, without what came before or after', async () => {
      const ledger = await openLedger()
      const tokens = { input: 1, cacheWrite5m: 20, cacheWrite1h: 300, cacheRead: 4000, output: 50_000 }
      await append(ledger, {
        responses: [
          response('s', -5, { parts: [usagePart({ output: 7 })] }),
          response('s', -4, { parts: [usagePart(tokens)] }),
          response('s', -3, { parts: [usagePart(tokens)], agent: 'helper' }),
          response('s', -2, { parts: [usagePart(tokens)], agent: 'helper' }),
          response('s', -1, { parts: [usagePart({})], agent: 'helper', flags: FLAG.error }),
          response('s', 1, { parts: [usagePart({ output: 7 })] }),
        ],
      })
      const labels = new Map((await ledger.labels()).map(({ id, agent }) => [id, agent]))
      const active = await ledger.activeSessions(at(-5), at(0))
      const shared = { source: 'claude-code', session: 's', unattendedRequests: null }
      expect(new Map(active.map(({ label, ...row }) => [labels.get(label), row]))).toEqual(
        new Map([
          ['none', { ...shared, tokens: 54_321, newTokens: 50_321, requests: 1, last: at(-4) }],
          ['helper', { ...shared, tokens: 108_642, newTokens: 100_642, requests: 2, last: at(-1) }],
        ]),
      )
      await ledger.close()
    })

    it('holds what a response used of a further model, which is no request of its own', async () => {
      const ledger = await openLedger()
      const parts = [usagePart({ output: 5 }), usagePart({ input: 30, cacheRead: 100 }, 'claude-haiku-4-5')]
      await append(ledger, { responses: [response('s', -1, { parts })], turns: [turn('s', -2)] })
      const labels = new Map((await ledger.labels()).map(({ id, modelId }) => [id, modelId]))
      const active = await ledger.activeSessions(at(-5), at(0))
      expect(
        new Map(
          active.map(({ label, tokens, newTokens, requests }) => [labels.get(label), [tokens, newTokens, requests]]),
        ),
      ).toEqual(
        new Map([
          ['claude-opus-4-8', [5, 5, 1]],
          ['claude-haiku-4-5', [130, 30, 0]],
        ]),
      )
      expect(active.map(({ unattendedRequests }) => unattendedRequests)).toEqual([1, 1])
      await ledger.close()
    })
  })

  describe('requests since the last human turn', () => {
    it('are unknown where no turn is known, of whichever source the other session is', async () => {
      const ledger = await openLedger()
      await append(ledger, { responses: [response('s', -1)], turns: [{ ...turn('s', -2), source: 'pi' }] })
      expect(await unattended(ledger)).toEqual({ s: null })
      await ledger.close()
    })

    it.each<[string, Said[], number]>([
      [
        'a turn in the batch of the responses',
        [{ responses: [response('s', -3), response('s', -1)], turns: [turn('s', -2)] }],
        1,
      ],
      [
        'a turn before the first response',
        [{ turns: [turn('s', -4)] }, { responses: [response('s', -3), response('s', -1)] }],
        2,
      ],
      [
        'a turn that comes after the responses',
        [{ responses: [response('s', -3), response('s', -1)] }, { turns: [turn('s', -2)] }],
        1,
      ],
      ['a turn newer than all responses', [{ responses: [response('s', -3)] }, { turns: [turn('s', -1)] }], 0],
      ['a turn later than the range', [{ responses: [response('s', -3)], turns: [turn('s', 60)] }], 0],
      [
        'a turn at the time of a response',
        [{ responses: [response('s', -3), response('s', -2)], turns: [turn('s', -3)] }],
        1,
      ],
      [
        'an older turn that arrives later',
        [
          { responses: [response('s', -4), response('s', -2), response('s', -1)], turns: [turn('s', -3)] },
          { turns: [turn('s', -60)] },
        ],
        2,
      ],
      [
        'two turns of a batch, the newer first',
        [{ responses: [response('s', -4), response('s', -1)], turns: [turn('s', -2), turn('s', -60)] }],
        1,
      ],
      [
        'a newer turn',
        [{ responses: [response('s', -4), response('s', -1)], turns: [turn('s', -60)] }, { turns: [turn('s', -2)] }],
        1,
      ],
      [
        'the turn of another session',
        [{ responses: [response('s', -4), response('s', -1)], turns: [turn('s', -60), turn('t', 0)] }],
        2,
      ],
      [
        'responses of several quarters of an hour',
        [{ responses: [-70, -61, -59, -46, -31, -16, -1].map((n) => response('s', n)), turns: [turn('s', -60)] }],
        5,
      ],
      [
        'responses after the range',
        [{ responses: [-1, 1, 16].map((n) => response('s', n)), turns: [turn('s', -60)] }],
        1,
      ],
      [
        'responses of a day and more ago',
        [{ responses: [-1500, -1441, -1440, -1439, -700, -1].map((n) => response('s', n)), turns: [turn('s', -3000)] }],
        3,
      ],
    ])('with %s', async (_, batches, expected) => {
      const place = newPlace()
      for (const batch of batches) {
        const ledger = await place.open()
        await append(ledger, batch)
        await ledger.close()
      }
      const reader = await place.reader()
      expect(await unattended(reader)).toEqual({ s: expected })
      await reader.close()
    })

    it('are of all its labels together, errors and other sessions left out', async () => {
      const ledger = await openLedger()
      await append(ledger, {
        responses: [
          response('s', -40, { agent: 'helper' }),
          response('s', -39, { flags: FLAG.error, parts: [usagePart({})] }),
          response('s', -2, { agent: 'helper' }),
          response('s', -1),
          response('t', -1),
        ],
        turns: [turn('s', -50)],
      })
      const active = await ledger.activeSessions(at(-5), at(0))
      expect(active.map(({ session, unattendedRequests }) => [session, unattendedRequests]).sort()).toEqual([
        ['s', 3],
        ['s', 3],
        ['t', null],
      ])
      await ledger.close()
    })

    it('leave a session together with a response that turns out to belong to another', async () => {
      const ledger = await openLedger()
      await append(ledger, {
        responses: [response('s', -1), response('s', -2)],
        turns: [turn('s', -9), turn('first', -9)],
      })
      await append(ledger, { responses: [response('s', -2, { session: 'first', ownerRank: -1, uuid: 'u0' })] })
      expect(await unattended(ledger)).toEqual({ s: 1, first: 1 })
      await ledger.close()
    })
  })

  describe('a turn of a session without a response', () => {
    it('is no session yet, for nobody who asks', async () => {
      const ledger = await openLedger()
      const delta = await append(ledger, { turns: [turn('s', -4)] })
      expect(delta).toMatchObject({ sessions: [], labels: [], rollup: [], counters: [] })
      expect(await ledger.activeSessions(at(-5), at(0))).toEqual([])
      expect(await ledger.sessionStarts()).toEqual([])
      expect(await ledger.findSessions('s')).toEqual([])
      expect(await ledger.sessions({ from: 0, to: 10 ** 14 })).toEqual([])
      expect(await ledger.span()).toBeNull()
      expect(await ledger.check()).toMatchObject({ integrity: 'ok', responses: 0, differences: [] })
      await ledger.close()
    })

    it('starts with its first response, and lasts from there', async () => {
      const ledger = await openLedger()
      await append(ledger, { turns: [turn('s', -40)] })
      await append(ledger, { responses: [response('s', -20)] })
      await append(ledger, { turns: [turn('s', -5)] })
      const delta = await append(ledger, { responses: [response('s', -30)], turns: [turn('s', 5)] })
      expect(delta.sessions).toEqual([])
      expect((await ledger.sessionStarts()).map(({ sessions }) => sessions)).toEqual([1])
      const [found] = await ledger.findSessions('s')
      expect(found).toMatchObject({ first: at(-30), last: at(-20) })
      const [row] = await ledger.sessions({ from: 0, to: 10 ** 14 })
      expect(row).toMatchObject({ first: at(-30), last: at(-20) })
      await ledger.close()
    })

    it('is not counted when the history it was found in is loaded', async () => {
      const ledger = await openLedger()
      await append(
        ledger,
        { turns: [turn('s', -40), turn('silent', -40)], responses: [response('s', -20)] },
        { live: false },
      )
      const delta = await ledger.expose({ source: 'claude-code', roots: ['/logs'] })
      expect(delta.sessions.map(({ sessions }) => sessions)).toEqual([1])
      const later = await append(ledger, { responses: [response('silent', -1)] })
      expect(later.sessions.map(({ sessions }) => sessions)).toEqual([1])
      expect(await unattended(ledger)).toEqual({ silent: 1 })
      await ledger.close()
    })

    it('of the future counts as now: it must not hide the requests until then', async () => {
      const ledger = await openLedger()
      await append(ledger, { responses: [response('s', -1)], turns: [turn('s', 500)] }, { now: at(-2) })
      expect(await unattended(ledger)).toEqual({ s: 1 })
      await ledger.close()
    })

    it('is lost with its batch when that is refused', async () => {
      const ledger = await openLedger()
      const batch = sourceBatch([response('s', -1)], { expected: 'somewhere else', turns: [turn('s', -2)] })
      await expect(appendBatches(ledger, [batch])).rejects.toMatchObject({ failure: 'conflict' })
      await append(ledger, { responses: [response('s', -1)] })
      expect(await unattended(ledger)).toEqual({ s: null })
      await ledger.close()
    })
  })

  it('responses and turns in any order and repetition give what counting them gives', async () => {
    const minutes = fc.integer({ min: -1500, max: 20 })
    const event = fc.record({ session: fc.constantFrom('a', 'b', 'c'), isTurn: fc.boolean(), minutes })
    const scenario = fc.record({
      events: fc.array(event, { minLength: 1, maxLength: 40 }),
      order: fc.array(fc.nat(39), { maxLength: 60 }),
      batches: fc.integer({ min: 1, max: 6 }),
      until: fc.integer({ min: -20, max: 10 }),
      restart: fc.nat(5),
    })
    await fc.assert(
      fc.asyncProperty(scenario, async ({ events, order, batches, until, restart }) => {
        const place = newPlace()
        let ledger = await place.open()
        const shuffled = [...order.flatMap((index) => events[index] ?? []), ...events]
        for (let batch = 0; batch < batches; batch++) {
          const own = shuffled.filter((_, index) => index % batches === batch)
          await append(ledger, {
            responses: own.filter(({ isTurn }) => !isTurn).map((one) => response(one.session, one.minutes)),
            turns: own.filter(({ isTurn }) => isTurn).map((one) => turn(one.session, one.minutes)),
          })
          if (batch === restart) {
            await ledger.close()
            ledger = await place.open()
          }
        }
        const expected: Record<string, number | null> = {}
        for (const session of ['a', 'b', 'c']) {
          const own = events.filter((one) => one.session === session)
          const times = new Set(own.filter(({ isTurn }) => !isTurn).map((one) => one.minutes))
          const turns = own.filter(({ isTurn }) => isTurn).map((one) => one.minutes)
          if (![...times].some((time) => time > until - 5 && time <= until)) continue
          const newest = Math.max(...turns)
          const after = [...times].filter((time) => time > newest && time > until - 1440 && time <= until)
          expected[session] = turns.length === 0 ? null : after.length
        }
        const reader = await place.reader()
        expect(await unattended(ledger, at(until))).toEqual(expected)
        expect(await unattended(reader, at(until))).toEqual(expected)
        await reader.close()
        await ledger.close()
      }),
      { numRuns: runs(60) },
    )
  }, 60_000)

  it('slots can be read in parts', async () => {
    const ledger = await openLedger()
    await append(ledger, { responses: [-40, -16, -15, -1, 0, 14, 15].map((n) => response('s', n)) })
    const slots = async (from: number, to?: number) =>
      [...(await ledger.slots(from, to))].sort((a, b) => a.slot - b.slot)
    const all = await slots(0)
    expect(new Set(all.map(({ slot }) => slot))).toEqual(new Set([-45, -30, -15, 0, 15].map(at)))
    expect([...(await slots(0, at(0))), ...(await slots(at(0), at(15))), ...(await slots(at(15)))]).toEqual(all)
    expect((await ledger.slots(at(-15), at(0))).map(({ slot }) => slot)).toEqual([at(-15)])
    expect(await ledger.slots(at(0), at(0))).toEqual([])
    expect(await slots(0, Number.POSITIVE_INFINITY)).toEqual(all)
    await ledger.close()
  })
})
