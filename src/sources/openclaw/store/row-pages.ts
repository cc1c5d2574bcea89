import { ScanOutput } from '../../files/format.ts'
import { parseObject } from '../../lib/json.ts'
import { readTime } from '../../lib/time.ts'
import { decompressZstd } from '../../lib/zstd.ts'
import { isCandidate } from '../../pi-log/candidates.ts'
import type { TranscriptContext } from '../../pi-log/context.ts'
import { EntryReader } from '../../pi-log/entry-reader.ts'
import { humanTurn } from '../../pi-log/human-turn.ts'
import { PAGE_BYTES, PAGE_ROWS, type Page } from './page.ts'
import { ENTRY_LIMIT_BYTES, type EventRow, type SessionExtent, type Transcripts } from './transcripts.ts'

/**
 * Reads the rows of a session behind the cursor; all of them when OpenClaw has rewritten the session since, which it
 * says with another generation.
 */
export function* rowPages(
  transcripts: Transcripts,
  extent: SessionExtent,
  context: TranscriptContext,
  cursor: string | null,
): Generator<Page> {
  const start = startOf(cursor, extent)
  const reader = new EntryReader(context, start.entries)
  let { seq } = start
  while (seq < extent.lastSeq) {
    const out = new ScanOutput()
    let bytes = 0
    const before = seq
    for (const row of transcripts.rowsBehind(extent.session, seq)) {
      seq = row.seq
      out.lines++
      bytes += (row.jsonBytes ?? 0) + (row.zstdBytes ?? 0)
      readRow(reader, row, context, out)
      if (out.isFull || out.lines >= PAGE_ROWS || bytes >= PAGE_BYTES) break
    }
    if (seq === before) return
    yield { out, bytes, cursor: JSON.stringify({ generation: extent.generation, seq, entries: reader.state() }) }
  }
}

interface RowCursor {
  readonly seq: number
  readonly entries: string | null
}

const FROM_THE_START: RowCursor = { seq: -1, entries: null }

function startOf(cursor: string | null, extent: SessionExtent): RowCursor {
  const saved = cursor === null ? null : parseObject(cursor)
  const seq = saved?.['seq']
  const entries = saved?.['entries']
  if (saved?.['generation'] !== extent.generation || typeof seq !== 'number' || typeof entries !== 'string') {
    return FROM_THE_START
  }
  return seq > extent.lastSeq ? FROM_THE_START : { seq, entries }
}

function readRow(reader: EntryReader, row: EventRow, context: TranscriptContext, out: ScanOutput): void {
  const isTooLarge = (row.jsonBytes ?? 0) > ENTRY_LIMIT_BYTES || (row.zstdBytes ?? 0) > ENTRY_LIMIT_BYTES
  if (isTooLarge) {
    out.reject('oversize')
    return
  }
  const text = entryText(row)
  if (text === null) {
    out.reject('undecodable')
    return
  }
  if (isCandidate(text) || !reader.skip(text)) reader.read(text, out, createdMs(row))
  const turn = humanTurn(text, reader.session, context)
  if (turn !== null) out.turns.push(turn)
}

function entryText({ json, zstd }: EventRow): string | null {
  if (typeof json === 'string') return json
  if (Buffer.isBuffer(json)) return json.toString('utf8')
  return Buffer.isBuffer(zstd) ? (decompressZstd(zstd, ENTRY_LIMIT_BYTES)?.toString('utf8') ?? null) : null
}

function createdMs(row: EventRow): number | undefined {
  return readTime(row.createdAt, { bad: false }) ?? undefined
}
