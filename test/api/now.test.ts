import { describe, expect, it } from 'vitest'
import { readAdvice } from '../../src/advice/read.ts'
import { READS } from '../../src/api/endpoints.ts'
import { usdFromPico } from '../../src/core/money.ts'
import type { Ledger } from '../../src/ledger/ledger.ts'
import type { Snapshot } from '../../src/view/snapshot.ts'
import { budgetFigures, sampleBudget, sampleBudgets } from '../metrics/sample-budgets.ts'
import { sampleSnapshot } from '../metrics/sample-snapshot.ts'
import { appendBatches } from '../support/append.ts'
import { tempLedger } from '../support/temp.ts'
import { sourceBatch, usagePart, usageRecord } from '../support/usage-record.ts'
import { apiOn, documentOf, NOW, query } from './support.ts'

const HOUR_MS = 3_600_000
const HOSTILE = [
  '<script>alert(1)</script>',
  '`|a|b|`',
  '=cmd|calc',
  'a\u0000\u001b[31mb',
  'go\u202egnp',
  'x'.repeat(10_000),
  '__proto__',
]
const PATHS = ['/api/alerts', '/api/advice', '/api/windows'] as const
const NO_ORGANIZATIONS = { organizations: [], reconciliation: null }

interface Row {
  readonly name: string
  readonly severity: string
  readonly description: string
  readonly labels: Readonly<Record<string, string>>
  readonly runbook: string
}

interface Document {
  readonly complete: boolean
  readonly rows: readonly Row[]
}

async function read(path: (typeof PATHS)[number], snapshot: Partial<Snapshot>, ledger?: Ledger): Promise<Document> {
  const answer = await apiOn({ snapshot, ...(ledger && { ledger }) }).read(path, {}, query())
  const document = documentOf(answer)
  expect(READS[path].document.safeParse(document).error).toBeUndefined()
  return document as Document
}

const runaway = (name: string): Snapshot['active'][number] => ({
  source: 'claude-code',
  agent: name,
  project: name,
  machine: null,
  sessions: 1,
  tokensPerMinuteMax: 1e9,
  unattendedRequestsMax: 1_000_000,
})

const exceeded = (name: string, usedRatio: number) =>
  budgetFigures(sampleBudget({ name }), {
    spent: (200_000_000_000_000n * BigInt(Math.round(usedRatio * 100))) / 100n,
    usedRatio,
    state: usedRatio >= 1 ? 'exceeded' : 'warning',
    unknownReason: null,
  })

describe('/api/alerts', () => {
  it('has nothing where nothing is wrong', async () => {
    const quiet = { budgets: [], balances: [], active: [], habits: [], organizations: NO_ORGANIZATIONS }
    expect((await read('/api/alerts', quiet)).rows).toEqual([])
  })

  it('has what is true now, critical ones first, each with a page that says what to do', async () => {
    const budgets = [exceeded('early', 0.8), exceeded('over', 2)]
    const { rows } = await read('/api/alerts', { budgets, active: [runaway('Explore')], habits: [], balances: [] })
    expect(rows.map(({ severity }) => severity)).toEqual([...rows.map(({ severity }) => severity)].sort())
    expect(rows[0]?.severity).toBe('critical')
    const names = rows.map(({ name }) => name)
    expect(names).toContain('ClaudeRunawaySession')
    expect(rows.filter(({ labels }) => labels['budget'] === 'over').length).toBeGreaterThan(0)
    expect(rows.filter(({ labels }) => labels['budget'] === 'early').length).toBeGreaterThan(0)
    for (const { name, runbook } of rows) expect(runbook).toContain(`${name}.md`)
  })

  it('tells of a budget its most serious threshold only', async () => {
    const { rows } = await read('/api/alerts', { budgets: [exceeded('over', 2)], active: [], habits: [], balances: [] })
    const thresholds = rows.filter(({ name }) => /Budget(NearLimit|Exceeded)/.test(name))
    expect(thresholds).toHaveLength(1)
  })

  it('tells names as they are, in labels that belong to them', async () => {
    const { rows } = await read('/api/alerts', { budgets: [], habits: [], active: HOSTILE.map(runaway) })
    for (const name of HOSTILE) {
      expect(rows.filter(({ labels }) => Object.hasOwn(labels, 'project') && labels['project'] === name)).not.toEqual(
        [],
      )
    }
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that none of them is there is what is tested
    for (const { description } of rows) expect(description).not.toMatch(/[\u0000-\u001f]/)
  })

  it('says nothing of sessions while history is loaded', async () => {
    const { complete, rows } = await read('/api/alerts', {
      complete: false,
      budgets: [],
      balances: [],
      active: [runaway('Explore')],
      organizations: NO_ORGANIZATIONS,
    })
    expect([complete, rows]).toEqual([false, []])
  })
})

async function expensiveLedger(): Promise<Ledger> {
  const ledger = tempLedger()
  const records = HOSTILE.flatMap((name, index) =>
    ['nobody-knows-1', 'claude-opus-4-8'].map((model, half) =>
      usageRecord({
        identity: `m:${index}:${half}`,
        uuid: `u${index}${half}`,
        session: `s${index}`,
        agent: name,
        project: name,
        billing: index % 2 === 0 ? 'metered' : 'plan',
        time: NOW - (1 + index) * HOUR_MS,
        parts: [usagePart({ input: 40_000_000, cacheWrite5m: 9_000_000, output: 9_000_000 }, model)],
      }),
    ),
  )
  await appendBatches(ledger, [sourceBatch(records)], { now: NOW })
  return ledger
}

describe('/api/advice', () => {
  it('is the advice on the ledger at the instant of the snapshot, in dollars', async () => {
    const ledger = await expensiveLedger()
    const snapshot = { at: NOW, timeZone: 'UTC', budgets: sampleBudgets, active: HOSTILE.map(runaway) }
    const { rows } = await read('/api/advice', snapshot, ledger)
    const advice = await readAdvice(ledger, { ...sampleSnapshot, organizations: NO_ORGANIZATIONS, ...snapshot })
    expect(advice.length).toBeGreaterThan(0)
    const usd = (pico: bigint | null) => (pico === null ? null : usdFromPico(pico))
    expect(rows).toEqual(
      advice.map(({ savingPico, planValuePico, ...rest }) => ({
        ...rest,
        savingUsdPer30Days: usd(savingPico),
        planValueUsdPer30Days: usd(planValuePico),
      })),
    )
    expect(new Set(advice.map(({ id }) => id)).size).toBe(advice.length)
    await ledger.close()
  })

  it('gives none where there is no use, and none while history is loaded', async () => {
    const snapshot = { budgets: [], active: [], habits: [], unpriced: [], balances: [] }
    expect((await read('/api/advice', snapshot)).rows).toEqual([])
    const ledger = await expensiveLedger()
    const loading = await read('/api/advice', { ...snapshot, complete: false }, ledger)
    expect([loading.complete, loading.rows]).toEqual([false, []])
    await ledger.close()
  })
})

describe('/api/windows', () => {
  it('has every window as it was told, not cut off', async () => {
    const planWindows: Snapshot['planWindows'] = HOSTILE.map((name, index) => ({
      account: name,
      window: name,
      usedRatio: 0.5 + index,
      resetsAt: index % 2 === 0 ? NOW + HOUR_MS : null,
      observedAt: NOW - HOUR_MS,
      origin: 'statusline',
    }))
    const { rows } = await read('/api/windows', { planWindows })
    expect(rows).toEqual(
      HOSTILE.map((name, index) => ({
        account: name,
        window: name,
        usedRatio: 0.5 + index,
        resetsAt: index % 2 === 0 ? '2026-05-04T16:31:00Z' : null,
        observedAt: '2026-05-04T14:31:00Z',
        origin: 'statusline',
      })),
    )
  })

  it('are told while history is loaded: they do not follow from it', async () => {
    const { complete, rows } = await read('/api/windows', { complete: false })
    expect([complete, rows.length]).toEqual([false, sampleSnapshot.planWindows.length])
  })
})
