import { label } from '../lib/label.ts'
import { folder } from './parse-origin.ts'
import { asIs, RecentText } from './recent-text.ts'

/** Texts of a line that are wanted. All but the last few change from line to line or from file to file. */
export const TEXT = {
  id: 0,
  uuid: 1,
  timestamp: 2,
  stopReason: 3,
  session: 4,
  payer: 5,
  forkSession: 6,
  agentId: 7,
  cwd: 8,
  branch: 9,
  model: 10,
  speed: 11,
  geography: 12,
  tier: 13,
  type: 14,
  iterationType: 15,
} as const
export type TextSlot = (typeof TEXT)[TextName]
type TextName = keyof typeof TEXT
const TEXT_NAMES = Object.keys(TEXT) as TextName[]

/** Texts with few values: they are part of what makes two lines alike. */
export function isFixedText(slot: TextSlot): boolean {
  return slot >= TEXT.model
}

/** Counts of a line that are wanted. Those of the iteration are ABSENT where it does not have them. */
export const COUNT = {
  input: 0,
  output: 1,
  cacheWrite: 2,
  cacheRead: 3,
  fiveMinutes: 4,
  oneHour: 5,
  webSearches: 6,
  reasoning: 7,
  iterationInput: 8,
  iterationOutput: 9,
  iterationCacheWrite: 10,
  iterationCacheRead: 11,
  iterationFiveMinutes: 12,
  iterationOneHour: 13,
} as const
export type CountSlot = (typeof COUNT)[keyof typeof COUNT]

export const ABSENT = -1

/** What was taken from the bytes of one line. */
export class LineFields {
  readonly texts: string[] = TEXT_NAMES.map(() => '')
  readonly counts: number[] = Object.values(COUNT).map((slot) => (isOfIteration(slot) ? ABSENT : 0))
  isFork = false
  isSidechain = false
  hasUsage = false
  hasIteration = false
  costUsd: number | null = null
}

function isOfIteration(slot: CountSlot): boolean {
  return slot >= COUNT.iterationInput && slot <= COUNT.iterationCacheRead
}

/** Decodes texts from the bytes between their quotes. */
export type TextReader = Pick<RecentText, 'text' | 'skipSame' | 'read'>

const unique: TextReader = {
  text: '',
  skipSame: () => -1,
  read: (block, start, end) => block.toString('utf8', start, end),
}
const uniqueLabel: TextReader = { ...unique, read: (block, start, end) => label(block.toString('utf8', start, end)) }

/** A reader for each text slot, which makes of the bytes what the parser makes of the text. */
export function textReaders(): readonly TextReader[] {
  const bySlot: Record<TextName, TextReader> = {
    id: new RecentText(label),
    uuid: uniqueLabel,
    timestamp: unique,
    stopReason: new RecentText(label),
    session: new RecentText(label),
    payer: new RecentText(label),
    forkSession: new RecentText(label),
    agentId: new RecentText(label),
    cwd: new RecentText(folder),
    branch: new RecentText(label),
    model: new RecentText(label),
    speed: new RecentText(asIs),
    geography: new RecentText(asIs),
    tier: new RecentText(asIs),
    type: new RecentText(asIs),
    iterationType: new RecentText(asIs),
  }
  const readers: TextReader[] = []
  for (const name of TEXT_NAMES) readers[TEXT[name]] = bySlot[name]
  return readers
}
