import type { LineScanner, ScanOutput } from '../files/format.ts'
import { asObject, parseObject } from '../lib/json.ts'
import { label } from '../lib/label.ts'
import { readTime } from '../lib/time.ts'
import type { TranscriptContext } from '../pi-log/context.ts'
import { EntryReader } from '../pi-log/entry-reader.ts'
import { humanTurn } from '../pi-log/human-turn.ts'
import { forEachLine } from '../pi-log/line-scanner.ts'

/**
 * Reads a transcript from cold storage. Each line is an envelope: the first (`kind` `header`) names the session, those of
 * kind `event` hold a row of the database with the entry as text; other kinds are indexes.
 */
export function coldScanner(context: TranscriptContext, state: string | null): LineScanner {
  const saved = state === null ? null : parseObject(state)
  let session = label(saved?.['session']) || context.session
  let reader = new EntryReader(
    { ...context, session },
    typeof saved?.['entries'] === 'string' ? saved['entries'] : null,
  )

  function open(line: string, out: ScanOutput): void {
    const envelope = parseObject(line)
    if (envelope === null) {
      out.reject('malformed')
      return
    }
    if (envelope['kind'] === 'header') {
      session = label(envelope['sessionId']) || session
      reader = new EntryReader({ ...context, session }, null)
      return
    }
    if (envelope['kind'] !== 'event') return
    const row = asObject(envelope['row'])
    const entry = row?.['event_json']
    if (typeof entry !== 'string') {
      out.reject('undecodable')
      return
    }
    reader.read(entry, out, readTime(row?.['created_at'], { bad: false }) ?? context.modifiedMs)
    const turn = humanTurn(entry, reader.session, context)
    if (turn !== null) out.turns.push(turn)
  }

  return {
    state: () => JSON.stringify({ session, entries: reader.state() }),
    scan: (block, start, end, out) =>
      forEachLine(block, start, end, out, (from, to) => open(block.toString('utf8', from, to), out)),
  }
}
