import type { TokenCounts, UsagePart } from '../../core/usage.ts'
import type { CountCheck } from '../lib/counts.ts'
import type { CacheWrites } from './cache-writes.ts'
import { type IterationEntry, readIterationEntry } from './iteration-entry.ts'

/** A response takes a few turns inside the API; more entries than this are no account of them. */
const ENTRIES_LIMIT = 256

export interface PartsOfResponse {
  /** Never empty; the first belongs to the model of the response. */
  readonly parts: readonly UsagePart[]
  readonly isReconciled: boolean
}

/**
 * Divides a response by `usage.iterations`, the turns it took inside the API. Entries of type `message` and
 * `fallback_message` make up the counts of the response; `compaction` and `advisor_message` are billed on top of them
 * (https://docs.claude.com/en/docs/build-with-claude/compaction), unless only all entries together make them up.
 * Where neither adds up, the counts of the response stand alone.
 */
export function divideResponse(response: UsagePart, iterations: unknown, check: CountCheck): PartsOfResponse {
  if (iterations === undefined || iterations === null) return { parts: [response], isReconciled: true }
  const entries = readEntries(iterations, response.model, check)
  if (entries === null) return { parts: [response], isReconciled: false }
  if (entries.length === 0) return { parts: [response], isReconciled: true }
  const turns = entries.filter((entry) => !entry.isExtra)
  if (addsUp(turns, response.tokens)) {
    const extras = entries.filter((entry) => entry.isExtra)
    return { parts: divided(response, turns, extras), isReconciled: true }
  }
  if (addsUp(entries, response.tokens)) return { parts: divided(response, entries, []), isReconciled: true }
  return { parts: [response], isReconciled: false }
}

function readEntries(iterations: unknown, model: string, check: CountCheck): IterationEntry[] | null {
  if (!Array.isArray(iterations) || iterations.length > ENTRIES_LIMIT) return null
  const entries: IterationEntry[] = []
  for (const value of iterations) {
    const entry = readIterationEntry(value, model, check)
    if (entry === null) return null
    entries.push(entry)
  }
  return entries
}

type Count = 'input' | 'output' | 'cacheRead' | 'cacheWrite'

/** Whether the entries are the whole response, in every count that at least one of them has. */
function addsUp(entries: readonly IterationEntry[], whole: TokenCounts): boolean {
  const matches = (count: Count, expected: number) =>
    (entries.length > 0 && lacks(entries, count)) || sum(entries, count) === expected
  return (
    matches('input', whole.input) &&
    matches('output', whole.output) &&
    matches('cacheRead', whole.cacheRead) &&
    matches('cacheWrite', whole.cacheWrite5m + whole.cacheWrite1h)
  )
}

function lacks(entries: readonly IterationEntry[], count: Count): boolean {
  return entries.every((entry) => entry[count] === null)
}

function sum(entries: readonly IterationEntry[], count: Count): number {
  return entries.reduce((total, entry) => total + (entry[count] ?? 0), 0)
}

/** One part per entry, because each is priced by the length of its own prompt. */
function divided(
  response: UsagePart,
  turns: readonly IterationEntry[],
  extras: readonly IterationEntry[],
): readonly UsagePart[] {
  const parts = [...turnParts(turns, response.tokens.cacheWrite1h), ...extras.map((entry) => part(entry, entry.split))]
  const homeIndex = parts.findIndex(({ model }) => model === response.model)
  const home = homeIndex === -1 ? NO_TOKENS : (parts.splice(homeIndex, 1)[0]?.tokens ?? NO_TOKENS)
  const tokens = turns.length === 0 ? home : withLeftovers(home, response.tokens, turns)
  return [{ ...response, tokens }, ...parts.filter((other) => total(other.tokens) > 0)]
}

/** Turns without a split of their own share what the split of the response has left, one hour first. */
function turnParts(turns: readonly IterationEntry[], oneHourTotal: number): UsagePart[] {
  let oneHourLeft = turns.reduce((left, { split }) => left - (split?.oneHour ?? 0), oneHourTotal)
  return turns.map((entry) => {
    if (entry.split !== null) return part(entry, entry.split)
    const writes = entry.cacheWrite ?? 0
    const oneHour = Math.max(0, Math.min(writes, oneHourLeft))
    oneHourLeft -= oneHour
    return part(entry, { fiveMinutes: writes - oneHour, oneHour })
  })
}

function part(entry: IterationEntry, split: CacheWrites | null): UsagePart {
  const tokens = {
    input: entry.input ?? 0,
    cacheWrite5m: split?.fiveMinutes ?? entry.cacheWrite ?? 0,
    cacheWrite1h: split?.oneHour ?? 0,
    cacheRead: entry.cacheRead ?? 0,
    output: entry.output ?? 0,
  }
  return { model: entry.model, tokens, webSearches: 0 }
}

const NO_TOKENS: TokenCounts = { input: 0, cacheWrite5m: 0, cacheWrite1h: 0, cacheRead: 0, output: 0 }

/** A count that no turn has stays with the model of the response. */
function withLeftovers(home: TokenCounts, whole: TokenCounts, turns: readonly IterationEntry[]): TokenCounts {
  const hasWrites = !lacks(turns, 'cacheWrite')
  return {
    input: lacks(turns, 'input') ? home.input + whole.input : home.input,
    cacheWrite5m: hasWrites ? home.cacheWrite5m : home.cacheWrite5m + whole.cacheWrite5m,
    cacheWrite1h: hasWrites ? home.cacheWrite1h : home.cacheWrite1h + whole.cacheWrite1h,
    cacheRead: lacks(turns, 'cacheRead') ? home.cacheRead + whole.cacheRead : home.cacheRead,
    output: lacks(turns, 'output') ? home.output + whole.output : home.output,
  }
}

function total(tokens: TokenCounts): number {
  return tokens.input + tokens.cacheWrite5m + tokens.cacheWrite1h + tokens.cacheRead + tokens.output
}
