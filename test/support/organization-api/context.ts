import type { Truth, TruthRecord } from './truth.ts'

/** What an endpoint answers from. */
export interface Context {
  readonly truth: Truth
  readonly now: number
  /** At most this many buckets or rows on a page, whatever the limit asks for. */
  readonly pageSize: number
  readonly legacyDelayMs: number
  readonly analyticsDelayMs: number
  readonly spendLimits: 'none' | 'configured' | 'effective'
  /** `anthropic-version` of the request. */
  readonly version: string
  readonly slices: (record: TruthRecord) => readonly TruthRecord[]
}

export type Endpoint = (url: URL, context: Context) => Record<string, unknown>

/** Slices within [from, to) that the server knows of and that lie before `until`. */
export function visible(context: Context, from: number, to: number, until: number): readonly TruthRecord[] {
  const end = Math.min(to, until)
  return context.truth
    .records()
    .filter((record) => record.start + 3_600_000 > from && record.start < end && record.availableFrom <= context.now)
    .flatMap((record) => context.slices(record))
    .filter((slice) => slice.start >= from && slice.start < end)
}
