import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { COLLECTORS, type Collector } from '../../src/metrics/definition.ts'
import { createExposition, type Scrape } from '../../src/metrics/exposition.ts'
import { Health } from '../../src/metrics/health.ts'
import type { Snapshot } from '../../src/view/snapshot.ts'
import { healthOptions } from './health-options.ts'
import { parseSamples, seriesKey } from './parse-text.ts'
import { sampleSnapshot } from './sample-snapshot.ts'

const everything: Scrape = { format: 'text', gzip: false, collectors: new Set(COLLECTORS) }

describe('a scrape', () => {
  it.each(['text', 'openmetrics'] as const)('has every series once in %s', async (format) => {
    const { scrape } = exporter()
    const keys = parseSamples(await scrape({ ...everything, format })).map(seriesKey)
    expect(keys.length).toBeGreaterThan(150)
    expect(new Set(keys).size).toBe(keys.length)
  })

  it('has every family in one piece', async () => {
    const { scrape } = exporter()
    const types = (await scrape(everything)).match(/^# TYPE \S+/gm) ?? []
    expect(new Set(types).size).toBe(types.length)
  })

  it('ends OpenMetrics with its end mark, and only there', async () => {
    const { scrape } = exporter()
    const text = await scrape({ ...everything, format: 'openmetrics' })
    expect(text.indexOf('# EOF')).toBe(text.length - '# EOF\n'.length)
    expect(await scrape(everything)).not.toContain('# EOF')
  })

  it('says the same compressed', async () => {
    const { scrape } = exporter()
    const stable: Scrape = { ...everything, collectors: new Set<Collector>(['usage', 'cost', 'exporter']) }
    expect(await scrape({ ...stable, gzip: true })).toBe(await scrape(stable))
  })

  it.each([
    { collectors: ['cost'], families: /^claude_(owner_)?(estimated|plan|unlogged)_(cost|value)/ },
    { collectors: ['process'], families: /^(process|nodejs)_/ },
    { collectors: ['exporter'], families: /^claude_exporter_/ },
    {
      collectors: ['cost', 'windows'],
      families: /^claude_((owner_)?(estimated_cost|plan_value)|unlogged_cost|tokens_(today|7d|month))/,
    },
  ] as const)('of $collectors has only their families', async ({ collectors, families }) => {
    const { scrape } = exporter()
    const samples = parseSamples(await scrape({ ...everything, collectors: new Set<Collector>(collectors) }))
    expect(samples.length).toBeGreaterThan(0)
    expect(samples.filter(({ name }) => !families.test(name))).toEqual([])
  })

  it('of nothing is empty, but complete', async () => {
    const { scrape } = exporter()
    expect(await scrape({ ...everything, collectors: new Set() })).toBe('')
    expect(await scrape({ ...everything, collectors: new Set(), format: 'openmetrics' })).toBe('# EOF\n')
  })
})

describe('the rendering', () => {
  it('is shared by scrapes at the same time and later, until the snapshot changes', async () => {
    const { scrape, reads, show } = exporter()
    await Promise.all([scrape(everything), scrape(everything), scrape({ ...everything, gzip: true })])
    await scrape(everything)
    expect(reads()).toBe(1)
    show({ version: 2 })
    await scrape(everything)
    expect(reads()).toBe(2)
  })

  it('follows the snapshot', async () => {
    const { scrape, show } = exporter()
    expect(await scrape(everything)).toContain('claude_exporter_held_requests 2\n')
    show({ version: 2, ledger: { ...sampleSnapshot.ledger, held: 5 } })
    expect(await scrape(everything)).toContain('claude_exporter_held_requests 5\n')
    expect(await scrape({ ...everything, gzip: true })).toContain('claude_exporter_held_requests 5\n')
  })

  it('is right for every choice of collectors, also beyond what is remembered', async () => {
    const { scrape } = exporter()
    const choices = COLLECTORS.flatMap((a) => COLLECTORS.map((b) => new Set<Collector>([a, b])))
    for (const collectors of [...choices, ...choices.slice(0, 3)]) {
      const text = await scrape({ ...everything, collectors })
      expect(text.includes('claude_plan_value_usd_total{')).toBe(collectors.has('cost'))
      expect(text.includes('claude_active_sessions{')).toBe(collectors.has('sessions'))
    }
  })

  it('tells what the exporter did since the last scrape', async () => {
    const { scrape, health } = exporter()
    await scrape(everything)
    health.syncStarted('pi')
    expect(await scrape(everything)).toContain('claude_exporter_syncs_total{source="pi"} 1\n')
  })
})

/** An exporter whose snapshot can be changed, and which tells how often the counters of a snapshot were read. */
function exporter() {
  let reads = 0
  let current = watched(sampleSnapshot)
  const health = new Health(healthOptions)
  const exposition = createExposition({ snapshot: () => current, health })

  function watched(snapshot: Snapshot): Snapshot {
    return {
      ...snapshot,
      get sessionsStarted() {
        reads += 1
        return snapshot.sessionsStarted
      },
    }
  }

  return {
    health,
    reads: () => reads,
    show: (change: Partial<Snapshot>) => {
      current = watched({ ...sampleSnapshot, ...change })
    },
    scrape: async (scrape: Scrape) => {
      const body = await exposition(scrape)
      return (scrape.gzip ? gunzipSync(body) : body).toString()
    },
  }
}
