import * as z from 'zod/mini'
import type { Generation } from '../../core/organization.ts'
import { SyncError } from '../../core/sync-run.ts'
import { DAY_MS, HOUR_MS } from '../../core/time.ts'
import { ANALYTICS_BETA, type Source } from './buckets.ts'
import { pageOf } from './pages.ts'
import { rfc3339 } from './wire.ts'

const KEPT_MS = DAY_MS

export type ChooseGeneration = (report: 'usage' | 'cost', source: Source) => Promise<Generation>

interface Answer {
  readonly generation: Generation
  readonly mark: string
  readonly at: number
}

/** The configured generation, or analytics where the organisation answers for it; an answer is kept for a day. */
export function createGenerationChoice(): ChooseGeneration {
  const answers = new Map<'usage' | 'cost', Answer>()
  return async (report, source) => {
    const { api, now } = source.options
    if (api !== 'auto') return api
    const mark = await source.transport.credentialMark()
    const known = answers.get(report)
    const age = known === undefined ? KEPT_MS : now() - known.at
    if (known?.mark === mark && age >= 0 && age < KEPT_MS) return known.generation
    const generation = await ask(report, source)
    answers.set(report, { generation, mark, at: now() })
    return generation
  }
}

async function ask(report: 'usage' | 'cost', { transport, options, events, signal }: Source): Promise<Generation> {
  const to = Math.floor(options.now() / HOUR_MS) * HOUR_MS
  const query = {
    starting_at: rfc3339(to - HOUR_MS),
    ending_at: rfc3339(to),
    time_bucket_width: '1h',
    limit: 1,
  }
  const endpoint = { path: `analytics/${report}`, query, headers: ANALYTICS_BETA, body: pageOf(z.unknown()) }
  try {
    await transport.get(endpoint, events, signal)
    return 'analytics'
  } catch (error) {
    const isRefused = error instanceof SyncError && ['unsupported', 'permission', 'bad_request'].includes(error.reason)
    if (isRefused) return 'legacy'
    throw error
  }
}
