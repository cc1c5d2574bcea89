import { beforeEach, describe, expect, it } from 'vitest'
import { NO_CHANGES, type SyncCause } from '../../../src/core/sync-run.ts'
import { DAY_MS } from '../../../src/core/time.ts'
import type { Ledger } from '../../../src/ledger/ledger.ts'
import type { RunEnd } from '../../../src/ledger/organization.ts'
import { tempLedger } from '../../support/temp.ts'
import { ledgerPathIn, runLine } from '../support/fake-io.ts'
import { homeWith } from '../support/sample.ts'

const DAY = Date.parse('2026-05-01T00:00:00Z')

const OK: Omit<RunEnd, 'endedAt'> = {
  result: 'ok',
  generation: 'legacy',
  from: DAY,
  to: DAY + 4 * DAY_MS,
  attempts: 1,
  requests: 2,
  changes: { fetched: 12_345, added: 12, changed: 3, removed: 1, unchanged: 12_329 },
  reason: null,
  error: null,
}

const FAILED: Omit<RunEnd, 'endedAt'> = {
  ...OK,
  result: 'failed',
  generation: null,
  from: DAY + 3_600_000,
  to: DAY + 7_200_000,
  attempts: 4,
  changes: NO_CHANGES,
  reason: 'auth',
  error: 'the key was refused (request req_1)\u001b[31m',
}

async function addRun(
  ledger: Ledger,
  [source, cause, startedAt]: readonly [string, SyncCause, string],
  seconds: number,
  end: Omit<RunEnd, 'endedAt'> | null,
): Promise<void> {
  const start = Date.parse(startedAt)
  const id = await ledger.startRun({ source, cause, startedAt: start })
  if (end) await ledger.endRun(id, { ...end, endedAt: start + seconds * 1_000 })
}

let home = ''

beforeEach(async () => {
  home = await homeWith([])
  const ledger = tempLedger(ledgerPathIn(home))
  await addRun(ledger, ['anthropic-cost', 'start', '2026-05-03T08:00:00Z'], 1.25, OK)
  await addRun(ledger, ['anthropic-usage:acme', 'catch_up', '2026-05-04T08:00:00Z'], 75, FAILED)
  await addRun(ledger, ['anthropic-usage', 'schedule', '2026-05-04T09:00:00Z'], 2, {
    ...OK,
    result: 'partial',
    reason: 'network',
    error: 'the connection broke',
  })
  await addRun(ledger, ['anthropic-cost', 'command', '2026-05-04T15:30:30Z'], 0, null)
  await ledger.close()
})

describe('runs', () => {
  it('shows the newest first, and why some failed', async () => {
    const { out, err, exitCode } = await runLine('runs', { home })
    expect({ err, exitCode }).toEqual({ err: '', exitCode: 0 })
    expect(out.split('\n').map((line) => line.trimEnd())).toEqual([
      'Started              Source                Cause     Range (UTC)                           Attempts  Fetched  New  Changed  Removed  Unchanged   Time  Result',
      expect.stringMatching(/^─+$/),
      '2026-05-04 17:30:30  anthropic-cost        command   –                                            0        0    0        0        0          0   30 s  running',
      '2026-05-04 11:00:00  anthropic-usage       schedule  2026-05-01 to 2026-05-05                     1   12,345   12        3        1     12,329  2.0 s  partial: network',
      expect.stringMatching(
        /^2026-05-04 10:00:00 {2}anthropic-usage:acme {2}catch up {2}2026-05-01 01:00 to 2026-05-01 02:00 +4 .* 1 min {2}failed: auth$/,
      ),
      '2026-05-03 10:00:00  anthropic-cost        start     2026-05-01 to 2026-05-05                     1   12,345   12        3        1     12,329  1.3 s  ok',
      '',
      '2026-05-04 11:00:00 anthropic-usage: network, the connection broke',
      expect.stringMatching(/^2026-05-04 10:00:00 anthropic-usage:acme: auth, the key was refused \(request req_1\)/),
      'Times      Europe/Berlin; ranges in UTC, ends excluded.',
      '',
    ])
    expect(out).not.toContain('\u001b')
  })

  it.each([
    { options: '--source anthropic-cost', ids: [4, 1] },
    { options: '--failed', ids: [3, 2] },
    { options: '--failed --top 1', ids: [3] },
    { options: '--days 1', ids: [4, 3, 2] },
    { options: '--top 2', ids: [4, 3] },
    { options: '--source nothing', ids: [] },
  ])('$options', async ({ options, ids }) => {
    const { out } = await runLine(`runs ${options} --json`, { home })
    expect(JSON.parse(out).runs.map(({ id }: { id: number }) => id)).toEqual(ids)
  })

  it('prints JSON', async () => {
    const { out } = await runLine('runs --source anthropic-usage:acme --json', { home })
    expect(JSON.parse(out)).toEqual({
      schemaVersion: 1,
      report: 'runs',
      generatedAt: '2026-05-04T17:31:00+02:00',
      timeZone: 'Europe/Berlin',
      runs: [
        {
          id: 2,
          source: 'anthropic-usage:acme',
          cause: 'catch_up',
          startedAt: '2026-05-04T10:00:00+02:00',
          endedAt: '2026-05-04T10:01:15+02:00',
          durationSeconds: 75,
          result: 'failed',
          generation: null,
          range: { from: '2026-05-01T01:00:00Z', to: '2026-05-01T02:00:00Z' },
          attempts: 4,
          requests: 2,
          changes: NO_CHANGES,
          reason: 'auth',
          error: FAILED.error,
        },
      ],
    })
  })

  it('reads beside a running exporter', async () => {
    const writer = tempLedger(ledgerPathIn(home))
    try {
      const { out } = await runLine('runs --top 1', { home })
      expect(out).toContain('anthropic-cost')
    } finally {
      await writer.close()
    }
  })

  it.each([60, 80, 120])('fits a terminal of %i columns', async (width) => {
    const { out } = await runLine('runs', { home, width })
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(width)
  })

  it('says when there is none', async () => {
    expect((await runLine('runs --source x', { home })).out).toContain('No such runs in the log')
    expect((await runLine('runs', { home: await homeWith([]) })).out).toContain('No runs in the log yet')
  })

  it.each(['--top 0', '--days x'])('refuses %s', async (options) => {
    expect((await runLine(`runs ${options}`, { home })).exitCode).toBe(2)
  })
})
