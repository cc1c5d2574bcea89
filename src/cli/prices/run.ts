import type { Command } from 'commander'
import type { Config } from '../../config/config.ts'
import { flagsFrom } from '../../config/flags.ts'
import { loadConfig } from '../../config/load.ts'
import { pricingOf } from '../../configured-pricing.ts'
import { OperatorError } from '../../core/errors.ts'
import { ledgerPlace } from '../../ledger-place.ts'
import { closest } from '../../lib/suggest.ts'
import { buildModels } from '../../pricing/models.ts'
import { PRICE_TABLE } from '../../pricing/prices.ts'
import { jsonText } from '../../report/json.ts'
import type { Io } from '../io.ts'
import type { PricesOptions } from './command.ts'
import { pricesJson } from './json.ts'
import { type PriceReport, priceEntries, type UnpricedModel, unpricedModels } from './price-report.ts'
import { pricesLines } from './table.ts'

/** Prints the prices in force. */
export async function runPrices(io: Io, command: Command): Promise<void> {
  const options = command.opts<PricesOptions>()
  const { config } = await loadConfig({ ...io.host, flags: flagsFrom(command) })
  const report = await makeReport(config, options, io.clock)
  if (options.json) io.stdout.write(jsonText(pricesJson(report)))
  else io.stdout.write(`${pricesLines(report, io.stdout).join('\n')}\n`)
}

async function makeReport(config: Config, options: PricesOptions, clock: Io['clock']): Promise<PriceReport> {
  const now = clock.now()
  const { all = false, model, at = now } = options
  const { overrides, aliases } = config.pricing
  const pricing = pricingOf(config)
  const models = buildModels(PRICE_TABLE, overrides)
  const name = model === undefined ? null : pricing.name(model).model
  if (name !== null && !models.has(name)) throw noPrice(name, models.keys())
  const entries = priceEntries(models, PRICE_TABLE, at).filter(
    (entry) => (all || entry.state === 'in force') && (name === null || entry.model === name),
  )
  const unpriced = await unpricedIn(config, clock)
  return { now, at, table: PRICE_TABLE, version: pricing.version, entries, configuredAliases: aliases, unpriced }
}

async function unpricedIn(config: Config, clock: Io['clock']): Promise<UnpricedModel[] | null> {
  const place = ledgerPlace(config, clock)
  if (!place.exists()) return null
  const ledger = await place.openReader()
  try {
    return await unpricedModels(ledger)
  } finally {
    await ledger.close()
  }
}

function noPrice(name: string, known: Iterable<string>): OperatorError {
  const near = closest(name, [...known])
  return new OperatorError('No price is known for this model', {
    seen: name,
    fix: `Give one under pricing.overrides, or leave out --model for all that are known.${near === null ? '' : ` Did you mean ${near}?`}`,
  })
}
