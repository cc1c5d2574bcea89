import type { LineScanner, ScanOutput } from '../files/format.ts'
import { parseObject } from '../lib/json.ts'
import { readTime } from '../lib/time.ts'
import type { FileContext } from './file-context.ts'
import { lineEnd, textEnd, textStart } from './line-bounds.ts'
import { LineCollector } from './line-collector.ts'
import type { LineReader } from './line-reader.ts'
import { decodeState, encodeState } from './scanner-state.ts'
import { TurnSearch } from './turn-search.ts'

const TIMESTAMP_KEY = Buffer.from('"timestamp"')
/** The first dated line of a file is one of its short first lines. */
const DATED_LINE_LIMIT_BYTES = 1024 * 1024

/** Scans one file from the line behind `state`, or from its beginning. The reader may be shared between files. */
export function openScanner(file: FileContext, state: string | null, reader: LineReader): LineScanner {
  const collector = new LineCollector(file, decodeState(state))
  const turns = new TurnSearch(file)
  return {
    scan(whole, start, end, out) {
      // Cut off what is left of an earlier file behind the end, so that no search runs into it.
      const block = whole.subarray(0, end)
      reader.start(block)
      collector.startBlock()
      turns.start()
      let at = start
      while (at < end && !out.isFull) {
        const feed = lineEnd(block, at, end)
        scanLine(block, at, feed, out)
        at = Math.min(feed + 1, end)
      }
      const turn = turns.newest(block)
      if (turn !== null) out.turns.push(turn)
      return at
    },
    state: () => encodeState(collector.state()),
  }

  function scanLine(block: Buffer, start: number, feed: number, out: ScanOutput): void {
    out.lines++
    const from = textStart(block, start, feed)
    const to = textEnd(block, from, feed)
    if (from === to) return
    if (!collector.isDated) {
      const time = timeOf(block.subarray(from, to))
      if (time !== null) collector.date(time)
    }
    const line = reader.read(block, from, to, file.place.session)
    if (line === 'nothing' && reader.mayBeTurn) turns.note(from, to)
    collector.add(line, out)
  }
}

/** Time of any line, whatever its type: epoch milliseconds, or null. */
function timeOf(line: Buffer): number | null {
  if (line.length > DATED_LINE_LIMIT_BYTES || !line.includes(TIMESTAMP_KEY)) return null
  return readTime(parseObject(line.toString())?.['timestamp'], { bad: false })
}
