import { parseArgs } from 'node:util'
import { HISTORIES } from './forecast-histories.ts'
import { METHOD_NAMES } from './forecast-methods.ts'
import { ELAPSED, type PeriodName, scoreOf, type Trial, tryAll } from './forecast-scores.ts'

const USAGE = `Compares ways to forecast a budget on made-up histories, and prints Markdown tables.

  npx tsx bench/forecast.ts [options]

  --seeds N    periods per history and kind of period (default 60)
`
const KINDS = ['day', 'week', 'month'] as const satisfies readonly PeriodName[]

const { values } = parseArgs({
  options: { seeds: { type: 'string', default: '60' }, help: { type: 'boolean', short: 'h', default: false } },
})

if (values.help) console.log(USAGE)
else for (const kind of KINDS) printKind(kind, Number(values.seeds))

function printKind(kind: PeriodName, seeds: number): void {
  const trials = HISTORIES.flatMap((history) => tryAll(kind, history, seeds))
  console.log(`\n### ${kind}: median / 90th percentile of the error\n`)
  const rows = HISTORIES.map((history) => {
    const own = trials.filter((trial) => trial.history === history)
    const { bias, inBand } = scoreOf(own.filter(({ method }) => method === 'shipped'))
    return [history, ...errorCells(own), percent(bias), percent(inBand)]
  })
  printTable(['history', ...METHOD_NAMES, 'bias of shipped', 'in its band'], rows)
  console.log(`\n### ${kind}, by how much has passed: mean over the histories of the median error\n`)
  printTable(
    ['passed', ...METHOD_NAMES, 'in the band of shipped'],
    ELAPSED.map((elapsed) => {
      const own = trials.filter((trial) => trial.elapsed === elapsed)
      const { inBand } = scoreOf(own.filter(({ method }) => method === 'shipped'))
      return [percent(elapsed), ...meanMedians(own), percent(inBand)]
    }),
  )
}

function errorCells(trials: readonly Trial[]): string[] {
  return METHOD_NAMES.map((name) => {
    const { median, percentile90 } = scoreOf(trials.filter(({ method }) => method === name))
    return `${percent(median)} / ${percent(percentile90)}`
  })
}

function meanMedians(trials: readonly Trial[]): string[] {
  return METHOD_NAMES.map((name) => {
    const medians = HISTORIES.map((history) =>
      trials.filter((trial) => trial.method === name && trial.history === history),
    )
      .filter((own) => own.length > 0)
      .map((own) => scoreOf(own).median)
    return percent(medians.reduce((sum, value) => sum + value, 0) / medians.length)
  })
}

function printTable(head: readonly string[], rows: readonly (readonly string[])[]): void {
  for (const row of [head, head.map(() => '---'), ...rows]) console.log(`| ${row.join(' | ')} |`)
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`
}
