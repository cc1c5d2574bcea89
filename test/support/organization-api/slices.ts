import { TOKEN_KINDS, type TokenKind, type TruthRecord } from './truth.ts'

const HOUR_MS = 3_600_000

/** Sums of some slices, exact. */
export interface Total {
  readonly tokens: Record<TokenKind, number>
  webSearches: number
  requests: number
  listPico: bigint
  amountPico: bigint
}

/** Cuts hours into equal shares within the hour, the remainder in the first; `start` is the minute of the share. */
export function createSlicer(perHour: number): (record: TruthRecord) => readonly TruthRecord[] {
  if (60 % perHour !== 0) throw new Error(`minuteSplit must divide 60, it is ${perHour}`)
  const known = new WeakMap<TruthRecord, readonly TruthRecord[]>()
  return (record) => {
    const found = known.get(record) ?? slice(record, perHour)
    known.set(record, found)
    return found
  }
}

function slice(record: TruthRecord, perHour: number): readonly TruthRecord[] {
  return Array.from({ length: perHour }, (_, index) => {
    const share = (value: number): number => Math.floor(value / perHour) + (index === 0 ? value % perHour : 0)
    const part = (value: bigint): bigint => {
      const whole = BigInt(perHour)
      return value / whole + (index === 0 ? value % whole : 0n)
    }
    const costs = record.costs.map((cost) => ({
      kind: cost.kind,
      listPico: part(cost.listPico),
      amountPico: part(cost.amountPico),
    }))
    const { tokens } = record
    return {
      ...record,
      start: record.start + (index * HOUR_MS) / perHour,
      tokens: {
        input: share(tokens.input),
        cacheWrite5m: share(tokens.cacheWrite5m),
        cacheWrite1h: share(tokens.cacheWrite1h),
        cacheRead: share(tokens.cacheRead),
        output: share(tokens.output),
      },
      webSearches: share(record.webSearches),
      requests: share(record.requests),
      costs,
      listPico: costs.reduce((sum, cost) => sum + cost.listPico, 0n),
      amountPico: costs.reduce((sum, cost) => sum + cost.amountPico, 0n),
    }
  })
}

export function totalOf(slices: readonly TruthRecord[]): Total {
  const total: Total = {
    tokens: { input: 0, cacheWrite5m: 0, cacheWrite1h: 0, cacheRead: 0, output: 0 },
    webSearches: 0,
    requests: 0,
    listPico: 0n,
    amountPico: 0n,
  }
  for (const one of slices) {
    for (const kind of TOKEN_KINDS) total.tokens[kind] += one.tokens[kind]
    total.webSearches += one.webSearches
    total.requests += one.requests
    total.listPico += one.listPico
    total.amountPico += one.amountPico
  }
  return total
}

export function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [item])
    else group.push(item)
  }
  return groups
}

/** Token counts under the names of the API, the same in both generations. */
export function tokenFields(total: Total): Record<string, unknown> {
  return {
    uncached_input_tokens: total.tokens.input,
    cache_creation: {
      ephemeral_5m_input_tokens: total.tokens.cacheWrite5m,
      ephemeral_1h_input_tokens: total.tokens.cacheWrite1h,
    },
    cache_read_input_tokens: total.tokens.cacheRead,
    output_tokens: total.tokens.output,
    server_tool_use: { web_search_requests: total.webSearches },
  }
}

/** The API's word for a kind of tokens; null for what is not tokens. */
export function tokenType(kind: TokenKind | null): string | null {
  return kind === null ? null : TOKEN_TYPES[kind]
}

const TOKEN_TYPES: Readonly<Record<TokenKind, string>> = {
  input: 'uncached_input_tokens',
  cacheWrite5m: 'cache_creation.ephemeral_5m_input_tokens',
  cacheWrite1h: 'cache_creation.ephemeral_1h_input_tokens',
  cacheRead: 'cache_read_input_tokens',
  output: 'output_tokens',
}
