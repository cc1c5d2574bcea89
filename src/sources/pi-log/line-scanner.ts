import type { SessionTurn } from '../../core/usage.ts'
import type { LineScanner, ScanOutput } from '../files/format.ts'
import { TURN_LIMIT_BYTES } from '../lib/turns.ts'
import { CandidateSearch } from './candidates.ts'
import type { TranscriptContext } from './context.ts'
import { EntryReader } from './entry-reader.ts'
import { humanTurn, USER_ROLE } from './human-turn.ts'

const LINE_FEED = 0x0a
const CLOSE_BRACE = 0x7d
/** Enough of a line to see its ids. */
const PREFIX_BYTES = 256

type Bounds = readonly [from: number, to: number]

/** Reads a transcript of one entry per line. */
export function transcriptScanner(context: TranscriptContext, state: string | null): LineScanner {
  const reader = new EntryReader(context, state)
  return {
    state: () => reader.state(),
    scan(block, start, end, out) {
      const search = new CandidateSearch(block.subarray(0, end))
      const users = new CandidateSearch(block.subarray(0, end), [USER_ROLE])
      const lines: Bounds[] = []
      const stopped = forEachLine(block, start, end, out, (from, to) => {
        if (users.isIn(from, to) && to - from <= TURN_LIMIT_BYTES) lines.push([from, to])
        const isWanted = search.isIn(from, to) || !looksWhole(block, from, to)
        if (!isWanted && reader.skip(block.toString('latin1', from, Math.min(to, from + PREFIX_BYTES)))) return
        reader.read(block.toString('utf8', from, to), out)
      })
      const turn = newestTurn(lines, (from, to) => humanTurn(block.toString('utf8', from, to), reader.session, context))
      if (turn !== null) out.turns.push(turn)
      return stopped
    },
  }
}

/**
 * Calls back with each line that is not blank, without its line end, NULs or the byte order mark EF BB BF in front of it, until `out`
 * is full. Returns where it stopped.
 */
export function forEachLine(
  block: Buffer,
  start: number,
  end: number,
  out: ScanOutput,
  each: (from: number, to: number) => void,
): number {
  let at = start
  while (at < end && !out.isFull) {
    const feed = block.indexOf(LINE_FEED, at)
    const lineEnd = feed === -1 || feed > end ? end : feed
    const from = textStart(block, at, lineEnd)
    out.lines++
    if (!isBlank(block, from, lineEnd)) each(from, lineEnd)
    at = Math.min(lineEnd + 1, end)
  }
  return at
}

/** The last line that is a turn. Lines in front of it are not read. */
function newestTurn(
  lines: readonly Bounds[],
  read: (from: number, to: number) => SessionTurn | null,
): SessionTurn | null {
  for (const [from, to] of lines.toReversed()) {
    const turn = read(from, to)
    if (turn !== null) return turn
  }
  return null
}

function textStart(block: Buffer, start: number, end: number): number {
  let from = start
  while (from < end && block[from] === 0) from++
  const hasMark = from + 3 <= end && block[from] === 0xef && block[from + 1] === 0xbb && block[from + 2] === 0xbf
  return hasMark ? from + 3 : from
}

function isBlank(block: Buffer, from: number, to: number): boolean {
  return textEnd(block, from, to) === from
}

/** Whether a text that is not read looks whole. A line that was torn and sealed by a line feed hardly ever does. */
function looksWhole(block: Buffer, from: number, to: number): boolean {
  return block[textEnd(block, from, to) - 1] === CLOSE_BRACE
}

/** Where the text of a line ends: before carriage return and spaces. */
function textEnd(block: Buffer, from: number, to: number): number {
  let at = to
  while (at > from && isSpace(block[at - 1])) at--
  return at
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0d || byte === 0x09
}
