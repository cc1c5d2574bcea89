import { OperatorError } from '../core/errors.ts'
import { overrideLists, type PriceLists, type PriceOverride } from './overrides.ts'
import { createPriceList, type PicoPrices, type PriceList } from './price-list.ts'
import type { DatedPrices, LongPrices, ModelPrices, PriceTable, UsdPrices } from './price-table.ts'
import type { Rate } from './pricing.ts'

/** Everything known about the price of one model. */
export interface ModelRow extends PriceLists {
  /** Canonical id. */
  readonly id: string
  readonly usInference: boolean
  readonly regionalPremium: boolean
}

/**
 * Compiles the shipped table and the user's prices: every known id and alias with the row of its model.
 * Throws OperatorError where two of the user's prices contradict each other.
 */
export function buildModels(table: PriceTable, overrides: readonly PriceOverride[]): ReadonlyMap<string, ModelRow> {
  const rows = new Map<string, ModelRow>()
  const idOf = new Map<string, string>()
  for (const model of table.models) {
    rows.set(model.id, shippedRow(model, table))
    for (const name of [model.id, ...(model.aliases ?? [])]) idOf.set(name, model.id)
  }
  // A later price replaces an earlier one from its day on, whatever their order in the configuration.
  const byDay = [...overrides].sort((a, b) => compareText(a.since, b.since))
  const starts = new Set<string>()
  for (const override of byDay) {
    const id = idOf.get(override.model) ?? override.model
    claimStart(override, id, starts)
    const known = rows.get(id)
    const lists = overrideLists(override, id, table)
    rows.set(id, known ? replaceFrom(known, lists) : { id, usInference: false, regionalPremium: false, ...lists })
    idOf.set(override.model, id)
  }
  addOverrideAliases(overrides, idOf)
  return resolve(idOf, rows)
}

function shippedRow({ id, standard, long = [], fast = [], ...model }: ModelPrices, { factors }: PriceTable): ModelRow {
  const compile = (list: Rate['list']) => (prices: DatedPrices | LongPrices) =>
    createPriceList(
      {
        model: id,
        list,
        since: prices.from ?? '',
        to: prices.to ?? '',
        thresholdTokens: 'thresholdTokens' in prices ? prices.thresholdTokens : -1,
        origin: 'shipped',
        pico: picoPrices(prices.usd),
      },
      factors,
    )
  return {
    id,
    usInference: model.usInference,
    regionalPremium: model.regionalPremium,
    standard: standard.map(compile('standard')),
    long: long.map(compile('long')),
    fast: fast.map(compile('fast')),
  }
}

function picoPrices([input, cacheWrite5m, cacheWrite1h, cacheRead, output]: UsdPrices): PicoPrices {
  // $1 per million tokens is a million pico-dollars per token; rounding only undoes the binary fraction.
  const pico = (usd: number) => Math.round(usd * 1_000_000)
  const picoOrNull = (usd: number | null) => (usd === null ? null : pico(usd))
  return {
    input: pico(input),
    cache_write_5m: picoOrNull(cacheWrite5m),
    cache_write_1h: picoOrNull(cacheWrite1h),
    cache_read: picoOrNull(cacheRead),
    output: pico(output),
  }
}

function claimStart({ model, since }: PriceOverride, id: string, starts: Set<string>): void {
  const start = `${since} ${id}`
  if (starts.has(start)) {
    throw new OperatorError(`Price of "${model}": given twice from the same day`, {
      seen: since || 'for all time',
      fix: 'Keep one of the two, or give them different "since" days.',
    })
  }
  starts.add(start)
}

function replaceFrom(row: ModelRow, lists: PriceLists): ModelRow {
  const start = Math.min(...lists.standard.map((list) => list.from))
  const before = (known: readonly PriceList[]) =>
    known.filter((list) => list.from < start).map((list) => ({ ...list, until: Math.min(list.until, start) }))
  return {
    ...row,
    standard: [...before(row.standard), ...lists.standard],
    long: [...before(row.long), ...lists.long],
    fast: [...before(row.fast), ...lists.fast],
  }
}

function addOverrideAliases(overrides: readonly PriceOverride[], idOf: Map<string, string>): void {
  const taken = new Map(overrides.map(({ model }) => [model, model]))
  for (const { model, aliases } of overrides) {
    for (const alias of aliases) {
      const other = taken.get(alias) ?? model
      if (other !== model) {
        throw new OperatorError(`Price of "${model}": the alias "${alias}" already stands for "${other}"`, {
          seen: alias,
          fix: 'Name each id in one price only.',
        })
      }
      taken.set(alias, model)
      idOf.set(alias, idOf.get(model) ?? model)
    }
  }
}

function resolve(idOf: ReadonlyMap<string, string>, rows: ReadonlyMap<string, ModelRow>): Map<string, ModelRow> {
  const known = new Map<string, ModelRow>()
  for (const [name, id] of idOf) {
    const row = rows.get(id)
    if (row) known.set(name, row)
  }
  return known
}

function compareText(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
