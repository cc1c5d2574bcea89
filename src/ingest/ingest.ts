import type { Delta, Ledger } from '../ledger/ledger.ts'
import { LedgerError } from '../ledger/ledger.ts'
import type { Pricing } from '../pricing/pricing.ts'
import type { ReadOptions, Source, SourceBatch } from '../sources/source.ts'
import { type Folded, fold } from './fold.ts'

/** Lines that are folded and stored in one go; few enough that nothing else waits noticeably. */
const RECORDS_PER_BATCH = 500
/** Small files share a batch up to this many. */
const STREAMS_PER_BATCH = 64
/** While much is read, batches share a commit up to this many lines: keys are random, so each commit writes many pages. */
const RECORDS_PER_COMMIT = 8_000
const BATCHES_PER_COMMIT = 64

export interface IngestOptions extends ReadOptions {
  readonly ledger: Ledger
  readonly pricing: Pricing
  /** False while history that predates the exporter is loaded; asked at each commit. */
  readonly live: () => boolean
  readonly zeroFirstMs: number
  readonly now: () => number
  /** Called after each commit. */
  readonly committed: (delta: Delta, held: readonly string[]) => void
}

export interface IngestSummary {
  readonly lines: number
  readonly bytes: number
  /** Responses not known before. */
  readonly responses: number
  readonly duplicates: number
  readonly rejected: number
}

/**
 * Moves everything new from one source into the ledger. Safe to stop and repeat at any point: what a batch brought and
 * where it ended are saved together. Rejects with LedgerError when the ledger refuses; the source must then be
 * restored from the ledger before it is read again.
 */
export async function ingest(source: Source, options: IngestOptions): Promise<IngestSummary> {
  const total = { lines: 0, bytes: 0, responses: 0, duplicates: 0, rejected: 0 }
  let pending: SourceBatch[] = []
  let folded: Folded[] = []
  let records = 0
  let waiting = 0
  const foldPending = () => {
    if (pending.length === 0) return
    folded.push(fold(pending, options.pricing))
    pending = []
    waiting += records
    records = 0
  }
  const commit = async () => {
    foldPending()
    if (folded.length === 0) return
    const parts = folded
    folded = []
    waiting = 0
    for (const delta of await store(parts, options)) addTo(total, delta)
    total.responses += parts.reduce((sum, { drafts }) => sum + drafts.length, 0)
  }
  for await (const batch of source.read(options)) {
    if (records + batch.records.length > RECORDS_PER_BATCH) foldPending()
    pending.push(batch)
    records += batch.records.length
    if (records >= RECORDS_PER_BATCH || pending.length >= STREAMS_PER_BATCH) foldPending()
    if (waiting >= RECORDS_PER_COMMIT || folded.length >= BATCHES_PER_COMMIT) await commit()
  }
  await commit()
  return total
}

function addTo(total: { -readonly [K in keyof IngestSummary]: number }, { tallies }: Delta): void {
  for (const { lines, bytes, duplicates, rejected } of tallies) {
    total.lines += lines
    total.bytes += bytes
    total.duplicates += duplicates
    total.rejected += Object.values(rejected).reduce((sum, count) => sum + count, 0)
  }
}

async function store(parts: readonly Folded[], options: IngestOptions): Promise<readonly Delta[]> {
  const { ledger, live, zeroFirstMs, now, committed } = options
  const append = (some: readonly Folded[]) =>
    ledger.append(some.map((part) => ({ ...part, live: live(), zeroFirstMs, now: now() })))
  let deltas: readonly Delta[]
  try {
    deltas = await append(parts)
  } catch (error) {
    if (!isOverflow(error)) throw error
    deltas = await append(await withoutRefused(parts, append, committed))
  }
  for (const [index, delta] of deltas.entries()) committed(delta, heldStreams(parts[index]))
  return deltas
}

/**
 * A log can claim counts whose sums no database column holds. Such a response must not stop its file: each is tried
 * alone, and those the ledger refuses are tallied and left out.
 */
async function withoutRefused(
  parts: readonly Folded[],
  append: (some: readonly Folded[]) => Promise<readonly Delta[]>,
  committed: IngestOptions['committed'],
): Promise<readonly Folded[]> {
  const accepted: Folded[] = []
  for (const part of parts) {
    const refused = new Map<string, number>()
    for (const draft of part.drafts) {
      const alone = { ...part, streams: [], drafts: [draft], claims: [], closed: [], duplicates: new Map() }
      try {
        for (const delta of await append([alone])) committed(delta, draft.response.settled ? [] : [draft.stream])
      } catch (error) {
        if (!isOverflow(error)) throw error
        refused.set(draft.stream, (refused.get(draft.stream) ?? 0) + 1)
      }
    }
    const streams = part.streams.map((stream) => {
      const count = refused.get(stream.stream)
      return count === undefined ? stream : { ...stream, rejected: { ...stream.rejected, refused: count } }
    })
    accepted.push({ ...part, drafts: [], streams })
  }
  return accepted
}

function isOverflow(error: unknown): boolean {
  return error instanceof LedgerError && error.failure === 'overflow'
}

function heldStreams(folded: Folded | undefined): readonly string[] {
  return (folded?.drafts ?? []).filter(({ response }) => !response.settled).map(({ stream }) => stream)
}
