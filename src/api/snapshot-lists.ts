import { usdFromPico } from '../core/money.ts'
import { SYNC_RESULTS } from '../core/sync-run.ts'
import type { TokenClass } from '../core/usage.ts'
import { runJson } from '../report/run-json.ts'
import type { SourceHealth } from '../view/snapshot.ts'
import type { ApiContext } from './context.ts'
import { documentHead, timeOrNull } from './head.ts'
import { PAGE, pageOf, readPage } from './page.ts'
import { integer, name, oneOf, type Values } from './parameter.ts'
import type { PricesDocument, RunsDocument, SourcesDocument } from './schema/lists.ts'

const ORDER = oneOf('From A to Z unless given.', ['asc', 'desc'])

export const SOURCES_PARAMETERS = { order: ORDER, ...PAGE }

export const PRICES_PARAMETERS = {
  model: name('Only this model.'),
  sort: oneOf('What rows are sorted by; the model unless given.', ['model', 'input', 'output']),
  order: oneOf('Smallest or largest first; the smallest unless given.', ['asc', 'desc']),
  ...PAGE,
}

export const RUNS_PARAMETERS = {
  source: name('Only runs over this source, for example `anthropic-usage`.'),
  result: oneOf('Only runs with this result.', SYNC_RESULTS),
  limit: PAGE.limit,
  offset: integer('Rows to leave out at the beginning.', 0, 10_000),
}

/** The run log, newest first. */
export async function runsDocument(values: Values<typeof RUNS_PARAMETERS>, context: ApiContext): Promise<RunsDocument> {
  const { timeZone, ledger } = context
  const { source, result } = values
  const { page, rows } = await readPage(
    (limit) => ledger.runs({ ...(source !== undefined && { source }), ...(result !== undefined && { result }), limit }),
    values,
  )
  return {
    ...documentHead('runs', context, timeZone),
    page,
    rows: rows.map((run) => runJson(run, timeZone)),
  }
}

/** Where figures come from, and how that goes. No paths. */
export function sourcesDocument(values: Values<typeof SOURCES_PARAMETERS>, context: ApiContext): SourcesDocument {
  const { current, timeZone } = context
  const next = new Map(current.nextRuns)
  const logs = current.sources.map((source) => ({
    source: source.source,
    kind: 'logs' as const,
    organization: null,
    inUse: isInUse(source),
    up: isInUse(source) ? source.up : null,
    lastSuccess: timeOrNull(source.lastSuccess, timeZone),
    dataTo: timeOrNull(source.watermark, timeZone),
    nextRun: null,
    files: source.streams,
    linesRead: source.lines,
    rejectedLines: rejectedLines(source),
  }))
  const apis = current.organizations.organizations.flatMap(({ organization, sources }) =>
    sources.map(({ source, up, lastSuccess, watermark }) => ({
      source,
      kind: 'api' as const,
      organization,
      inUse: true,
      up,
      lastSuccess: timeOrNull(lastSuccess, timeZone),
      dataTo: timeOrNull(watermark, timeZone),
      nextRun: timeOrNull(next.get(source) ?? null, timeZone),
      files: null,
      linesRead: null,
      rejectedLines: null,
    })),
  )
  const sign = values.order === 'desc' ? -1 : 1
  const all = [...logs, ...apis].sort((a, b) => sign * compareText(a.source, b.source))
  return { ...documentHead('sources', context, timeZone), ...pageOf(all, values) }
}

/** List prices in force now. */
export function pricesDocument(values: Values<typeof PRICES_PARAMETERS>, context: ApiContext): PricesDocument {
  const { sort = 'model', order, model: only } = values
  const byModel = new Map<string, Map<TokenClass, number>>()
  for (const { model, tokenClass, pico } of context.current.prices) {
    if (only !== undefined && model !== only) continue
    byModel.set(model, (byModel.get(model) ?? new Map()).set(tokenClass, pico))
  }
  const rows = [...byModel].map(([model, prices]) => {
    const usd = (tokenClass: TokenClass) => {
      const pico = prices.get(tokenClass)
      return pico === undefined ? null : usdFromPico(BigInt(pico) * 1_000_000n)
    }
    return {
      model,
      usdPerMillionTokens: {
        input: usd('input'),
        cacheWrite5m: usd('cache_write_5m'),
        cacheWrite1h: usd('cache_write_1h'),
        cacheRead: usd('cache_read'),
        output: usd('output'),
      },
    }
  })
  const sign = order === 'desc' ? -1 : 1
  const price = (row: (typeof rows)[number]) =>
    sort === 'model' ? 0 : (row.usdPerMillionTokens[sort] ?? Number.NEGATIVE_INFINITY)
  rows.sort((a, b) => sign * (comparePrice(price(a), price(b)) || compareText(a.model, b.model)))
  return { ...documentHead('prices', context, context.timeZone), ...pageOf(rows, values) }
}

/** An agent that is not installed has no folders; one whose folders have gone has data. */
function isInUse({ roots, watermark }: SourceHealth): boolean {
  return watermark !== null || roots.some(({ state, problem }) => state !== 'missing' || problem !== null)
}

function rejectedLines({ rejected }: SourceHealth): number {
  return Object.values(rejected).reduce((sum, lines) => sum + lines, 0)
}

function comparePrice(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
