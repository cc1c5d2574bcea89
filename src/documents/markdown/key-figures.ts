import type { Overview } from '../../overview/overview.ts'
import { countText, percentText, sumUsd, UNKNOWN, usdText } from '../figures.ts'
import { dayOf, shortDate } from '../times.ts'
import { left, right, table } from './table.ts'

type Window = NonNullable<Overview['status']['today']>

/** Use today, in the last 7 days and this month, side by side. */
export function keyFigures({ status, agents, summary, sources }: Overview): string[] {
  const { today, last7Days, monthToDate } = status
  const windows = [today, last7Days, monthToDate]
  const row = (header: string, value: (window: Window) => string) => [
    header,
    ...windows.map((window) => (window === null ? UNKNOWN : value(window))),
  ]
  const tokens = (header: string, value: (tokens: Window['tokens']) => number) =>
    row(header, (window) => countText(value(window.tokens)))
  return [
    ...table(
      [left('Figure'), right('Today'), right('Last 7 days'), right('This month')],
      [
        row('Estimated cost (paid per token)', ({ estimatedCostUsd }) => usdText(estimatedCostUsd)),
        row('Plan value (covered by a plan)', ({ planValueUsd }) => usdText(planValueUsd)),
        ...(sources.rows.some(({ kind }) => kind === 'api')
          ? [row('Billed by the provider (UTC days)', ({ billedCostUsd }) => usdText(billedCostUsd))]
          : []),
        tokens('Tokens', ({ total }) => total),
        tokens('- uncached input', ({ input }) => input),
        tokens('- cache writes, 5 minutes', ({ cacheWrite5m }) => cacheWrite5m),
        tokens('- cache writes, 1 hour', ({ cacheWrite1h }) => cacheWrite1h),
        tokens('- cache reads', ({ cacheRead }) => cacheRead),
        tokens('- output', ({ output }) => output),
        row('Requests', ({ requests }) => countText(requests)),
        row('Prompt read from the cache', ({ tokens: used }) => shareOfCache(used)),
      ],
    ),
    '',
    cacheText(agents.totals, summary),
  ]
}

function shareOfCache({ input, cacheWrite5m, cacheWrite1h, cacheRead }: Window['tokens']): string {
  const prompt = input + cacheWrite5m + cacheWrite1h + cacheRead
  return prompt === 0 ? 'no prompt' : percentText(cacheRead / prompt)
}

function cacheText(week: Overview['agents']['totals'], { providers, range, grandTotal }: Overview['summary']): string {
  if (week === null || grandTotal === null) return 'What the cache saved is unknown.'
  const totals = providers.flatMap(({ totals }) => totals ?? [])
  const month = sumUsd(totals.map(({ cacheSavingsUsd }) => cacheSavingsUsd))
  const ofPlan = sumUsd(totals.map(({ cacheSavingsOfPlanUsd }) => cacheSavingsOfPlanUsd))
  const since = `since ${shortDate(dayOf(range.from))}`
  const parts = [
    ...(month === 0 && week.cacheSavingsUsd === 0
      ? []
      : [`${savedText(week.cacheSavingsUsd)} in the last 7 days with today, and ${since} it ${savedText(month)}`]),
    ...(ofPlan === 0 ? [] : [`${savedText(ofPlan)} ${since} of use that a plan covers`]),
  ]
  if (parts.length === 0) return `The cache saved nothing ${since}.`
  return `With what its writes cost more taken off, the cache ${parts.join('; it ')}.`
}

function savedText(usd: number): string {
  return usd < 0 ? `cost ${usdText(-usd)} more than it saved` : `saved ${usdText(usd)}`
}
