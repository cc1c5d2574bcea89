import { type LineScanner, ScanOutput } from '../../files/format.ts'
import { parseObject } from '../../lib/json.ts'
import { decompressZstd } from '../../lib/zstd.ts'
import { PAGE_BYTES, type Page } from './page.ts'
import type { BlobRow } from './transcripts.ts'

/** The largest transcript that is read, compressed or not: it has to be in memory as a whole. */
const BLOB_LIMIT_BYTES = 256 * 1024 * 1024
const LINE_FEED = 0x0a

/** A transcript that is kept as one value. It never changes; another one has another generation or size. */
export interface Blob {
  readonly row: BlobRow
  readonly isCompressed: boolean
  readonly load: () => unknown
  readonly scanner: (state: string | null) => LineScanner
}

/** Reads a blob from the cursor on; nothing when it was read to its end before. */
export function* blobPages(blob: Blob, cursor: string | null): Generator<Page> {
  const print = `${blob.row.generation}/${blob.row.bytes}`
  const start = startOf(cursor, print)
  if (start === null) return
  const content = contentOf(blob)
  if (typeof content === 'string') {
    const out = new ScanOutput()
    out.reject(content)
    yield { out, bytes: 0, cursor: JSON.stringify({ print, offset: null, state: '' }) }
    return
  }
  const scanner = blob.scanner(start.state)
  let at = start.offset
  do {
    const out = new ScanOutput()
    const behind = scanner.scan(content, at, endOfLines(content, at), out)
    const bytes = behind - at
    at = behind
    const offset = at < content.length ? at : null
    yield { out, bytes, cursor: JSON.stringify({ print, offset, state: scanner.state() }) }
  } while (at < content.length)
}

/** Null when there is nothing left to read. */
function startOf(cursor: string | null, print: string): { offset: number; state: string | null } | null {
  const saved = cursor === null ? null : parseObject(cursor)
  if (saved?.['print'] !== print) return { offset: 0, state: null }
  const { offset, state } = saved
  if (offset === null) return null
  return typeof offset === 'number' && typeof state === 'string' ? { offset, state } : { offset: 0, state: null }
}

function contentOf({ row, isCompressed, load }: Blob): Buffer | 'oversize' | 'undecodable' {
  if (row.bytes > BLOB_LIMIT_BYTES) return 'oversize'
  const value = load()
  const data = typeof value === 'string' ? Buffer.from(value) : value
  if (!Buffer.isBuffer(data)) return 'undecodable'
  return isCompressed ? (decompressZstd(data, BLOB_LIMIT_BYTES) ?? 'undecodable') : data
}

/** End of whole lines about one page behind `at`. */
function endOfLines(content: Buffer, at: number): number {
  const feed = content.indexOf(LINE_FEED, at + PAGE_BYTES)
  return feed === -1 ? content.length : feed + 1
}
