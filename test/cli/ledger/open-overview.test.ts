import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openOverview } from '../../../src/cli/ledger/open-overview.ts'
import { readLogs } from '../../../src/cli/sync/read-logs.ts'
import { loadConfig } from '../../../src/config/load.ts'
import { lockLedger } from '../../../src/ledger/sqlite/lock.ts'
import type { Overview } from '../../../src/overview/overview.ts'
import { readOverview } from '../../../src/overview/read.ts'
import { claudeHome } from '../support/claude-home.ts'
import { fakeIo, ledgerPathIn } from '../support/fake-io.ts'

const MODEL = 'claude-sonnet-4-5'
const CONFIG = `
budgets:
  - { name: daily, limit_usd: 0.01, period: day }
  - { name: weekly, limit_tokens: 1M, period: week }
`

function machine() {
  const io = fakeIo({
    home: claudeHome([
      { id: '1', model: MODEL, output: 2_000, time: Date.parse('2026-04-28T09:00:00Z') },
      { id: '2', model: MODEL, output: 1_000, time: Date.parse('2026-05-03T21:59:00Z') },
      { id: '3', model: MODEL, output: 4_000, time: Date.parse('2026-05-04T15:30:00Z') },
      { id: '4', model: 'mystery-1', output: 7, time: Date.parse('2026-05-04T15:30:30Z') },
    ]),
  })
  const file = join(io.home, 'config.yml')
  writeFileSync(file, CONFIG)
  return { io, load: () => loadConfig({ ...io.host, flags: new Map([['config.file', file]]) }) }
}

/** What an exporter shows that has just read the logs. */
async function shownBy(io: ReturnType<typeof fakeIo>, loaded: Awaited<ReturnType<typeof loadConfig>>) {
  const { app } = await readLogs(io, loaded)
  try {
    return await readOverview({
      snapshot: () => app.snapshot(),
      current: app.snapshot(),
      at: io.clock.now(),
      now: () => io.clock.now(),
      ledger: app.ledger,
      modelName: (id) => app.pricing.name(id).model,
      timeZone: loaded.config.timeZone,
      version: '0.1.0',
      sync: { sources: () => [], read: async () => {} },
    })
  } finally {
    await app.stop()
  }
}

async function read(io: ReturnType<typeof fakeIo>, loaded: Awaited<ReturnType<typeof loadConfig>>, sync: boolean) {
  const opened = await openOverview(io, loaded, sync)
  try {
    return { origin: opened.origin, overview: await opened.read() }
  } finally {
    await opened.close()
  }
}

/** All but how the logs were looked at. */
function figures({ sources, status, runs, claudeUsage, version, ...rest }: Overview) {
  const { lastUpdated: ignored, ...known } = status
  const { lastUpdated: alsoIgnored, ...older } = claudeUsage.claudeUsage
  return { ...rest, status: known, claudeUsage: older }
}

describe('the overview of a command', () => {
  it.each([true, false])('is that of an exporter, with the logs read first: %s', async (sync) => {
    const { io, load } = machine()
    const loaded = await load()
    const shown = await shownBy(io, loaded)
    const { origin, overview } = await read(io, loaded, sync)
    expect(origin).toBe(sync ? 'synced' : 'saved')
    expect(figures(overview)).toEqual(figures(shown))
    expect(overview.status.today?.estimatedCostUsd).toBe(0.060018)
    expect(overview.days.at(-1)).toMatchObject({ day: '2026-05-04', estimatedCostUsd: 0.060018, tokens: 4_019 })
    expect(overview.budgets.budgets.map(({ name, state }) => [name, state])).toEqual([
      ['daily', 'exceeded'],
      ['weekly', 'ok'],
    ])
    expect(overview.alerts.rows.map(({ name }) => name)).toContain('ClaudeBudgetExceeded')
    expect(overview.status.activeSessions).toBe(1)
    expect(io.err()).toBe('')
  })

  it('is read out of the ledger beside a running exporter', async () => {
    const { io, load } = machine()
    const loaded = await load()
    const shown = await shownBy(io, loaded)
    const unlock = lockLedger(ledgerPathIn(io.home))
    const { origin, overview } = await read(io, loaded, true)
    unlock()
    expect(origin).toBe('exporter')
    expect(figures(overview)).toEqual(figures(shown))
    expect(overview.sources.rows.find(({ source }) => source === 'claude-code')).toMatchObject({ linesRead: 4 })
  })
})
