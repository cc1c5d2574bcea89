import { accumulate, MEASURE, type Measures, setAmount, zeroMeasures } from '../core/measures.ts'
import {
  compareNumbers,
  compareOwners,
  compareValues,
  earlierPayer,
  earlierTime,
  type PricedPart,
  type Response,
} from '../core/response.ts'
import { newestTurns } from '../core/turns.ts'
import { FLAG, type SessionTurn, type SourceName, type UsagePart, type UsageRecord } from '../core/usage.ts'
import type { Append, Draft, RateRow } from '../ledger/ledger.ts'
import { cacheEffect } from '../pricing/cost.ts'
import type { Pricing, Rate } from '../pricing/pricing.ts'
import type { SourceBatch } from '../sources/source.ts'

export interface Folded {
  readonly streams: readonly Append[]
  readonly drafts: readonly Draft[]
  readonly duplicates: ReadonlyMap<SourceName, number>
  readonly closed: readonly { readonly source: SourceName; readonly identity: string }[]
  readonly claims: SourceBatch['claims']
  /** One per session at most. */
  readonly turns: readonly SessionTurn[]
  readonly rates: readonly RateRow[]
}

/**
 * Turns lines into responses: of all lines of one response the best numbers, the best owner and the earliest time, with
 * their price. Pure; the order of the lines does not matter.
 */
export function fold(batches: readonly SourceBatch[], pricing: Pricing): Folded {
  const groups = new Map<string, Group>()
  const duplicates = new Map<SourceName, number>()
  const closed: { source: SourceName; identity: string }[] = []
  for (const { source, stream, records, closed: identities } of batches) {
    for (const record of records) {
      const id = `${source}\n${record.identity}`
      const group = groups.get(id)
      if (group === undefined) groups.set(id, startGroup(record, stream))
      else {
        join(group, record, stream, pricing)
        duplicates.set(source, (duplicates.get(source) ?? 0) + 1)
      }
    }
    for (const identity of identities) {
      const group = groups.get(`${source}\n${identity}`)
      if (group) group.settled = true
      else closed.push({ source, identity })
    }
  }
  const rates = new Map<string, RateRow>()
  const drafts = [...groups.values()].map((group) => ({
    response: toResponse(group, pricing, rates),
    stream: group.stream,
  }))
  const claims = batches.flatMap((batch) =>
    batch.claims.map((claim) => ({ ...claim, model: pricing.name(claim.model).model })),
  )
  return {
    streams: streamsOf(batches),
    drafts,
    duplicates,
    closed,
    claims,
    turns: newestTurns(batches.flatMap(({ turns }) => turns)),
    rates: [...rates.values()],
  }
}

interface Group {
  numbers: UsageRecord
  owner: UsageRecord
  time: number
  timeGuessed: boolean
  paidBy: string | null
  shadows: string | null
  settled: boolean
  stream: string
}

function startGroup(record: UsageRecord, stream: string): Group {
  return {
    numbers: record,
    owner: record,
    time: record.time,
    timeGuessed: (record.flags & FLAG.guessedTime) !== 0,
    paidBy: record.paidBy,
    shadows: record.shadows,
    settled: record.settled,
    stream,
  }
}

function join(group: Group, record: UsageRecord, stream: string, pricing: Pricing): void {
  const order = compareNumbers(record, group.numbers)
  if (order > 0 || (order === 0 && comparePriced(record, group.numbers, pricing) > 0)) group.numbers = record
  if (compareOwners(record, group.owner) < 0) group.owner = record
  const when = earlierTime(group, { time: record.time, timeGuessed: (record.flags & FLAG.guessedTime) !== 0 })
  group.time = when.time
  group.timeGuessed = when.timeGuessed
  group.paidBy = earlierPayer(group.paidBy, record.paidBy)
  group.shadows ??= record.shadows
  group.settled ||= record.settled
  group.stream = stream
}

/** The last resort between two lines of equal rank, by what would be stored of them. */
function comparePriced(a: UsageRecord, b: UsageRecord, pricing: Pricing): number {
  const rates = new Map<string, RateRow>()
  const left = pricedParts(a, pricing, rates)
  const right = pricedParts(b, pricing, rates)
  if (left.length !== right.length) return left.length - right.length
  for (const [index, part] of left.entries()) {
    const order = compareValues(part.values, right[index]?.values ?? [])
    if (order !== 0) return order
  }
  return 0
}

function toResponse(group: Group, pricing: Pricing, rates: Map<string, RateRow>): Response {
  const { numbers, owner, time, timeGuessed, paidBy, shadows, settled } = group
  return {
    source: numbers.source,
    identity: numbers.identity,
    shadows,
    numbers: {
      winRank: numbers.winRank,
      rankOutput: numbers.rankOutput,
      rankTotal: numbers.rankTotal,
      time: numbers.time,
      uuid: numbers.uuid,
      flags: numbers.flags,
      parts: pricedParts(numbers, pricing, rates),
    },
    owner,
    time,
    timeGuessed,
    paidBy,
    settled,
  }
}

/** Parts with their prices; parts of one model under one rate become one. */
function pricedParts(record: UsageRecord, pricing: Pricing, rates: Map<string, RateRow>): PricedPart[] {
  const parts: PricedPart[] = []
  for (const [index, part] of record.parts.entries()) {
    const priced = pricedPart(record, part, pricing, rates)
    if (index === 0) addResponseMeasures(priced.values, record)
    const same = parts.find(
      (other) =>
        other.modelId === priced.modelId && other.rate === priced.rate && other.costOrigin === priced.costOrigin,
    )
    if (same) accumulate(same.values, priced.values)
    else parts.push(priced)
  }
  return parts
}

function pricedPart(record: UsageRecord, part: UsagePart, pricing: Pricing, rates: Map<string, RateRow>): PricedPart {
  const { tokens, webSearches, model: modelId } = part
  const { model, provider } = pricing.name(modelId)
  const { rate, cost, origin, unpricedTokens } = pricing.price({
    source: record.source,
    model: modelId,
    time: record.time,
    tokens,
    terms: record.terms,
    webSearches,
    recorded: record.parts.length === 1 ? record.recordedCost : null,
  })
  const values = zeroMeasures()
  values[MEASURE.input] = tokens.input
  values[MEASURE.cache_write_5m] = tokens.cacheWrite5m
  values[MEASURE.cache_write_1h] = tokens.cacheWrite1h
  values[MEASURE.cache_read] = tokens.cacheRead
  values[MEASURE.output] = tokens.output
  values[MEASURE.web_searches] = webSearches
  values[MEASURE.unpriced] = unpricedTokens
  setAmount(values, 'cost_usd', cost)
  if (rate !== null) {
    if (!rates.has(rate.key)) rates.set(rate.key, toRateRow(rate))
    const { savings, premium } = cacheEffect(rate, tokens)
    setAmount(values, 'saved_usd', savings)
    setAmount(values, 'premium_usd', premium)
  }
  return {
    model,
    modelId,
    provider: record.provider === '' ? provider : record.provider,
    rate: rate?.key ?? '',
    costOrigin: origin,
    values,
  }
}

function addResponseMeasures(values: Measures, { flags, reasoning, unsplit }: UsageRecord): void {
  const isRequest = (flags & (FLAG.error | FLAG.notARequest)) === 0
  values[MEASURE.reasoning] = reasoning
  values[MEASURE.unsplit] = unsplit
  values[MEASURE.errors] = flags & FLAG.error ? 1 : 0
  if (!isRequest) return
  values[MEASURE.requests] = 1
  values[MEASURE.unfinal] = flags & FLAG.unfinal ? 1 : 0
  values[MEASURE.no_usage] = flags & FLAG.noUsage ? 1 : 0
  values[MEASURE.unreconciled] = flags & FLAG.unreconciled ? 1 : 0
}

function toRateRow({ key, model, list, since, origin, factors, pico }: Rate): RateRow {
  const description = [`${list} list`, since && `since ${since}`, origin, ...factors].filter(Boolean).join(', ')
  return {
    key,
    model,
    description,
    pico: [pico.input, pico.cache_write_5m, pico.cache_write_1h, pico.cache_read, pico.output],
  }
}

/** One entry per stream: from the cursor before its first batch to the cursor after its last. */
function streamsOf(batches: readonly SourceBatch[]): Append[] {
  const streams = new Map<string, Append>()
  for (const { source, stream, path, expected, cursor, tally } of batches) {
    const id = `${source}\n${stream}`
    const earlier = streams.get(id)
    const rejected: Record<string, number> = { ...earlier?.rejected }
    for (const [reason, count] of Object.entries(tally.rejected)) rejected[reason] = (rejected[reason] ?? 0) + count
    streams.set(id, {
      source,
      stream,
      path,
      expected: earlier ? earlier.expected : expected,
      cursor,
      lines: (earlier?.lines ?? 0) + tally.lines,
      bytes: (earlier?.bytes ?? 0) + tally.bytes,
      rejected,
    })
  }
  return [...streams.values()]
}
