import { describe, expect, it } from 'vitest'
import { READS } from '../../src/api/endpoints.ts'
import type { MachinesDocument } from '../../src/api/schema/lists.ts'
import { machineState } from '../../src/core/machine-state.ts'
import type { Ledger } from '../../src/ledger/ledger.ts'
import type { MachineRow } from '../../src/ledger/machines.ts'
import { appendBatches } from '../support/append.ts'
import { tempLedger } from '../support/temp.ts'
import { sourceBatch, usagePart, usageRecord } from '../support/usage-record.ts'
import { apiOn, documentOf, NOW, query } from './support.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const HOSTILE = '<script>=cmd|`\u0000'

/** A ledger with use of its own machine, which tells of these machines, too. */
async function ledgerWith(machines: (own: string) => readonly MachineRow[]): Promise<Ledger> {
  const ledger = tempLedger()
  const record = usageRecord({ identity: 'm:1', time: NOW - HOUR_MS, parts: [usagePart({ output: 700 })] })
  await appendBatches(ledger, [sourceBatch([record])], { now: NOW })
  const rows = machines(ledger.machine)
  return {
    ...ledger,
    machines: async () => rows,
    freeze: async () => {
      const frozen = await ledger.freeze()
      return { ...frozen, ledger: { ...frozen.ledger, machines: async () => rows } }
    },
  }
}

function machine(name: string, values: Partial<MachineRow> = {}): MachineRow {
  return { name, version: '1.0.0', seenAt: NOW, readAt: NOW, newestAt: NOW - HOUR_MS, ...values }
}

async function read(ledger: Ledger, text = ''): Promise<MachinesDocument> {
  const document = documentOf(await apiOn({ ledger }).read('/api/machines', {}, query(text)))
  const parsed = READS['/api/machines'].document.safeParse(document)
  expect(parsed.error).toBeUndefined()
  return document as MachinesDocument
}

describe('/api/machines', () => {
  it('has machines with and without use, the most expensive first, and how they do', async () => {
    const ledger = await ledgerWith((own) => [
      machine(HOSTILE, { seenAt: NOW - 8 * DAY_MS, readAt: NOW - 8 * DAY_MS, newestAt: null }),
      machine(own),
      machine('central', { readAt: null, newestAt: null }),
    ])
    const { rows, totals } = await read(ledger)
    expect(rows.map(({ machine: name, state, requests }) => [name, state, requests])).toEqual([
      [ledger.machine, 'ok', 1],
      [HOSTILE, 'silent', 0],
      ['central', 'ok', 0],
    ])
    expect(rows[0]).toMatchObject({ version: '1.0.0', lastSeen: '2026-05-04T15:31:00Z', sessions: 1 })
    expect(rows[2]).toMatchObject({ lastRead: null, newestResponse: null, estimatedCostUsd: 0 })
    expect(totals?.tokens.total).toBe(rows.reduce((sum, { tokens }) => sum + tokens.total, 0))
  })

  it('has no machine without use where something else is filtered by', async () => {
    const ledger = await ledgerWith((own) => [machine(own), machine('idle')])
    expect((await read(ledger, 'source=openclaw')).rows).toEqual([])
    expect((await read(ledger, 'machine=idle')).rows.map((row) => row.machine)).toEqual(['idle'])
    expect((await read(ledger, `machine=${ledger.machine}`)).rows.map((row) => row.machine)).toEqual([ledger.machine])
  })

  it('says that it knows nothing but the use of a machine that is gone from the ledger', async () => {
    const ledger = await ledgerWith(() => [])
    expect((await read(ledger)).rows).toMatchObject([{ state: 'unknown', version: null, lastSeen: null, requests: 1 }])
  })
})

describe('use by machine', () => {
  it('is a grouping and a filter of the API', async () => {
    const ledger = await ledgerWith((own) => [machine(own)])
    const api = apiOn({ ledger })
    const summary = documentOf(await api.read('/api/usage/summary', {}, query('by=machine&days=1'))) as {
      providers: { groups: { group: Record<string, string>; requests: number }[] }[]
    }
    expect(summary.providers.flatMap(({ groups }) => groups ?? [])).toMatchObject([
      { group: { machine: ledger.machine }, requests: 1 },
    ])
    const none = documentOf(await api.read('/api/projects', {}, query('machine=elsewhere'))) as { rows: unknown[] }
    expect(none.rows).toEqual([])
  })
})

describe('the state of a machine', () => {
  it.each([
    { what: 'only known by its use', signs: null, state: 'unknown' },
    { what: 'seen and read now', signs: { seenAt: NOW, readAt: NOW }, state: 'ok' },
    { what: 'seen at the limit', signs: { seenAt: NOW - 1_000_000, readAt: NOW - 1_000_000 }, state: 'ok' },
    { what: 'seen beyond it', signs: { seenAt: NOW - 1_000_001, readAt: NOW - 1_000_001 }, state: 'silent' },
    { what: 'read an hour before', signs: { seenAt: NOW, readAt: NOW - HOUR_MS }, state: 'ok' },
    { what: 'read longer before', signs: { seenAt: NOW, readAt: NOW - HOUR_MS - 1 }, state: 'stale' },
    { what: 'never read', signs: { seenAt: NOW, readAt: null }, state: 'ok' },
  ])('that is $what is $state', ({ signs, state }) => {
    expect(machineState(signs, NOW, 1_000)).toBe(state)
  })
})
