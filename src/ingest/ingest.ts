import type { Delta, Ledger } from '../ledger/ledger.ts'
import { LedgerError } from '../ledger/ledger.ts'
import type { Pricing } from '../pricing/pricing.ts'
import type { ReadOptions, Source, SourceBatch } from '../sources/source.ts'
import { type Folded, fold } from './fold.ts'

/** Lines per transaction; keeps each one short enough that nothing else waits noticeably. */
const RECORDS_PER_APPEND = 500
/** Small files share a transaction up to this many. */
const STREAMS_PER_APPEND = 64

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
  let records = 0
  const flush = async () => {
    if (pending.length === 0) return
    const folded = fold(pending, options.pricing)
    pending = []
    records = 0
    const delta = await store(folded, options)
    for (const tally of delta.tallies) {
      total.lines += tally.lines
      total.bytes += tally.bytes
      total.duplicates += tally.duplicates
      total.rejected += Object.values(tally.rejected).reduce((sum, count) => sum + count, 0)
    }
    total.responses += folded.drafts.length
  }
  for await (const batch of source.read(options)) {
    // One transaction may not continue a stream twice from different sides, and must stay small.
    if (records + batch.records.length > RECORDS_PER_APPEND) await flush()
    pending.push(batch)
    records += batch.records.length
    if (records >= RECORDS_PER_APPEND || pending.length >= STREAMS_PER_APPEND) await flush()
  }
  await flush()
  return total
}

async function store(folded: Folded, options: IngestOptions): Promise<Delta> {
  const { ledger, live, zeroFirstMs, now, committed } = options
  const append = (part: Folded) => ledger.append({ ...part, live: live(), zeroFirstMs, now: now() })
  let delta: Delta
  try {
    delta = await append(folded)
  } catch (error) {
    if (!(error instanceof LedgerError) || error.failure !== 'overflow') throw error
    delta = await append(await withoutRefused(folded, append, committed))
  }
  committed(delta, heldStreams(folded))
  return delta
}

/**
 * A log can claim counts whose sums no database column holds. Such a response must not stop its file: each is tried
 * alone, and those the ledger refuses are tallied and left out.
 */
async function withoutRefused(
  folded: Folded,
  append: (part: Folded) => Promise<Delta>,
  committed: IngestOptions['committed'],
): Promise<Folded> {
  const refused = new Map<string, number>()
  for (const draft of folded.drafts) {
    try {
      committed(
        await append({ ...folded, streams: [], drafts: [draft], claims: [], closed: [], duplicates: new Map() }),
        [],
      )
    } catch (error) {
      if (!(error instanceof LedgerError) || error.failure !== 'overflow') throw error
      refused.set(draft.stream, (refused.get(draft.stream) ?? 0) + 1)
    }
  }
  const streams = folded.streams.map((stream) => {
    const count = refused.get(stream.stream)
    return count === undefined ? stream : { ...stream, rejected: { ...stream.rejected, refused: count } }
  })
  return { ...folded, drafts: [], streams }
}

function heldStreams(folded: Folded): readonly string[] {
  return folded.drafts.filter(({ response }) => !response.settled).map(({ stream }) => stream)
}
