import { createStreams, type Stream } from './streams.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

export const TOKEN_KINDS = ['input', 'cacheWrite5m', 'cacheWrite1h', 'cacheRead', 'output'] as const
export type TokenKind = (typeof TOKEN_KINDS)[number]

/** One line of the bill: tokens of a kind, or web searches (`kind` null). Pico-dollars. */
export interface CostPart {
  readonly kind: TokenKind | null
  /** Before discount. */
  readonly listPico: bigint
  /** After discount. */
  readonly amountPico: bigint
}

/** What truly happened in one hour, of one key with one model. */
export interface TruthRecord {
  /** Start of the hour, epoch milliseconds. */
  readonly start: number
  /** Null: the default workspace. */
  readonly workspaceId: string | null
  /** Null: the Console. */
  readonly apiKeyId: string | null
  readonly model: string
  readonly serviceTier: string
  readonly contextWindow: string
  /** Null: the model has no such choice. */
  readonly inferenceGeo: string | null
  readonly tokens: Readonly<Record<TokenKind, number>>
  readonly webSearches: number
  readonly requests: number
  /** Empty for the priority tier, which is billed elsewhere. */
  readonly costs: readonly CostPart[]
  readonly listPico: bigint
  readonly amountPico: bigint
  /** The server does not show it earlier than this, epoch milliseconds: a record that arrives late. */
  readonly availableFrom: number
}

export interface TruthOptions {
  readonly seed: number
  /** Start of a UTC day, epoch milliseconds. */
  readonly from: number
  readonly days: number
  /** Taken off the list price, in thousandths. Default 75. */
  readonly discountPermille?: number
  /** Everything times this: a larger organisation. Default 1. */
  readonly scale?: number
}

/** What is true, and how it can change afterwards. */
export interface Truth {
  readonly seed: number
  records(): readonly TruthRecord[]
  /** Multiplies the records' tokens, requests and cost by `numerator / denominator`, rounded down. Tells how many. */
  revise(match: (record: TruthRecord) => boolean, numerator: number, denominator: number): number
  /** Deletes records. Tells how many. */
  remove(match: (record: TruthRecord) => boolean): number
  /** Hides records from the server until then. Tells how many. */
  delay(match: (record: TruthRecord) => boolean, availableFrom: number): number
  add(record: TruthRecord): void
}

/** The same options give the same records, and the same hour is the same whatever the range is. */
export function createTruth(options: TruthOptions): Truth {
  const { seed, from, days, discountPermille = 75, scale = 1 } = options
  if (from % DAY_MS !== 0) throw new Error(`from must be the start of a UTC day, it is ${new Date(from).toISOString()}`)
  let all: TruthRecord[] = []
  const streams = createStreams()
  for (let hour = from; hour < from + days * DAY_MS; hour += HOUR_MS) {
    for (const [index, stream] of streams.entries()) {
      const record = hourOf(stream, hour, random(seed, index, hour / HOUR_MS), discountPermille, scale)
      if (record !== null) all.push(record)
    }
  }
  const edit = (match: (record: TruthRecord) => boolean, change: (record: TruthRecord) => TruthRecord): number => {
    let count = 0
    all = all.map((record) => {
      if (!match(record)) return record
      count++
      return change(record)
    })
    return count
  }
  return {
    seed,
    records: () => all,
    revise: (match, numerator, denominator) =>
      edit(match, (record) =>
        scaled(record, (value) => Math.floor((value * numerator) / denominator), discountPermille),
      ),
    remove(match) {
      const before = all.length
      all = all.filter((record) => !match(record))
      return before - all.length
    },
    delay: (match, availableFrom) => edit(match, (record) => ({ ...record, availableFrom })),
    add: (record) => void all.push(record),
  }
}

function hourOf(
  stream: Stream,
  start: number,
  next: () => number,
  discountPermille: number,
  scale: number,
): TruthRecord | null {
  const date = new Date(start)
  const weekend = date.getUTCDay() % 6 === 0
  const hour = date.getUTCHours()
  const working = hour >= 8 && hour < 18
  const activity = stream.always ? 0.6 : (working ? 1 : 0.08) * (weekend ? 0.15 : 1)
  if (next() > Math.min(0.97, activity + 0.05)) return null
  const requests = 1 + Math.floor(next() * 40 * stream.weight * activity * scale)
  const per = (mean: number): number => Math.floor(requests * mean * (0.5 + next()))
  return billed(
    {
      start,
      workspaceId: stream.workspaceId,
      apiKeyId: stream.apiKeyId,
      model: stream.model,
      serviceTier: stream.serviceTier,
      contextWindow: stream.contextWindow,
      inferenceGeo: stream.inferenceGeo,
      tokens: {
        input: per(1200),
        cacheWrite5m: per(700),
        cacheWrite1h: stream.always ? per(90) : 0,
        cacheRead: per(9000),
        output: per(450),
      },
      webSearches: stream.searches ? Math.floor(next() * 4) : 0,
      requests,
      availableFrom: 0,
    },
    discountPermille,
  )
}

type Unbilled = Omit<TruthRecord, 'costs' | 'listPico' | 'amountPico'>

/** The record with what it costs, exact. */
function billed(record: Unbilled, discountPermille: number): TruthRecord {
  const prices = record.serviceTier === 'priority' ? null : pricesOf(record)
  const part = (kind: TokenKind | null, count: number, price: bigint): CostPart => {
    const listPico = BigInt(count) * price
    return { kind, listPico, amountPico: (listPico * BigInt(1000 - discountPermille)) / 1000n }
  }
  const costs: CostPart[] = []
  if (prices !== null) {
    for (const kind of TOKEN_KINDS) {
      if (record.tokens[kind] > 0) costs.push(part(kind, record.tokens[kind], prices[kind]))
    }
    if (record.webSearches > 0) costs.push(part(null, record.webSearches, 10_000_000_000n))
  }
  return {
    ...record,
    costs,
    listPico: costs.reduce((sum, cost) => sum + cost.listPico, 0n),
    amountPico: costs.reduce((sum, cost) => sum + cost.amountPico, 0n),
  }
}

function scaled(record: TruthRecord, by: (value: number) => number, discountPermille: number): TruthRecord {
  const { tokens } = record
  return billed(
    {
      ...record,
      tokens: {
        input: by(tokens.input),
        cacheWrite5m: by(tokens.cacheWrite5m),
        cacheWrite1h: by(tokens.cacheWrite1h),
        cacheRead: by(tokens.cacheRead),
        output: by(tokens.output),
      },
      webSearches: by(record.webSearches),
      requests: by(record.requests),
    },
    discountPermille,
  )
}

/** Pico-dollars per token: input and output in dollars per million tokens, times the tier and geography. */
function pricesOf(record: Unbilled): Readonly<Record<TokenKind, bigint>> {
  const [input, output] = PRICES[record.model] ?? [3, 15]
  const half = record.serviceTier === 'batch' ? 2n : 1n
  const geo = record.inferenceGeo === 'us' ? 11n : 10n
  const price = (dollars: number, hundredths: bigint): bigint =>
    (BigInt(dollars) * 1_000_000n * hundredths * geo) / (1000n * half)
  return {
    input: price(input, 100n),
    cacheWrite5m: price(input, 125n),
    cacheWrite1h: price(input, 200n),
    cacheRead: price(input, 10n),
    output: price(output, 100n),
  }
}

const PRICES: Readonly<Record<string, readonly [input: number, output: number]>> = {
  'claude-opus-4-8': [5, 25],
  'claude-sonnet-4-6': [3, 15],
  'claude-haiku-4-5': [1, 5],
}

/** Numbers in [0, 1), the same for the same three values. */
export function random(seed: number, stream: number, hour: number): () => number {
  let state = (Math.imul(seed, 0x9e3779b1) ^ Math.imul(stream + 1, 0x85ebca6b) ^ Math.imul(hour, 0xc2b2ae35)) >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
