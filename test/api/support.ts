import { createApi } from '../../src/api/create-api.ts'
import { ApiProblem } from '../../src/api/problem.ts'
import type { SyncParts } from '../../src/api/sync.ts'
import type { Ledger } from '../../src/ledger/ledger.ts'
import type { Body } from '../../src/lib/body.ts'
import type { Snapshot } from '../../src/view/snapshot.ts'
import { sampleSnapshot } from '../metrics/sample-snapshot.ts'
import { pricing } from '../support/append.ts'
import { tempLedger } from '../support/temp.ts'

export const NOW = Date.parse('2026-05-04T15:31:00Z')

export interface ApiOptions {
  readonly ledger?: Ledger
  readonly snapshot?: Partial<Snapshot>
  readonly sync?: Partial<SyncParts>
  readonly now?: () => number
}

const NO_ORGANIZATIONS = { organizations: [], reconciliation: null }

/** The API on a ledger, with a snapshot without organisations unless given. */
export function apiOn({ ledger = tempLedger(), snapshot = {}, sync = {}, now = () => NOW }: ApiOptions = {}) {
  return createApi({
    snapshot: () => ({ ...sampleSnapshot, organizations: NO_ORGANIZATIONS, at: now(), timeZone: 'UTC', ...snapshot }),
    ledger,
    modelName: (id) => pricing.name(id).model,
    now,
    timeZone: 'UTC',
    version: '1.2.3',
    sync: { sources: () => [], read: async () => {}, ...sync },
  })
}

export function query(text = ''): URLSearchParams {
  return new URLSearchParams(text)
}

/** The problem that a call leads to. */
export async function problemOf(call: Promise<unknown>): Promise<ApiProblem> {
  try {
    await call
  } catch (error) {
    if (error instanceof ApiProblem) return error
    throw error
  }
  throw new Error('there was an answer')
}

export function documentOf({ bytes }: Pick<Body, 'bytes'>): unknown {
  return JSON.parse(bytes.toString())
}
