import { describe, expect, it } from 'vitest'
import { PICO_PER_USD } from '../../../src/core/money.ts'
import type { ApiUsageRow, BilledCostRow } from '../../../src/core/organization.ts'
import { DAY_MS } from '../../../src/core/time.ts'
import type { Window } from '../../../src/ledger/organization.ts'
import { tempLedger } from '../../support/temp.ts'
import { ledgerPathIn, runLine } from '../support/fake-io.ts'
import { homeWith, SAMPLE, type Use } from '../support/sample.ts'

const DAY = Date.parse('2026-05-01T00:00:00Z')
const NOW = Date.parse('2026-05-04T15:31:00Z')
const MILLION = 1_000_000
const LABELS = { apiKeyId: 'none', model: 'claude-sonnet-4-5', serviceTier: 'standard', contextWindow: '0-200k' }

function usage(start: number, input: number, workspaceId = 'default'): ApiUsageRow {
  const tokens = { input, cacheWrite5m: 0, cacheWrite1h: 0, cacheRead: 0, output: 0 }
  return { ...LABELS, start, workspaceId, tokens, webSearches: 0, requests: null }
}

function cost(start: number, usd: bigint, more: Partial<BilledCostRow> = {}): BilledCostRow {
  return {
    ...LABELS,
    start,
    workspaceId: 'default',
    costType: 'tokens',
    tokenType: 'input',
    description: '',
    amountPico: usd * PICO_PER_USD,
    listPico: usd * PICO_PER_USD,
    ...more,
  }
}

/** Four days, of which the last is not over: as estimated, with others, with a discount. */
async function homeWithOrganization(uses: readonly Use[] = USES): Promise<string> {
  const home = await homeWith(uses)
  const ledger = tempLedger(ledgerPathIn(home))
  const window = <Row>(rows: readonly Row[]): Window<Row> => ({
    organization: 'default',
    generation: 'legacy',
    widthMs: DAY_MS,
    from: DAY,
    to: DAY + 4 * DAY_MS,
    completeTo: NOW - 300_000,
    readAt: NOW,
    rows,
  })
  await ledger.replaceUsage(
    window([
      usage(DAY, MILLION),
      usage(DAY + DAY_MS, MILLION),
      usage(DAY + DAY_MS, 2 * MILLION, 'wrkspc_1'),
      usage(DAY + 2 * DAY_MS, MILLION),
    ]),
  )
  await ledger.replaceCost(
    window([
      cost(DAY, 3n),
      cost(DAY + DAY_MS, 3n),
      cost(DAY + DAY_MS, 6n, { workspaceId: 'wrkspc_1' }),
      cost(DAY + 2 * DAY_MS, 2n, { listPico: 3n * PICO_PER_USD }),
    ]),
  )
  const workspaces = [{ id: 'wrkspc_1', name: 'Research\u001b[31m', status: 'active' } as const]
  const directory = { id: 'o', name: 'Acme', workspaces, apiKeys: [], rateLimits: [], spendLimits: null }
  await ledger.saveDirectory('default', directory, NOW)
  await ledger.close()
  return home
}

const USES: readonly Use[] = [0, 1, 2].map((day) => ({
  at: new Date(DAY + day * DAY_MS + 3_600_000).toISOString(),
  model: 'claude-sonnet-4-5',
  provider: 'anthropic',
  tokens: { input: MILLION },
}))

describe('reconcile', () => {
  it('holds the estimate against the bill, with reasons', async () => {
    const { out, err, exitCode } = await runLine('reconcile --since 2026-05-01 --no-sync', {
      home: await homeWithOrganization(),
    })
    expect({ err, exitCode }).toEqual({ err: '', exitCode: 0 })
    expect(out.split('\n').map((line) => line.trimEnd())).toEqual([
      'Estimated and billed cost  2026-05-01 to 2026-05-04, UTC',
      '',
      'UTC day     Estimate  API tokens  Billed   Ratio  State       Unexplained  Reasons',
      '───────────────────────────────────────────────────────────────────────────────────────────────',
      '2026-05-01     $3.00       $3.00   $3.00  100.0%  may change',
      '2026-05-02     $3.00       $9.00   $9.00   33.3%  may change               unsettled, other use',
      '2026-05-03     $3.00       $3.00   $2.00  150.0%  may change               unsettled, discount',
      '2026-05-04     $0.00       $0.00   $0.00       –  may change',
      '───────────────────────────────────────────────────────────────────────────────────────────────',
      'Total          $9.00      $15.00  $14.00   64.3%  0 settled',
      '',
      'unsettled (2 days): the provider may still change the figures of the day.',
      'other use (1 day, -$6.00, 2,000,000 tokens; claude-sonnet-4-5-20250929): the organisation used more than this',
      "  machine's session logs show: other machines, programs or logs not read.",
      'discount (1 day, +$1.00): the bill is not at list price.',
      'Freshness  cost complete to 2026-05-04 15:26 (read 2026-05-04 15:31); usage complete to 2026-05-04 15:26 (read',
      '           2026-05-04 15:31); newest response 2026-05-03 01:00; all UTC.',
      '',
    ])
  })

  it('shows the workspaces by name, safe for a terminal', async () => {
    const { out } = await runLine('reconcile --days 4 --by workspace --no-sync', { home: await homeWithOrganization() })
    expect(out).toMatch(/^2026-05-02 .*\n {2}default +– +\$3\.00 +\$3\.00.*\n {2}Research\S* +– +\$6\.00 +\$6\.00/m)
    expect(out).not.toContain('\u001b')
    expect(out).toContain('Workspaces session logs know none')
  })

  it.each([60, 80, 100])('fits a terminal of %i columns', async (width) => {
    const home = await homeWithOrganization()
    const { out } = await runLine('reconcile --days 5 --by workspace --no-sync', { home, width })
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(width)
  })

  it('says which days have not been read', async () => {
    const { out } = await runLine('reconcile --days 6 --no-sync', { home: await homeWithOrganization() })
    expect(out).toMatch(/^2026-04-29 +\$0\.00 +– +– +– +not read +not covered$/m)
    expect(out).toMatch(/^Total of 4 days /m)
    expect(out).toContain('without the 2 days whose cost has not been read.')
  })

  it('prints exact numbers as JSON', async () => {
    const { out } = await runLine('reconcile --since 2026-05-02 --until 2026-05-03 --by workspace --json --no-sync', {
      home: await homeWithOrganization(),
    })
    const document = JSON.parse(out)
    expect(document).toMatchObject({
      schemaVersion: 1,
      report: 'reconcile',
      timeZone: 'UTC',
      organizationConfigured: false,
      costCompleteTo: '2026-05-04T00:00:00Z',
      totals: {
        days: 2,
        settledDays: 0,
        estimatedCostUsd: 6,
        apiTokensAtListPriceUsd: 12,
        billedUsd: 11,
        ratio: 6 / 11,
        unexplainedUsd: 0,
      },
    })
    expect(document.days[0]).toMatchObject({
      day: '2026-05-02',
      estimatedCostUsd: 3,
      billedUsd: 9,
      tokens: MILLION,
      apiTokens: 3 * MILLION,
      settled: false,
      reasons: [
        { reason: 'unsettled', differenceUsd: null },
        { reason: 'other_use', differenceUsd: -6, tokens: 2 * MILLION, models: ['claude-sonnet-4-5-20250929'] },
      ],
      workspaces: [
        { workspace: 'default', name: null, billedUsd: 3 },
        { workspace: 'wrkspc_1', name: 'Research\u001b[31m', billedUsd: 6 },
      ],
    })
  })

  it('counts a day as settled when it was read late enough', async () => {
    const { out } = await runLine('reconcile --days 4 --no-sync --json --admin-api.settle-after 1d', {
      home: await homeWithOrganization(),
    })
    const { days } = JSON.parse(out)
    expect(days.map(({ settled }: { settled: boolean }) => settled)).toEqual([true, true, false, false])
  })

  it('says plainly that there are no organisation data, and how to get them', async () => {
    const { out, exitCode } = await runLine('reconcile --no-sync', { home: await homeWith(SAMPLE) })
    expect(exitCode).toBe(0)
    expect(out).toContain('No organisation data from 2026-04-21 to 2026-05-04')
    expect(out).toContain('ANTHROPIC_ADMIN_KEY')
    expect(out).toMatch(/Session logs: \$\d/)
  })

  it('says what to look at where an organisation is configured but not read', async () => {
    const { out } = await runLine('reconcile --no-sync --admin-api.key-file /none', { home: await homeWith(SAMPLE) })
    expect(out).toContain('none of these days has been read')
    expect(out).toContain('claude-usage-exporter runs')
  })

  it.each([
    { line: '--days 0', message: 'Give a number of days from 1 on' },
    { line: '--since May', message: '--since needs a UTC day (got May)' },
    { line: '--until 2026-02-30', message: '--until needs a UTC day (got 2026-02-30)' },
    { line: '--since 2026-05-03 --until 2026-05-01', message: 'The range ends before it begins' },
    { line: '--since 2026-05-03 --days 2', message: 'both say where the range begins' },
    { line: '--by model', message: 'workspace' },
  ])('refuses $line', async ({ line, message }) => {
    const { err, exitCode } = await runLine(`reconcile ${line} --no-sync`)
    expect(exitCode).toBe(2)
    expect(err).toContain(message)
  })
})
