import { describe, expect, it } from 'vitest'
import { PICO_PER_USD } from '../../../src/core/money.ts'
import type { ApiUsageRow, BilledCostRow } from '../../../src/core/organization.ts'
import { DAY_MS } from '../../../src/core/time.ts'
import { tempLedger } from '../../support/temp.ts'
import { ledgerPathIn, runLine } from '../support/fake-io.ts'
import { homeWith } from '../support/sample.ts'

const DAY = Date.parse('2026-03-01T00:00:00Z')
const LABELS = { workspaceId: 'default', apiKeyId: 'none', model: 'm', serviceTier: 'standard', contextWindow: 'none' }

function usage(start: number, input: number, requests: number | null): ApiUsageRow {
  const tokens = { input, cacheWrite5m: 0, cacheWrite1h: 0, cacheRead: 0, output: 2 }
  return { ...LABELS, start, tokens, webSearches: 1, requests }
}

function cost(start: number, amountPico: bigint, listPico: bigint | null): BilledCostRow {
  return { ...LABELS, start, costType: 'tokens', tokenType: 'input', description: '=Input, all', amountPico, listPico }
}

async function homeWithReports(): Promise<string> {
  const home = await homeWith([])
  const ledger = tempLedger(ledgerPathIn(home))
  const span = { organization: 'acme', generation: 'legacy', widthMs: DAY_MS, from: DAY, to: DAY + 3 * DAY_MS } as const
  const window = { ...span, completeTo: DAY + 3 * DAY_MS, readAt: DAY + 3 * DAY_MS }
  await ledger.replaceUsage({ ...window, rows: [usage(DAY, 5, 7), usage(DAY + 2 * DAY_MS, 6, null)] })
  const rows = [cost(DAY, 3n * PICO_PER_USD, null), cost(DAY + 2 * DAY_MS, -1n, 5n)]
  await ledger.replaceCost({ ...window, rows })
  await ledger.close()
  return home
}

async function exported(line: string): Promise<string[]> {
  const { out, err, exitCode } = await runLine(`export --output - --no-header --no-sync ${line}`, {
    home: await homeWithReports(),
  })
  expect({ err, exitCode }).toEqual({ err: '', exitCode: 0 })
  return out.trimEnd().split('\n')
}

describe('export of what organisations are told', () => {
  it('has the bill per UTC day and label, credits and unknown list prices too', async () => {
    expect(await exported('--type billed --days all')).toEqual([
      'day,organization,workspace,model,cost_type,token_type,description,billed_cost_usd,list_cost_usd',
      '2026-03-01,acme,default,m,tokens,input,"\'=Input, all",3,',
      '2026-03-03,acme,default,m,tokens,input,"\'=Input, all",-0.000000000001,0.000000000005',
    ])
  })

  it('has the tokens the provider counted, requests where it tells them', async () => {
    expect(await exported('--type api --since 2026-03-01 --until 2026-03-31 --by day')).toEqual([
      'day,input_tokens,cache_write_5m_tokens,cache_write_1h_tokens,cache_read_tokens,output_tokens,total_tokens,requests,web_searches',
      '2026-03-01,5,0,0,0,2,7,7,1',
      '2026-03-03,6,0,0,0,2,8,,1',
    ])
  })

  it('adds up over the range without days', async () => {
    expect((await exported('--type api --days all --by organization'))[1]).toBe('acme,11,0,0,0,4,15,,2')
  })

  it('has no rows of days outside', async () => {
    expect(await exported('--type billed --since 2026-03-02 --until 2026-03-02')).toHaveLength(1)
  })
})
