import { FLAG, type RecordedCost, type ServiceTerms, type UsageRecord } from '../../core/usage.ts'
import type { Identity, Moment } from './identity.ts'
import type { Usage } from './usage.ts'

/** A response as its entry tells it. */
export interface Draft {
  readonly key: Identity
  readonly answeredBy: AnsweringModel
  readonly moment: Moment
  readonly usage: Usage
  /** Bits of FLAG. */
  readonly flags: number
}

export interface AnsweringModel {
  /** `''` where neither the entry nor the file names one. */
  readonly provider: string
  readonly model: string
  /** False where the model is only the last one above the entry in the file. */
  readonly isExact: boolean
}

/** What all records of a transcript have in common. */
export interface TranscriptFacts
  extends Pick<UsageRecord, 'source' | 'billing' | 'agent' | 'session' | 'project' | 'ownerRank'> {
  /** Time of the first dated entry, epoch milliseconds; 0 while there is none. */
  readonly firstTime: number
}

/** Neither pi nor OpenClaw records speed, place or tier. */
const TERMS: ServiceTerms = { speed: 'standard', usInference: false, tier: 'standard' }

const COST_RANK = { none: 0, client: 1, provider: 2 } as const

/** The record of a response. `fallbackMs` (epoch milliseconds) dates it where its entry has no time. */
export function toRecord(draft: Draft, facts: TranscriptFacts, fallbackMs: number): UsageRecord {
  const { key, answeredBy, usage, moment } = draft
  const time = moment.time ?? fallbackMs
  return {
    source: facts.source,
    identity: key.identity,
    shadows: key.shadows,
    winRank: winRank(usage.cost, answeredBy.isExact),
    rankOutput: usage.output,
    rankTotal: usage.input + usage.output + usage.cacheRead + usage.cacheWrite,
    timestamp: moment.time === null ? '' : new Date(moment.time).toISOString(),
    uuid: moment.entryId,
    parts: [
      {
        model: answeredBy.model || 'unknown',
        tokens: {
          input: usage.input,
          cacheWrite5m: usage.cacheWrite - usage.cacheWrite1h,
          cacheWrite1h: usage.cacheWrite1h,
          cacheRead: usage.cacheRead,
          output: usage.output,
        },
        webSearches: 0,
      },
    ],
    terms: TERMS,
    reasoning: usage.reasoning,
    unsplit: usage.unsplit,
    recordedCost: usage.cost,
    flags: moment.time === null ? draft.flags | FLAG.guessedTime : draft.flags,
    ownerRank: facts.ownerRank,
    time,
    fileTime: facts.firstTime === 0 ? time : facts.firstTime,
    session: facts.session,
    paidBy: null,
    agent: facts.agent,
    project: facts.project,
    branch: '',
    provider: answeredBy.provider || 'unknown',
    billing: facts.billing,
    settled: true,
  }
}

/**
 * Copies of a response have equal counts. The one with a cost wins, then the one with a billed cost, then the one whose
 * file still shows which model did the work: a branch copied into a file of its own lost the leaf its summary is about.
 */
function winRank(cost: RecordedCost | null, isModelExact: boolean): number {
  return COST_RANK[cost?.origin ?? 'none'] * 2 + (isModelExact ? 1 : 0)
}
