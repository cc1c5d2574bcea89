import { accumulate, type Measures, zeroMeasures } from '../../../src/core/measures.ts'
import { SOURCE_NAMES } from '../../../src/core/usage.ts'
import { DIMENSIONS, type Ledger } from '../../../src/ledger/ledger.ts'
import { labelValues } from '../../../src/ledger/stored-label.ts'
import { ALL_TIME, DAY_1 } from '../organization/rows.ts'
import { START } from './rich-ledger.ts'

const EVER = { from: -(10 ** 14), to: 10 ** 14 }

/** Everything a ledger answers, without its own ids and without the name of its machine, in an order of its own. */
export async function picture(ledger: Ledger): Promise<unknown> {
  const labels = new Map(
    (await ledger.labels()).map(({ id, machine, ...label }) => [
      id,
      JSON.stringify({ ...label, machine: machine === ledger.machine }),
    ]),
  )
  const name = (id: number) => labels.get(id) ?? 'no label'
  const by = DIMENSIONS.filter((dimension) => dimension !== 'day' && dimension !== 'machine')
  const perSource = async <T>(read: (source: (typeof SOURCE_NAMES)[number]) => Promise<T>) =>
    Object.fromEntries(await Promise.all(SOURCE_NAMES.map(async (source) => [source, await read(source)] as const)))
  const all = {
    labels: [...labels.values()],
    usage: await ledger.usage({ ...EVER, by }),
    total: await ledger.usage({ ...EVER, by: [] }),
    slots: (await ledger.slots(EVER.from)).map((row) => ({ ...row, label: name(row.label) })),
    counters: (await ledger.counters()).map((row) => ({ ...row, label: name(row.label) })),
    sessions: (await ledger.sessions(EVER)).map((row) => ({ ...row, uses: sorted(row.uses) })),
    sessionStarts: (await ledger.sessionStarts()).map((row) => ({ ...row, label: name(row.label) })),
    sessionSlots: (await ledger.sessionSlots(EVER.from, EVER.to)).map((row) => ({ ...row, label: name(row.label) })),
    active: (await ledger.activeSessions(START, START + 10 ** 9)).map((row) => ({ ...row, label: name(row.label) })),
    explained: (await ledger.explain(EVER)).map((row) => ({
      ...row,
      label: labelValues({ ...row.label, machine: '' }),
    })),
    tallies: await ledger.tallies(),
    unlogged: await ledger.unlogged(),
    roots: await perSource((source) => ledger.loadedRoots(source)),
    streams: await perSource(async (source) => sorted(await ledger.streams(source))),
    heldStreams: await perSource(async (source) => sorted(await ledger.heldStreams(source))),
    held: await ledger.heldCount(),
    span: await ledger.span(),
    lastStored: await ledger.lastStored(),
    runs: (await ledger.runs({ limit: 100 })).map(({ id: _, ...run }) => run),
    directories: await ledger.directories(),
    organizations: await ledger.organizations(),
    coverage: await ledger.coverage('default', 'cost', ALL_TIME),
    apiUsage: await ledger.apiUsage({ ...ALL_TIME, by: ['organization', 'model'] }),
    billed: await ledger.billedCost({ ...ALL_TIME, by: ['organization', 'description'], edges: [DAY_1] }),
    claudeCode: await ledger.claudeCode(ALL_TIME),
    periods: await ledger.budgetPeriods({}),
    crossings: await ledger.crossings({}),
    forecasts: await ledger.forecasts({}),
  }
  return JSON.parse(
    JSON.stringify(
      Object.fromEntries(
        Object.entries(all).map(([key, value]) => [key, Array.isArray(value) ? sorted<unknown>(value) : value]),
      ),
      (_, value) => (typeof value === 'bigint' ? String(value) : value),
    ),
  )
}

/** What a ledger adds up to, all machines together. */
export async function totalOf(ledger: Ledger): Promise<Measures> {
  const sum = zeroMeasures()
  for (const { values } of await ledger.usage({ ...EVER, by: ['model'] })) accumulate(sum, values)
  return sum
}

function sorted<T>(values: readonly T[]): T[] {
  const text = (value: T) => JSON.stringify(value, (_, cell) => (typeof cell === 'bigint' ? String(cell) : cell))
  return [...values].sort((a, b) => (text(a) < text(b) ? -1 : 1))
}
