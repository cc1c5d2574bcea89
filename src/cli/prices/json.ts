import { usdFromPico } from '../../core/money.ts'
import { isoDate, isoTime } from '../../core/period.ts'
import { TOKEN_CLASSES, type TokenClass } from '../../core/usage.ts'
import type { PriceEntry, PriceReport } from './price-report.ts'

const NAMES: Readonly<Record<TokenClass, string>> = {
  input: 'input',
  cache_write_5m: 'cacheWrite5m',
  cache_write_1h: 'cacheWrite1h',
  cache_read: 'cacheRead',
  output: 'output',
}

/** The prices as a JSON document. Days are UTC; `until` is excluded. */
export function pricesJson({ now, at, table, version, entries, configuredAliases, unpriced }: PriceReport) {
  const [us, region, batch] = [table.factors.us, table.factors.region, table.factors.batch].map(
    ([over, under]) => over / under,
  )
  return {
    schemaVersion: 1,
    report: 'prices',
    generatedAt: isoTime(now, 'UTC'),
    at: isoTime(at, 'UTC'),
    table: { date: table.asOf, version },
    webSearchUsdPerThousand: table.webSearchUsdPerThousand,
    factors: { usInference: us, bedrockRegion: region, batch },
    prices: entries.map(entryJson),
    configuredAliases: Object.fromEntries(configuredAliases),
    unpriced: unpriced?.map(({ provider, model, tokens }) => ({ provider, model, tokens: Number(tokens) })) ?? null,
  }
}

function entryJson({ model, aliases, list, kind, state, evidence }: PriceEntry) {
  const { pico, origin } = list.rates.none.plain
  return {
    model,
    aliases,
    list: kind,
    promptTokensAbove: list.thresholdTokens < 0 ? null : list.thresholdTokens,
    state,
    since: list.since === '' ? null : list.since,
    until: Number.isFinite(list.until) ? isoDate(list.until, 'UTC') : null,
    usdPerMillionTokens: Object.fromEntries(
      TOKEN_CLASSES.map((name) => [
        NAMES[name],
        pico[name] === null ? null : usdFromPico(BigInt(pico[name]) * 1_000_000n),
      ]),
    ),
    origin: origin === 'shipped' ? 'table' : 'configuration',
    evidence:
      evidence === null ? null : { confidence: evidence.confidence, source: evidence.source, asOf: evidence.asOf },
  }
}
