import type { AppendBatch, Delta, Ledger } from '../ledger/ledger.ts'
import { LedgerError } from '../ledger/ledger.ts'
import type { Pricing } from '../pricing/pricing.ts'
import type { ReadOptions, Source, SourceBatch } from '../sources/source.ts'
import { type Folded, fold } from './fold.ts'

/** Lines that are folded and stored in one go; few enough that nothing else waits noticeably. */
const RECORDS_PER_BATCH = 500
/** Small files share a batch up to this many. */
const STREAMS_PER_BATCH = 64
/** While much is read, batches share a commit up to this many lines: keys are random, so each commit writes many pages. */
const RECORDS_PER_COMMIT = 4_000
const BATCHES_PER_COMMIT = 64

export interface IngestOptions extends ReadOptions {
  readonly ledger: Ledger
  readonly pricing: Pricing
  /** False while history that predates the exporter is loaded; asked at each commit. */
  readonly live: () => boolean
  readonly zeroFirstMs: number
  /** Commits batch by batch, and gets past a response that the ledger refuses. */
  readonly isCareful: boolean
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
  const { ledger, live, zeroFirstMs, now, committed, isCareful } = options
  const toAppend = (folded: Folded): AppendBatch => ({ ...folded, live: live(), zeroFirstMs, now: now() })
  const folds = foldInBatches(source, options)
  for (let next = await folds.next(); !next.done; next = await folds.next()) {
    const first = next.value
    const held: (readonly string[])[] = []
    const batches = async function* (): AsyncGenerator<AppendBatch> {
      let records = 0
      for (let folded: Folded | undefined = first; folded !== undefined; folded = (await folds.next()).value) {
        held.push(heldStreams(folded))
        total.responses += folded.drafts.length
        yield toAppend(folded)
        records += folded.drafts.length
        if (records >= RECORDS_PER_COMMIT || held.length >= BATCHES_PER_COMMIT) return
      }
    }
    const deltas = isCareful
      ? await appendCarefully(first, (folded) => ledger.append([toAppend(folded)]))
      : await ledger.append(batches())
    for (const [index, delta] of deltas.entries()) {
      committed(delta, held[index] ?? heldStreams(first))
      addTo(total, delta)
    }
  }
  return total
}

/** The source's batches, folded together up to a good size. */
async function* foldInBatches(source: Source, options: IngestOptions): AsyncGenerator<Folded, undefined> {
  let pending: SourceBatch[] = []
  let records = 0
  for await (const batch of source.read(options)) {
    if (pending.length > 0 && records + batch.records.length > RECORDS_PER_BATCH) {
      yield fold(pending, options.pricing)
      pending = []
      records = 0
    }
    pending.push(batch)
    records += batch.records.length
    if (records < RECORDS_PER_BATCH && pending.length < STREAMS_PER_BATCH) continue
    yield fold(pending, options.pricing)
    pending = []
    records = 0
  }
  if (pending.length > 0) yield fold(pending, options.pricing)
}

/**
 * A log can claim counts whose sums no database column holds. Such a response must not stop its file: where a batch is
 * refused each response is tried alone, and those the ledger refuses are tallied and left out.
 */
async function appendCarefully(
  folded: Folded,
  append: (folded: Folded) => Promise<readonly Delta[]>,
): Promise<readonly Delta[]> {
  try {
    return await append(folded)
  } catch (error) {
    if (!isOverflow(error)) throw error
  }
  const deltas: Delta[] = []
  const refused = new Map<string, number>()
  for (const draft of folded.drafts) {
    try {
      const alone = {
        ...folded,
        streams: [],
        drafts: [draft],
        claims: [],
        turns: [],
        closed: [],
        duplicates: new Map(),
      }
      deltas.push(...(await append(alone)))
    } catch (error) {
      if (!isOverflow(error)) throw error
      refused.set(draft.stream, (refused.get(draft.stream) ?? 0) + 1)
    }
  }
  const streams = folded.streams.map((stream) => {
    const count = refused.get(stream.stream)
    return count === undefined ? stream : { ...stream, rejected: { ...stream.rejected, refused: count } }
  })
  return [...deltas, ...(await append({ ...folded, drafts: [], streams }))]
}

/** True for a refusal that reading again with `isCareful` gets past. */
export function isOverflow(error: unknown): boolean {
  return error instanceof LedgerError && error.failure === 'overflow'
}

function heldStreams({ drafts }: Folded): readonly string[] {
  return drafts.filter(({ response }) => !response.settled).map(({ stream }) => stream)
}

function addTo(total: { -readonly [K in keyof IngestSummary]: number }, { tallies }: Delta): void {
  for (const { lines, bytes, duplicates, rejected } of tallies) {
    total.lines += lines
    total.bytes += bytes
    total.duplicates += duplicates
    total.rejected += Object.values(rejected).reduce((sum, count) => sum + count, 0)
  }
}
