import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { slicedLedger } from '../../src/api/sliced.ts'
import type { Ledger, SessionRow } from '../../src/ledger/ledger.ts'
import { GROUP_REPORTS, makeGroupReport } from '../../src/report/group-report.ts'
import { appendBatches } from '../support/append.ts'
import { tempLedger } from '../support/temp.ts'
import { sourceBatch, usagePart, usageRecord } from '../support/usage-record.ts'
import { apiOn, documentOf, NOW, query } from './support.ts'

const HOUR_MS = 3_600_000
const DAYS = 40

const use = fc.record({
  hoursAgo: fc.integer({ min: 0, max: DAYS * 24 }),
  session: fc.constantFrom('s1', 's2'),
  source: fc.constantFrom('claude-code' as const, 'pi' as const),
  agent: fc.constantFrom('none', 'Explore', '__proto__'),
  project: fc.constantFrom('shop', 'blog', '=1+1'),
  branch: fc.constantFrom('main', 'topic'),
  // The same model under two ids, so that there are more labels than names.
  model: fc.constantFrom('claude-opus-4-5', 'claude-opus-4-5-20251101', 'claude-haiku-4-5'),
  output: fc.nat(1_000),
})
type Use = typeof use extends fc.Arbitrary<infer T> ? T : never

async function fill(uses: readonly Use[]): Promise<Ledger> {
  const ledger = tempLedger()
  for (const source of ['claude-code', 'pi'] as const) {
    const records = uses.flatMap(({ hoursAgo, model, output, ...fields }, index) =>
      fields.source === source
        ? [
            usageRecord({
              ...fields,
              identity: `m:${index}`,
              uuid: `u${index}`,
              time: NOW - hoursAgo * HOUR_MS,
              parts: [usagePart({ output }, model)],
            }),
          ]
        : [],
    )
    if (records.length > 0) await appendBatches(ledger, [sourceBatch(records, { source })], { now: NOW })
  }
  return ledger
}

/** A machine on which every part of a query takes so long that the next one is as short as can be. */
async function onSlowMachine<T>(work: () => Promise<T>): Promise<T> {
  const { cpuUsage } = process
  let used = 0
  process.cpuUsage = (before) => {
    used += 1_000_000
    return before === undefined ? { user: used, system: 0 } : { user: used - before.user, system: 0 }
  }
  try {
    return await work()
  } finally {
    process.cpuUsage = cpuUsage
  }
}

function inOrder(rows: readonly SessionRow[]) {
  const key = ({ source, session }: { source: string; session: string }) => `${source} ${session}`
  return [...rows]
    .map(({ uses, ...row }) => ({ ...row, uses: uses.map((one) => JSON.stringify(one)).sort() }))
    .sort((a, b) => (key(a) < key(b) ? -1 : 1))
}

/** Counted from the uses themselves. */
function expectedMain(uses: readonly Use[], source: string, session: string) {
  const counts = new Map<string, number>()
  for (const one of uses) {
    if (one.source !== source || one.session !== session) continue
    const key = JSON.stringify([one.agent, one.project])
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  const most = Math.max(...counts.values())
  const first = [...counts]
    .filter(([, count]) => count === most)
    .map(([key]) => JSON.parse(key) as [string, string])
    .sort(([a, p], [b, q]) => (a < b || (a === b && p < q) ? -1 : 1))[0]
  return { agent: first?.[0], project: first?.[1] }
}

describe('sessions that are read in parts', () => {
  it('are those that are read at once, with the agent and the project of most of their requests', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(use, { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 1, max: DAYS }),
        async (uses, days) => {
          const ledger = await fill(uses)
          try {
            const range = { from: NOW - days * 24 * HOUR_MS, to: NOW + HOUR_MS }
            const quarter = (instant: number) => Math.floor(instant / 900_000) * 900_000
            const query = { from: quarter(range.from), to: quarter(range.to) }
            const counted: number[] = []
            const watched: Ledger = {
              ...ledger,
              sessions: (part) => {
                counted.push(part.to - part.from)
                return ledger.sessions(part)
              },
            }
            const parts = await onSlowMachine(() => slicedLedger(watched).sessions(query))
            const whole = await ledger.sessions(query)
            expect(inOrder(parts)).toEqual(inOrder(whole))
            // After the first part each is a day.
            for (const width of counted.slice(3)) expect(width).toBeLessThanOrEqual(24 * HOUR_MS)
            const used = uses.filter(({ hoursAgo }) => NOW - hoursAgo * HOUR_MS >= query.from)
            for (const { source, session, agent, project } of whole) {
              expect({ agent, project }).toEqual(expectedMain(used, source, session))
            }
          } finally {
            await ledger.close()
          }
        },
      ),
      { numRuns: 20 },
    )
  })

  it('are listed by /api/sessions as the command lists them', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(use, { minLength: 1, maxLength: 20 }), async (uses) => {
        const ledger = await fill(uses)
        try {
          const told = await makeGroupReport(GROUP_REPORTS.sessions, {
            ledger,
            options: { days: DAYS + 2 },
            where: {},
            context: { now: NOW, timeZone: 'UTC', span: await ledger.span() },
            freshness: { origin: 'exporter', readAt: null, newest: null, isComplete: true, roots: [] },
          })
          const asked = (await onSlowMachine(async () =>
            documentOf(await apiOn({ ledger }).read('/api/sessions', {}, query(`days=${DAYS + 2}`))),
          )) as { rows: Record<string, unknown>[] }
          expect(
            asked.rows.map(({ source, session, agent, project, models }) => ({
              source,
              session,
              agent,
              project,
              models,
            })),
          ).toEqual(
            told.groups.map(({ key: [session], session: facts }) => ({
              source: facts?.source,
              session,
              agent: facts?.agent,
              project: facts?.project,
              models: facts?.models,
            })),
          )
        } finally {
          await ledger.close()
        }
      }),
      { numRuns: 10 },
    )
  })

  it('have the agent of most requests, not of the model with most of them', async () => {
    const own = {
      hoursAgo: 1,
      session: 's1',
      source: 'claude-code',
      project: 'shop',
      branch: 'main',
      output: 1,
    } as const
    const ledger = await fill([
      ...Array.from({ length: 3 }, () => ({ ...own, agent: 'none' as const, model: 'claude-opus-4-5' as const })),
      ...Array.from({ length: 3 }, () => ({ ...own, agent: 'none' as const, model: 'claude-haiku-4-5' as const })),
      ...Array.from({ length: 4 }, () => ({ ...own, agent: 'Explore' as const, model: 'claude-opus-4-5' as const })),
    ])
    const [row] = await ledger.sessions({ from: 0, to: NOW + HOUR_MS })
    expect(row).toMatchObject({ agent: 'none', project: 'shop' })
    await ledger.close()
  })
})
