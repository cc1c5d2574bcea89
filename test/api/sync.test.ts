import { describe, expect, it } from 'vitest'
import type { SyncParts } from '../../src/api/sync.ts'
import { NO_CHANGES } from '../../src/core/sync-run.ts'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { tempLedger } from '../support/temp.ts'
import { apiOn, documentOf, NOW, problemOf, query } from './support.ts'

const SOURCES = ['claude-code', 'anthropic-usage', 'anthropic-usage:acme', 'anthropic-cost']

/** Runs that end when they are told to. */
function runner(ledger: Ledger, now: () => number) {
  const ends = new Map<string, () => void>()
  const begun: string[] = []
  const sync: SyncParts = {
    sources: () => SOURCES,
    async read(source) {
      begun.push(source)
      const id = await ledger.startRun({ source, cause: 'request', startedAt: now() })
      await new Promise<void>((resolve) => ends.set(source, resolve))
      const facts = { generation: null, from: null, to: null, attempts: 1, requests: 0, reason: null, error: null }
      await ledger.endRun(id, { endedAt: now(), result: 'ok', changes: NO_CHANGES, ...facts })
    },
  }
  return { sync, begun, end: (source: string) => ends.get(source)?.() }
}

function setUp() {
  const clock = { now: NOW }
  const ledger = tempLedger()
  const { sync, begun, end } = runner(ledger, () => clock.now)
  const api = apiOn({ ledger, sync, now: () => clock.now })
  const start = async (source: string) =>
    documentOf(await api.act('/api/sync/{source}', { source }, query())) as {
      runs: { source: string; joined: boolean; run: { id: number; result: string } }[]
    }
  const ended = async (source: string) => {
    end(source)
    while ((await ledger.runs({ source, result: 'running', limit: 1 })).length > 0) await new Promise(setImmediate)
    await new Promise(setImmediate)
  }
  return { api, clock, begun, start, ended }
}

describe('a request to read a source', () => {
  it('begins a run, and joins it while it runs', async () => {
    const { start, begun, ended } = setUp()
    const first = await start('claude-code')
    expect(first.runs).toMatchObject([{ source: 'claude-code', joined: false, run: { result: 'running' } }])
    const second = await start('claude-code')
    expect(second.runs).toMatchObject([{ joined: true, run: { id: first.runs[0]?.run.id } }])
    expect(begun).toEqual(['claude-code'])
    await ended('claude-code')
  })

  it('begins one run for all who ask at once', async () => {
    const { start, begun, ended } = setUp()
    const answers = await Promise.all(Array.from({ length: 20 }, () => start('claude-code')))
    expect(begun).toEqual(['claude-code'])
    expect(answers.filter(({ runs }) => runs[0]?.joined === false)).toHaveLength(1)
    await ended('claude-code')
  })

  it('begins the next one 10 s after the last at the soonest', async () => {
    const { api, start, begun, ended, clock } = setUp()
    await start('claude-code')
    await ended('claude-code')
    clock.now += 7_500
    const refused = await problemOf(api.act('/api/sync/{source}', { source: 'claude-code' }, query()))
    expect([refused.status, refused.problem.retryAfterSeconds]).toEqual([429, 3])
    clock.now += 2_500
    await start('claude-code')
    expect(begun).toEqual(['claude-code', 'claude-code'])
    await ended('claude-code')
  })

  it('does not wait for long after the clock was put back', async () => {
    const { start, begun, ended, clock } = setUp()
    await start('claude-code')
    await ended('claude-code')
    clock.now -= 86_400_000
    await start('claude-code')
    expect(begun).toHaveLength(2)
    await ended('claude-code')
  })

  it('of a report reads it for every organisation', async () => {
    const { start, ended } = setUp()
    expect((await start('anthropic-usage')).runs.map(({ source }) => source)).toEqual([
      'anthropic-usage',
      'anthropic-usage:acme',
    ])
    await ended('anthropic-usage')
    await ended('anthropic-usage:acme')
  })

  it('of all reports leaves out those that were read a moment ago', async () => {
    const { api, start, ended } = setUp()
    await start('anthropic-cost')
    await ended('anthropic-cost')
    const { runs } = documentOf(await api.act('/api/usage/sync-anthropic', {}, query())) as {
      runs: { source: string }[]
    }
    expect(runs.map(({ source }) => source)).toEqual(['anthropic-usage', 'anthropic-usage:acme'])
    await ended('anthropic-usage')
    await ended('anthropic-usage:acme')
  })

  it.each(['', 'claude', 'anthropic', '../runs', 'x'.repeat(5_000)])('of "%s" is refused', async (source) => {
    const { api } = setUp()
    const refused = await problemOf(api.act('/api/sync/{source}', { source }, query()))
    expect([refused.status, refused.problem.known]).toEqual([404, SOURCES])
    expect(refused.message.length).toBeLessThan(200)
  })

  it('takes no parameters', async () => {
    const { api } = setUp()
    expect((await problemOf(api.act('/api/sync/{source}', { source: 'pi' }, query('days=3')))).status).toBe(400)
  })
})
