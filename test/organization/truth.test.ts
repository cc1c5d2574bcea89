import { describe, expect, it } from 'vitest'
import { DAY_MS, HOUR_MS } from '../../src/core/time.ts'
import { DEFAULT_WORKSPACE } from '../support/organization-api/streams.ts'
import { sumTruthBy } from '../support/organization-api/truth-sums.ts'
import { createWorld, storedCost, storedUsage, trueCost, trueUsage, type World } from './support.ts'

const NOW = Date.parse('2026-05-20T14:20:00Z')
const TODAY = Date.parse('2026-05-20T00:00:00Z')
const MONTH = Date.parse('2026-05-01T00:00:00Z')
const PREVIOUS_MONTH = Date.parse('2026-04-01T00:00:00Z')

function sumTokens(rows: readonly { readonly tokens: readonly bigint[] }[] | null) {
  const sum = (index: number) => (rows ?? []).reduce((total, { tokens }) => total + (tokens[index] ?? 0n), 0n)
  return { input: sum(0), cacheWrite5m: sum(1), cacheWrite1h: sum(2), cacheRead: sum(3), output: sum(4) }
}

const USAGE_LABELS = ['workspaceId', 'apiKeyId', 'model', 'serviceTier', 'contextWindow'] as const

/** One spelling for what the truth leaves null and the two generations have their own words for. */
function labelKey(values: readonly string[]): string {
  return values.map((value) => (['default', DEFAULT_WORKSPACE, 'none'].includes(value) ? 'null' : value)).join('|')
}

function sumPico(rows: readonly { readonly pico: bigint }[] | null): bigint {
  return (rows ?? []).reduce((total, { pico }) => total + pico, 0n)
}

/** Every gauge and every day of the ledger against the truth. */
async function expectTruth(world: World): Promise<void> {
  const { organizations } = await world.view()
  const [figures] = organizations
  const end = TODAY + DAY_MS
  expect(sumTokens(figures?.usageToday ?? null)).toEqual(trueUsage(world, TODAY, end).tokens)
  expect(sumTokens(figures?.usageMonthToDate ?? null)).toEqual(trueUsage(world, MONTH, end).tokens)
  expect(sumPico(figures?.billedToday ?? null)).toBe(trueCost(world, TODAY, end))
  expect(sumPico(figures?.billedMonthToDate ?? null)).toBe(trueCost(world, MONTH, end))
  expect(sumPico(figures?.billedPreviousMonth ?? null)).toBe(trueCost(world, PREVIOUS_MONTH, MONTH))
  const used = (figures?.usageMonthToDate ?? []).filter(({ tokens }) => tokens.some((count) => count > 0n))
  expect(new Map(used.map((row) => [labelKey(Object.values(row.labels).slice(1)), sumTokens([row])]))).toEqual(
    new Map(
      [...sumTruthBy(world.api.truth, { from: MONTH, to: end }, USAGE_LABELS)].map(([key, { tokens }]) => [
        labelKey(key.split('|')),
        tokens,
      ]),
    ),
  )
  const billed = figures?.billedMonthToDate ?? []
  for (const id of new Set(billed.map(({ labels }) => labelKey([labels.workspace_id])))) {
    const ours = billed.filter(({ labels }) => labelKey([labels.workspace_id]) === id)
    expect(sumPico(ours), id).toBe(trueCost(world, MONTH, end, ({ workspaceId }) => String(workspaceId) === id))
  }
  for (let day = PREVIOUS_MONTH; day < end; day += DAY_MS) {
    expect(await storedUsage(world, day, day + DAY_MS)).toEqual(trueUsage(world, day, day + DAY_MS))
    expect(await storedCost(world, day, day + DAY_MS)).toBe(trueCost(world, day, day + DAY_MS))
  }
}

async function syncAll(world: World): Promise<void> {
  for (const report of ['directory', 'usage', 'cost'] as const) {
    expect(await world.run({ report })).toMatchObject({ result: 'ok', error: null })
  }
}

describe('60 days of an organisation', () => {
  it.each([
    { generation: 'analytics', width: '1h' },
    { generation: 'analytics', width: '1d' },
    { generation: 'legacy', width: '1h' },
    { generation: 'legacy', width: '1d' },
  ] as const)('equal the truth: $generation, $width', { timeout: 60_000 }, async ({ generation, width }) => {
    const world = await createWorld({ now: NOW, days: 60, generation, width })
    await syncAll(world)
    await expectTruth(world)
    const again = await world.run()
    expect(again).toMatchObject({ result: 'ok', changes: { added: 0, changed: 0, removed: 0 } })
    await expectTruth(world)
  })

  it('equal the truth with one bucket per page', { timeout: 60_000 }, async () => {
    const world = await createWorld({ now: NOW, days: 60, generation: 'legacy', width: '1d', pageSize: 1 })
    await syncAll(world)
    await expectTruth(world)
  })

  it('equal the truth with one row per page', { timeout: 60_000 }, async () => {
    const world = await createWorld({ now: NOW, days: 3, generation: 'analytics', width: '1d', pageSize: 1 })
    const range = { from: TODAY - 2 * DAY_MS, to: TODAY + DAY_MS }
    expect(await world.run({ range })).toMatchObject({ result: 'ok' })
    expect(await storedUsage(world, range.from, range.to)).toEqual(trueUsage(world, range.from, range.to))
  })

  it('equal the truth minute by minute', { timeout: 60_000 }, async () => {
    const world = await createWorld({ now: NOW, days: 2, generation: 'analytics', width: '1m' })
    const range = { from: TODAY, to: TODAY + DAY_MS }
    expect(await world.run({ range })).toMatchObject({ result: 'ok' })
    expect(await storedUsage(world, range.from, range.to)).toEqual(trueUsage(world, range.from, range.to))
  })
})

describe('what the provider restates', () => {
  it.each(['analytics', 'legacy'] as const)('%s: is corrected by the next sync, up and down', async (generation) => {
    const world = await createWorld({ now: NOW, days: 60, generation })
    await syncAll(world)
    const isLate = (start: number) => start >= TODAY - DAY_MS
    world.api.truth.revise((record) => isLate(record.start) && record.model.includes('opus'), 3, 2)
    world.api.truth.revise((record) => isLate(record.start) && !record.model.includes('opus'), 1, 3)
    world.api.truth.remove((record) => record.start === TODAY + 3 * HOUR_MS)
    // The first sync after a start looks further back than the last hours.
    world.restart()
    await syncAll(world)
    await expectTruth(world)
  })

  it('an overlapping backfill and a second one change nothing', async () => {
    const world = await createWorld({ now: NOW, days: 60 })
    await syncAll(world)
    for (const from of [TODAY - 20 * DAY_MS, TODAY - 45 * DAY_MS]) {
      expect(await world.run({ range: { from, to: TODAY + DAY_MS } })).toMatchObject({
        result: 'ok',
        changes: { changed: 0, removed: 0 },
      })
    }
    await expectTruth(world)
  })

  it('a dry run tells and stores nothing', async () => {
    const world = await createWorld({ now: NOW, days: 60 })
    const dry = await world.run({ dryRun: true })
    expect(dry).toMatchObject({ id: 0, result: 'ok' })
    expect(dry.changes.added).toBeGreaterThan(1000)
    expect((await storedUsage(world, 0, NOW)).tokens.input).toBe(0n)
    expect(await world.ledger.runs({ limit: 5 })).toEqual([])
  })

  it('changing the generation never mixes the two in one bucket', async () => {
    const world = await createWorld({ now: NOW, days: 60, generation: 'auto' })
    world.api.setGenerations({ analytics: false, legacy: true })
    await syncAll(world)
    expect((await world.run()).generation).toBe('legacy')
    world.api.setGenerations({ analytics: true, legacy: false })
    world.restart()
    await syncAll(world)
    expect((await world.run()).generation).toBe('analytics')
    await expectTruth(world)
  })
})
