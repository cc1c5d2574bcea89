import { type Billing, FLAG, type ServiceTerms, type UsagePart, type UsageRecord } from '../../core/usage.ts'
import type { LineOrigin, ResponseLine, SearchLine, SyntheticLine } from './line.ts'

/** A record that may still be settled by a later line. */
export type Draft = { -readonly [Name in keyof UsageRecord]: UsageRecord[Name] }

/** What the file around a line adds to it. */
export interface FileLabels {
  readonly billing: Billing
  /** Time of the first dated line, epoch milliseconds. */
  readonly fileTime: number
  /** Stands in for the time of a line without one, epoch milliseconds. */
  readonly modifiedMs: number
  readonly agent: string
  readonly project: string
}

/** Final counts come with the stop reason; an echo may be cut, so the line it repeats is always better. */
const RANK = { echo: 0, finalEcho: 1, line: 2, finalLine: 3 } as const

/** Marks of a copy, the worst first: of several lines the one with the smallest sum gives the labels. */
const OWNER = { echo: 8, paidByOther: 4, fork: 2, sidechain: 1 } as const

export function responseRecord(line: ResponseLine, labels: FileLabels): Draft {
  const { usage, isEcho, isFinal } = line
  const record = baseRecord(line.identity, line.origin, labels)
  record.parts = usage.parts
  record.terms = usage.terms
  record.winRank = isEcho ? (isFinal ? RANK.finalEcho : RANK.echo) : isFinal ? RANK.finalLine : RANK.line
  record.rankOutput = usage.output
  record.rankTotal = Math.min(usage.total, Number.MAX_SAFE_INTEGER)
  record.reasoning = usage.reasoning
  record.recordedCost = line.costPico === null ? null : { pico: line.costPico, origin: 'client' }
  record.flags |= responseFlags(line)
  if (isEcho) record.ownerRank += OWNER.echo
  // The line that an echo repeats may be later and differ.
  record.settled = isFinal && !isEcho
  return record
}

/** A failed request: no tokens, and no model that ever ran. */
export function errorRecord(line: SyntheticLine, labels: FileLabels): Draft {
  const record = baseRecord(line.identity, line.origin, labels)
  record.parts = NO_PARTS
  record.flags |= FLAG.error
  return record
}

export function searchRecord(line: SearchLine, labels: FileLabels): Draft {
  const record = baseRecord(line.identity, line.origin, labels)
  record.parts = [{ model: 'unknown', tokens: NO_TOKENS, webSearches: line.searches }]
  record.winRank = RANK.line
  record.flags |= FLAG.notARequest
  return record
}

const NO_TOKENS = { input: 0, cacheWrite5m: 0, cacheWrite1h: 0, cacheRead: 0, output: 0 }
const NO_PARTS: readonly UsagePart[] = [{ model: 'none', tokens: NO_TOKENS, webSearches: 0 }]
const STANDARD: ServiceTerms = { speed: 'standard', usInference: false, tier: 'standard' }

function baseRecord(identity: string, origin: LineOrigin, labels: FileLabels): Draft {
  return {
    source: 'claude-code',
    identity,
    shadows: null,
    winRank: RANK.finalLine,
    rankOutput: 0,
    rankTotal: 0,
    timestamp: origin.timestamp,
    uuid: origin.uuid,
    parts: NO_PARTS,
    terms: STANDARD,
    reasoning: 0,
    unsplit: 0,
    recordedCost: null,
    flags: origin.time === null ? FLAG.guessedTime : 0,
    ownerRank: ownerRank(origin),
    time: origin.time ?? labels.modifiedMs,
    fileTime: labels.fileTime,
    session: origin.session,
    paidBy: origin.paidBy === '' ? null : origin.paidBy,
    agent: labels.agent,
    project: labels.project,
    branch: origin.branch,
    // Told by the shape of the model id, which pricing knows.
    provider: '',
    billing: labels.billing,
    settled: true,
  }
}

function ownerRank(origin: LineOrigin): number {
  return (
    (origin.paidBy === '' ? 0 : OWNER.paidByOther) +
    (origin.isFork ? OWNER.fork : 0) +
    (origin.isSidechain ? OWNER.sidechain : 0)
  )
}

function responseFlags({ usage, isFinal, isApiError }: ResponseLine): number {
  const isEmpty = usage.parts.every(hasNoTokens)
  if (isEmpty && isApiError) return FLAG.error
  return (isEmpty ? FLAG.noUsage : 0) | (isFinal ? 0 : FLAG.unfinal) | (usage.isReconciled ? 0 : FLAG.unreconciled)
}

function hasNoTokens({ tokens }: UsagePart): boolean {
  return (
    tokens.input === 0 &&
    tokens.output === 0 &&
    tokens.cacheRead === 0 &&
    tokens.cacheWrite5m === 0 &&
    tokens.cacheWrite1h === 0
  )
}
