import { compareInt, type Int } from './integer.ts'
import type { Measures } from './measures.ts'
import type { Billing, SourceName } from './usage.ts'

/** What decides whose numbers stand for a response, from one line of a log. */
export interface NumbersRank {
  readonly winRank: number
  readonly rankOutput: number
  readonly rankTotal: number
  /** Epoch milliseconds of the line. */
  readonly time: number
  readonly uuid: string
}

/** What decides whose labels stand for a response, and those labels. */
export interface OwnerSide {
  readonly ownerRank: number
  readonly time: number
  readonly fileTime: number
  readonly session: string
  readonly agent: string
  readonly project: string
  readonly branch: string
  readonly billing: Billing
}

/** A part of a response with its price: the tokens of one model under one rate. */
export interface PricedPart {
  /** Canonical id. */
  readonly model: string
  /** Id as logged. */
  readonly modelId: string
  readonly provider: string
  /** `''` where no rate applies. */
  readonly rate: string
  readonly costOrigin: 'calculated' | 'recorded' | 'none'
  readonly values: Measures
}

export interface NumbersSide extends NumbersRank {
  readonly flags: number
  readonly parts: readonly PricedPart[]
}

/** One response as far as the lines read so far tell. */
export interface Response {
  readonly source: SourceName
  readonly identity: string
  readonly shadows: string | null
  readonly numbers: NumbersSide
  readonly owner: OwnerSide
  /** Earliest time of all its lines, epoch milliseconds. */
  readonly time: number
  readonly timeGuessed: boolean
  readonly paidBy: string | null
  readonly settled: boolean
}

/**
 * Positive when `a` is the better line for the numbers. The order is: complete over incomplete, larger output, larger
 * sum of the counts, later line, larger line id. A whole line wins, because fields of different lines need not belong
 * to the same state of the response.
 */
export function compareNumbers(a: NumbersRank, b: NumbersRank): number {
  return (
    a.winRank - b.winRank ||
    a.rankOutput - b.rankOutput ||
    a.rankTotal - b.rankTotal ||
    a.time - b.time ||
    compareText(a.uuid, b.uuid)
  )
}

/** The last resort that makes the order total: the numbers themselves. */
export function compareValues(a: readonly Int[], b: readonly Int[]): number {
  for (let index = 0; index < a.length; index++) {
    const order = compareInt(a[index] ?? 0, b[index] ?? 0)
    if (order !== 0) return order
  }
  return 0
}

/** Negative when `a` is the better line for the labels: the original before its copies, then the earlier. */
export function compareOwners(a: OwnerSide, b: OwnerSide): number {
  return (
    a.ownerRank - b.ownerRank ||
    a.time - b.time ||
    a.fileTime - b.fileTime ||
    compareText(a.session, b.session) ||
    compareAgents(a.agent, b.agent) ||
    compareText(a.project, b.project) ||
    compareText(a.branch, b.branch) ||
    compareText(a.billing, b.billing)
  )
}

/** The session that paid where a line names it (the smallest name, should lines disagree), else the owner's. */
export function earlierPayer(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b
  return a <= b ? a : b
}

/** The earlier of two times; one that stands in for a missing time gives way to a real one. */
export function earlierTime(
  a: { readonly time: number; readonly timeGuessed: boolean },
  b: { readonly time: number; readonly timeGuessed: boolean },
): { readonly time: number; readonly timeGuessed: boolean } {
  if (a.timeGuessed !== b.timeGuessed) return a.timeGuessed ? b : a
  return a.time <= b.time ? a : b
}

function compareAgents(a: string, b: string): number {
  if (a === b) return 0
  if (a === 'none') return -1
  return b === 'none' ? 1 : compareText(a, b)
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
