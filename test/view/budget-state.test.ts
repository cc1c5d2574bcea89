import { describe, expect, it } from 'vitest'
import type { RootStatus } from '../../src/core/status.ts'
import type { SessionData } from '../../src/view/budgets/session-data.ts'
import {
  budget,
  DAY_MS,
  Exporter,
  HOUR_MS,
  MINUTE_MS,
  sessionData,
  sourceHealth,
  spend,
  USD,
} from './budget-support.ts'

const NOON = Date.parse('2026-05-20T12:00:00Z')
const ok: RootStatus = { path: '/logs', state: 'ok', problem: null }
const missing: RootStatus = { path: '/other', state: 'missing', problem: null }
const unreadable: RootStatus = { path: '/closed', state: 'unreadable', problem: 'no permission' }

describe('the state of a budget over session logs', () => {
  const off = { tailMode: 'off' as const }
  it.each<{ what: string; data: Partial<SessionData>; reason: string | null; dataTo: number | null }>([
    { what: 'logs that are followed', data: {}, reason: null, dataTo: NOON },
    { what: 'history that is loading', data: { complete: false }, reason: 'loading', dataTo: NOON },
    {
      what: 'a ledger that fails',
      data: { ledger: { up: false, sizeBytes: 0, errors: {}, held: 0 } },
      reason: 'ledger_failing',
      dataTo: NOON,
    },
    {
      what: 'another agent that is not installed',
      data: { sources: [sourceHealth(), sourceHealth({ source: 'pi', roots: [missing], ...off })] },
      reason: null,
      dataTo: NOON,
    },
    {
      what: 'a folder that cannot be read',
      data: { sources: [sourceHealth({ roots: [ok, unreadable] })] },
      reason: 'source_unreadable',
      dataTo: NOON,
    },
    {
      what: 'no agent at all',
      data: { sources: [sourceHealth({ roots: [missing] })] },
      reason: 'source_unreadable',
      dataTo: null,
    },
    {
      what: 'logs that were read a while ago',
      data: {
        sources: [
          sourceHealth({ ...off, lastSuccess: NOON - MINUTE_MS }),
          sourceHealth({ source: 'pi', ...off, lastSuccess: NOON - 10 * MINUTE_MS }),
        ],
      },
      reason: null,
      dataTo: NOON - 10 * MINUTE_MS,
    },
    {
      what: 'logs that were read too long ago',
      data: { sources: [sourceHealth({ ...off, lastSuccess: NOON - 16 * MINUTE_MS })] },
      reason: 'stale',
      dataTo: NOON - 16 * MINUTE_MS,
    },
  ])('$what: $reason', ({ data, reason, dataTo }) => {
    const exporter = new Exporter({ budgets: [budget()], now: NOON })
    exporter.sessions = sessionData(data)
    expect(exporter.figures()).toMatchObject({
      state: reason === null ? 'ok' : 'unknown',
      unknownReason: reason,
      dataTo,
    })
  })

  it('depends on the sources in its scope only', () => {
    const scoped = budget({ scope: { source: ['pi', 'open*'] } })
    const exporter = new Exporter({ budgets: [scoped], now: NOON })
    const broken = sourceHealth({ roots: [unreadable] })
    exporter.sessions = sessionData({ sources: [broken, sourceHealth({ source: 'pi' })] })
    expect(exporter.figures().state).toBe('ok')
    exporter.sessions = sessionData({ sources: [sourceHealth(), sourceHealth({ source: 'pi', roots: [unreadable] })] })
    expect(exporter.figures().unknownReason).toBe('source_unreadable')
  })

  it('after a restart rests on what the ledger held, until the logs are read again', async () => {
    const before = new Exporter({ budgets: [budget()], now: NOON })
    await before.append([spend(NOON - HOUR_MS, 4_000)])
    before.sessions = sessionData({ sources: [sourceHealth({ tailMode: 'off' })] })
    before.now += 10 * MINUTE_MS
    const soon = await before.restarted()
    expect(soon.figures()).toMatchObject({ state: 'exceeded', dataTo: NOON, spent: 100n * USD })
    const late = await before.restarted({ now: NOON + 2 * HOUR_MS })
    expect(late.figures()).toMatchObject({ state: 'unknown', unknownReason: 'stale', spent: 100n * USD })
  })

  it('while history is loaded tells limit and period, but nothing of what is spent', async () => {
    const exporter = new Exporter({ budgets: [budget()], now: NOON })
    exporter.sessions = sessionData({ complete: false })
    await exporter.append([spend(NOON, 4_000)], { live: false })
    expect(exporter.figures()).toMatchObject({
      state: 'unknown',
      unknownReason: 'loading',
      spent: null,
      usedRatio: null,
      burnRate1h: null,
      forecast: null,
      elapsedRatio: 0.5,
      period: { end: NOON + DAY_MS / 2 },
    })
    expect(await exporter.view.record(exporter.ledger)).toEqual([])
    expect(await exporter.ledger.crossings({})).toEqual([])
    exporter.sessions = sessionData()
    expect(exporter.figures().state).toBe('exceeded')
    expect(await exporter.view.record(exporter.ledger)).toHaveLength(3)
  })

  it('is known as a lower bound where the ledger fails', async () => {
    const exporter = new Exporter({ budgets: [budget()], now: NOON })
    await exporter.append([spend(NOON, 4_000)])
    exporter.sessions = sessionData({ ledger: { up: false, sizeBytes: 0, errors: {}, held: 0 } })
    expect(exporter.figures()).toMatchObject({ state: 'unknown', spent: 100n * USD, usedRatio: 1 })
  })
})

describe('figures that are asked for again', () => {
  it('are the same object until the minute, the amounts or the data change', async () => {
    const exporter = new Exporter({ budgets: [budget()], now: NOON })
    const first = exporter.figures()
    exporter.now += MINUTE_MS - 1
    expect(exporter.figures()).toBe(first)
    exporter.now += 1
    const second = exporter.figures()
    expect(second).not.toBe(first)
    await exporter.append([spend(NOON, 1)])
    expect(exporter.figures()).not.toBe(second)
    const third = exporter.figures()
    exporter.sessions = sessionData({ complete: false })
    expect(exporter.figures()).not.toBe(third)
  })

  it('have forecasts that are not all made at once', async () => {
    const budgets = Array.from({ length: 24 }, (_, index) => budget({ name: `b${index}`, scope: { agent: ['*'] } }))
    const exporter = new Exporter({ budgets, now: NOON })
    await exporter.append([spend(NOON - HOUR_MS, 8)])
    const forecasts = () => budgets.map(({ name }) => exporter.figures(name).forecast)
    let before = forecasts()
    expect(before).not.toContain(null)
    const made: number[] = []
    for (let at = 5_000; at <= MINUTE_MS; at += 5_000) {
      exporter.now = NOON + at
      const after = forecasts()
      made.push(after.filter((forecast, index) => forecast !== before[index]).length)
      before = after
    }
    expect(made).toEqual(Array.from({ length: 12 }, () => 2))
  })

  it('have a forecast of the same minute, that is never below what is spent', async () => {
    const exporter = new Exporter({ budgets: [budget()], now: NOON })
    await exporter.append([spend(NOON - HOUR_MS, 100)])
    const { forecast } = exporter.figures()
    await exporter.append([spend(NOON, 1)])
    expect(exporter.figures().forecast).toBe(forecast)
    await exporter.append([spend(NOON, 4_000)])
    const { spent, forecast: overtaken } = exporter.figures()
    expect(spent).toBeGreaterThan(100n * USD)
    expect(overtaken?.expected).toBeGreaterThanOrEqual(spent ?? 0n)
    exporter.now += MINUTE_MS
    expect(exporter.figures().forecast).not.toBe(overtaken)
  })
})
