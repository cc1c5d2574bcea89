import { MEASURE } from '../../core/measures.ts'
import { type Ledger, SLOT_MS } from '../../ledger/ledger.ts'
import { standardList } from '../../pricing/catalogue.ts'
import type { ModelRow } from '../../pricing/models.ts'
import type { PriceList } from '../../pricing/price-list.ts'
import type { Evidence, PriceTable } from '../../pricing/price-table.ts'

/** One list of a model and when it applies. */
export interface PriceEntry {
  readonly model: string
  /** Other ids that mean the model. */
  readonly aliases: readonly string[]
  readonly list: PriceList
  readonly kind: 'standard' | 'long' | 'fast'
  readonly state: 'in force' | 'over' | 'to come'
  /** Where the shipped price comes from; null for one of the configuration. */
  readonly evidence: Evidence | null
}

export interface UnpricedModel {
  readonly provider: string
  readonly model: string
  readonly tokens: bigint
}

/** Everything the list of prices is printed from. */
export interface PriceReport {
  /** Epoch milliseconds. */
  readonly now: number
  readonly at: number
  readonly table: PriceTable
  /** Fingerprint of all prices in force. */
  readonly version: string
  readonly entries: readonly PriceEntry[]
  /** From an id as logged to the one it is treated as. */
  readonly configuredAliases: ReadonlyMap<string, string>
  /** The most tokens first; null where there is no ledger. */
  readonly unpriced: readonly UnpricedModel[] | null
}

/**
 * Lists of the models in the order of the table, those of the configuration alone at the end.
 *
 * @param models every known id and alias with the row of its model
 * @param at epoch milliseconds
 */
export function priceEntries(models: ReadonlyMap<string, ModelRow>, table: PriceTable, at: number): PriceEntry[] {
  const names = new Map<ModelRow, string[]>()
  for (const [name, row] of models) {
    const list = names.get(row) ?? []
    names.set(row, list)
    if (name !== row.id) list.push(name)
  }
  const evidence = new Map(table.models.map((model) => [model.id, model]))
  return [...names].flatMap(([row, aliases]) => {
    const entries = (
      kind: PriceEntry['kind'],
      lists: readonly PriceList[],
      stateOf: (list: PriceList) => PriceEntry['state'],
    ) =>
      lists.map((list): PriceEntry => {
        const isShipped = list.rates.none.plain.origin === 'shipped'
        return {
          model: row.id,
          aliases,
          list,
          kind,
          state: stateOf(list),
          evidence: isShipped ? (evidence.get(row.id) ?? null) : null,
        }
      })
    const current = standardList(row, at)
    // The oldest standard price also stands for the time before it.
    const standardState = (list: PriceList) =>
      list === current ? 'in force' : stateAt(list, at) === 'to come' ? 'to come' : 'over'
    const state = (list: PriceList) => stateAt(list, at)
    return [
      ...entries('standard', row.standard, standardState),
      ...entries('long', row.long, state),
      ...entries('fast', row.fast, state),
    ]
  })
}

/** Models of the whole ledger with tokens that no price was known for. */
export async function unpricedModels(ledger: Ledger): Promise<UnpricedModel[]> {
  const span = await ledger.span()
  if (span === null) return []
  const rows = await ledger.usage({ from: span.first, to: span.last + SLOT_MS, by: ['provider', 'model'] })
  return rows
    .map(({ group: [provider = '', model = ''], values }) => ({
      provider,
      model,
      tokens: BigInt(values[MEASURE.unpriced] ?? 0),
    }))
    .filter(({ tokens }) => tokens > 0n)
    .sort((a, b) => (a.tokens === b.tokens ? 0 : a.tokens > b.tokens ? -1 : 1))
}

function stateAt({ from, until }: PriceList, at: number): PriceEntry['state'] {
  if (from > at) return 'to come'
  return until <= at ? 'over' : 'in force'
}
