import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { PICO_PER_USD } from '../../../src/core/money.ts'
import type { BilledCostRow } from '../../../src/core/organization.ts'
import { DAY_MS } from '../../../src/core/time.ts'
import { tempLedger } from '../../support/temp.ts'
import { ledgerPathIn, runLine } from '../support/fake-io.ts'
import { homeWith, type Use } from '../support/sample.ts'

const DAY = Date.parse('2026-05-01T00:00:00Z')
const NOW = Date.parse('2026-05-04T15:31:00Z')
const HOSTILE = '=cmd|<script>`'

const USES: readonly Use[] = [
  { at: '2026-04-30T21:59:59Z', project: 'web', model: 'claude-sonnet-4-5', tokens: { input: 1_000_000 } },
  { at: '2026-04-30T22:00:00Z', project: 'web', model: 'claude-sonnet-4-5', tokens: { input: 1_000_001 } },
  { at: '2026-05-02T10:00:00Z', project: 'web', session: 's2', model: 'claude-sonnet-4-5', tokens: { input: 333_333 } },
  {
    at: '2026-05-03T10:00:00Z',
    project: 'blog\u001b[2J',
    session: 's3',
    model: 'claude-sonnet-4-5',
    tokens: { input: 7 },
  },
  { at: '2026-05-03T11:00:00Z', project: 'web', session: 's2', model: 'nobody-knows', tokens: { input: 50 } },
]

function cost(start: number, amountPico: bigint, more: Partial<BilledCostRow> = {}): BilledCostRow {
  return {
    start,
    workspaceId: 'wrkspc_1',
    apiKeyId: 'none',
    model: 'claude-sonnet-4-5',
    serviceTier: 'standard',
    contextWindow: '0-200k',
    costType: 'tokens',
    tokenType: 'input',
    description: '',
    amountPico,
    listPico: null,
    ...more,
  }
}

const RULES = `
  - {project: web, owner: "${HOSTILE}", team: platform, until: 2026-05-01}
  - {project: web, owner: ada, team: platform, cost_center: "4711", since: 2026-05-02}
  - {workspace: Research, owner: ada, team: platform, cost_center: "4711"}`

async function homeOf({ rules = RULES, share = 'none', billed = true } = {}): Promise<string> {
  const home = await homeWith(USES)
  if (billed) {
    const ledger = tempLedger(ledgerPathIn(home))
    await ledger.replaceCost({
      organization: 'acme',
      generation: 'analytics',
      widthMs: DAY_MS,
      from: DAY,
      to: DAY + 2 * DAY_MS,
      completeTo: DAY + 2 * DAY_MS,
      readAt: NOW,
      rows: [
        cost(DAY, 3n * PICO_PER_USD + 1n),
        cost(DAY, 10n * PICO_PER_USD, { workspaceId: 'none', costType: 'session_usage', tokenType: 'none' }),
      ],
    })
    const workspaces = [{ id: 'wrkspc_1', name: 'Research', status: 'active' as const }]
    await ledger.saveDirectory(
      'acme',
      { id: 'o', name: 'Acme', workspaces, apiKeys: [], rateLimits: [], spendLimits: null },
      NOW,
    )
    await ledger.close()
  }
  const folder = join(home, '.config', 'claude-usage-exporter')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'config.yml'), `owners: ${rules}\nowners_share: ${share}\n`)
  return home
}

async function jsonOf(line: string, home: string) {
  const { out, err, exitCode } = await runLine(`chargeback --no-sync --format json ${line}`, { home })
  expect([exitCode, err]).toEqual([0, ''])
  return JSON.parse(out) as { months: { month: string; openBillDays: string[]; rows: Row[]; total: Row }[] }
}

interface Row {
  readonly owner: string | null
  readonly team: string | null
  readonly costCenter: string | null
  readonly allocated: boolean
  readonly exact: { estimatedCostUsd: string; billedCostUsd: string | null; sharedCostUsd: string | null }
  readonly usage?: { project: string }[]
  readonly billed?: { costType: string; exactUsd: string }[]
}

describe('chargeback', () => {
  it('charges use by the day on which it was, and shows what no rule takes', async () => {
    const { months } = await jsonOf('--month 2026-05', await homeOf())
    const [month] = months
    expect(
      month?.rows.map(({ owner, team, costCenter, exact }) => [
        owner,
        team,
        costCenter,
        exact.estimatedCostUsd,
        exact.billedCostUsd,
      ]),
    ).toEqual([
      [HOSTILE, 'platform', 'none', '3.000003', '0'],
      ['ada', 'platform', '4711', '0.999999', '3.000000000001'],
      ['unallocated', 'unallocated', 'unallocated', '0.000021', '10'],
    ])
    expect(month?.total.exact).toEqual({
      estimatedCostUsd: '4.000023',
      planValueUsd: '0',
      billedCostUsd: '13.000000000001',
      sharedCostUsd: null,
    })
    expect(month?.openBillDays).toEqual(['2026-05-03', '2026-05-04'])
  })

  it.each([
    ['owner', [HOSTILE, 'ada', 'unallocated']],
    ['team', ['platform', 'unallocated']],
    ['cost-center', ['4711', 'none', 'unallocated']],
  ])('has a row per %s where asked for', async (by, names) => {
    const { months } = await jsonOf(`--month 2026-05 --by ${by}`, await homeOf())
    const key = ({ owner: 'owner', team: 'team', 'cost-center': 'costCenter' } as const)[by as 'owner']
    expect(months[0]?.rows.map((row) => row[key])).toEqual(names)
  })

  it('tells what rows consist of, fees with their kind', async () => {
    const { months } = await jsonOf('--month 2026-05 --detail', await homeOf())
    const unallocated = months[0]?.rows.at(-1)
    expect(unallocated?.usage?.map(({ project }) => project)).toEqual(['blog\u001b[2J'])
    expect(unallocated?.billed).toMatchObject([{ costType: 'session_usage', exactUsd: '10' }])
  })

  it('shares cost of the whole organisation in a column of its own', async () => {
    const { months } = await jsonOf('--month 2026-05', await homeOf({ share: 'proportional' }))
    expect(months[0]?.rows.map(({ exact }) => [exact.billedCostUsd, exact.sharedCostUsd])).toEqual([
      ['0', '0'],
      ['3.000000000001', '10'],
      ['10', null],
    ])
    expect(months[0]?.total.exact.billedCostUsd).toBe('13.000000000001')
  })

  it('knows nothing of a bill that was never read', async () => {
    const home = await homeOf({ billed: false })
    const { months } = await jsonOf('', home)
    expect(months[0]?.total.exact.billedCostUsd).toBeNull()
    const { out } = await runLine('chargeback --no-sync', { home, width: 80 })
    expect(out).toContain('none of an organisation is known for this month')
  })

  it('is a table of at most 80 columns whose rows add up', async () => {
    const { out, exitCode } = await runLine('chargeback --no-sync --detail', { home: await homeOf(), width: 80 })
    expect(exitCode).toBe(0)
    expect(out.split('\n').filter((line) => line.length > 80)).toEqual([])
    expect(out).toContain('not over yet')
    expect(out).toContain('2026-05-03 to 2026-05-04')
    expect(out).toContain('session_usage ($10.00)')
    expect(out).not.toContain('\u001b')
    const sums = out.split('\n').filter((line) => /^(=cmd|ada|unallocated|Total)/.test(line))
    expect(sums.map((line) => line.match(/\$\d+\.\d\d(?!\d)/g)?.slice(0, 3))).toEqual([
      ['$3.00', '$0.00', '$0.00'],
      ['$1.00', '$0.00', '$3.00'],
      ['$0.00', '$0.00', '$10.00'],
      ['$4.00', '$0.00', '$13.00'],
    ])
  })

  it('says where the ledger begins after the month', async () => {
    const { out } = await runLine('chargeback --no-sync --month 2026-01', { home: await homeOf() })
    expect(out).toContain('begins on 2026-04-30: of this month no use is known')
  })

  it('says that there are no rules', async () => {
    const { out } = await runLine('chargeback --no-sync', { home: await homeOf({ rules: '[]' }) })
    expect(out).toContain('none yet: under `owners`')
    expect(out).toMatch(/unallocated +unallocated +unallocated +\$4\.00/)
  })

  it('is CSV with every digit, in which nothing is a formula', async () => {
    const home = await homeOf({ share: 'proportional' })
    const { out } = await runLine('chargeback --no-sync --month 2026-05 --output may.csv', { home })
    expect(out).toBe(`Wrote ${join(home, 'may.csv')}.\n`)
    const lines = readFileSync(join(home, 'may.csv'), 'utf8')
      .split('\n')
      .filter((line) => !line.startsWith('#'))
    expect(lines.slice(0, 4)).toEqual([
      'month,first_day,last_day,owner,team,cost_center,allocated,estimated_cost_usd,plan_value_usd,billed_cost_usd,shared_cost_usd,input_tokens,cache_write_5m_tokens,cache_write_1h_tokens,cache_read_tokens,output_tokens,requests,unpriced_tokens,projects,sessions,machines',
      `2026-05,2026-05-01,2026-05-31,'${HOSTILE},platform,none,true,3.000003,0,0,0,1000001,0,0,0,0,1,0,1,1,1`,
      '2026-05,2026-05-01,2026-05-31,ada,platform,4711,true,0.999999,0,3.000000000001,10,333383,0,0,0,0,2,50,1,1,1',
      '2026-05,2026-05-01,2026-05-31,unallocated,unallocated,unallocated,false,0.000021,0,10,,7,0,0,0,0,1,0,1,1,1',
    ])
  })

  it('gives each part of a row a line of CSV of its own with --detail, as wide as the others', async () => {
    const home = await homeOf({ share: 'proportional' })
    const { out } = await runLine('chargeback --no-sync --month 2026-05 --detail --format csv', { home })
    const rows = out
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => line.split(','))
    expect(new Set(rows.map((cells) => cells.length)).size).toBe(1)
    const kind = rows[0]?.indexOf('kind') ?? -1
    expect(rows.slice(1).map((cells) => cells[kind])).toEqual([
      'usage',
      'shared',
      'usage',
      'billed',
      'shared',
      'usage',
      'billed',
    ])
    const billed = rows[0]?.indexOf('billed_cost_usd') ?? -1
    expect(rows.slice(1).map((cells) => cells[billed])).toEqual(['', '', '', '3.000000000001', '', '', '10'])
    expect(out).not.toContain('\u001b')
  })

  it('replaces no file, and leaves none behind when it fails', async () => {
    const home = await homeOf()
    writeFileSync(join(home, 'x.json'), 'mine')
    const refused = await runLine('chargeback --no-sync --output x.json', { home })
    expect([refused.exitCode, readFileSync(join(home, 'x.json'), 'utf8')]).toEqual([2, 'mine'])
    const wrong = await runLine('chargeback --no-sync --month 2031-01', { home })
    expect([wrong.exitCode, wrong.err]).toEqual([2, expect.stringContaining('has not begun yet')])
    await runLine('chargeback --no-sync --output x.json --force', { home })
    expect(JSON.parse(readFileSync(join(home, 'x.json'), 'utf8'))).toMatchObject({
      schemaVersion: 1,
      report: 'chargeback',
    })
  })
})
