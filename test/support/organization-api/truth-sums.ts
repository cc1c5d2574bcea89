import { TOKEN_KINDS, type TokenKind, type Truth, type TruthRecord } from './truth.ts'

export const TRUTH_DIMENSIONS = [
  'workspaceId',
  'apiKeyId',
  'model',
  'serviceTier',
  'contextWindow',
  'inferenceGeo',
] as const
export type TruthDimension = (typeof TRUTH_DIMENSIONS)[number]

export interface TruthSum {
  readonly tokens: Readonly<Record<TokenKind, bigint>>
  readonly webSearches: bigint
  readonly requests: bigint
  readonly listPico: bigint
  readonly amountPico: bigint
}

/** Sums of the hours that begin in [from, to), epoch milliseconds, exact. */
export function sumTruth(
  truth: Truth,
  range: { readonly from: number; readonly to: number },
  match: (record: TruthRecord) => boolean = () => true,
): TruthSum {
  const sum = {
    tokens: { input: 0n, cacheWrite5m: 0n, cacheWrite1h: 0n, cacheRead: 0n, output: 0n },
    webSearches: 0n,
    requests: 0n,
    listPico: 0n,
    amountPico: 0n,
  }
  for (const record of truth.records()) {
    if (record.start < range.from || record.start >= range.to || !match(record)) continue
    for (const kind of TOKEN_KINDS) sum.tokens[kind] += BigInt(record.tokens[kind])
    sum.webSearches += BigInt(record.webSearches)
    sum.requests += BigInt(record.requests)
    sum.listPico += record.listPico
    sum.amountPico += record.amountPico
  }
  return sum
}

/** The same per combination of dimensions; the key is the values joined with `|`, null as `null`. */
export function sumTruthBy(
  truth: Truth,
  range: { readonly from: number; readonly to: number },
  by: readonly TruthDimension[],
): ReadonlyMap<string, TruthSum> {
  const keyOf = (record: TruthRecord): string => by.map((dimension) => String(record[dimension])).join('|')
  const keys = new Set(
    truth
      .records()
      .filter((record) => record.start >= range.from && record.start < range.to)
      .map(keyOf),
  )
  return new Map([...keys].map((key) => [key, sumTruth(truth, range, (record) => keyOf(record) === key)]))
}
