import { COLLECTORS, type Collector, type FamilyInfo } from './definition.ts'
import { definitions } from './definitions.ts'
import { healthDefinitions } from './health-definitions.ts'

interface ReferenceRow extends FamilyInfo {
  readonly labels: readonly string[]
  readonly collector: Collector
}

const INTRODUCTION = `# Metrics

Generated from the metric table in the source code. Do not edit.

The collector in each heading is what \`collect[]\` and \`exclude[]\` of a scrape take, for example
\`/metrics?collect[]=cost&collect[]=exporter\`. Money is in US dollars, time in seconds, ratios run from 0 to 1.
Values nobody reported are words: \`unknown\`, \`none\`, \`default\`. \`token_type\` is one of \`input\` (uncached),
\`cache_write_5m\`, \`cache_write_1h\`, \`cache_read\`, \`output\`; the five never overlap.

The counters of session logs continue over restarts. A label set that appears while the exporter runs is shown at 0
first, in all of its counters, so that \`increase()\` sees the first step. The exceptions are the two \`reversed\`
families, which are almost always empty: they begin with the first correction, and the value itself is the figure to
take then.

The label \`machine\` says on whose logs a response was found first. By default (\`metrics.machine_label: auto\`) session
families have it from the moment on when the ledger knows a second machine: all their series change their names at once,
once, and keep them until a restart finds one machine again. No counter starts over at that: each goes on under its new
labels with the value it had. Prometheus takes the first sample of a series as where it stands and not as an increase, so
\`increase()\` and \`rate()\` count nothing twice; of what happens between the last scrape before and the first scrape
after, they know nothing. The old series end with that scrape, so sums over series are not doubled either. Gauges of
sessions that are active stay under their old labels at 0. Queries that aggregate (\`sum by (project)\`) need no change;
write \`sum without (machine)\` where one series per label set was expected, or set the label to \`always\` or \`never\` from
the beginning.
`

const PROCESS = `The \`process_*\` and \`nodejs_*\` metrics of [prom-client](https://github.com/siimon/prom-client), without three gauges
whose names end in \`_total\`.
`

/** The text of \`prometheus/metrics.md\`: every family by collector. */
export function metricsReference(): string {
  const rows: readonly ReferenceRow[] = [...definitions, ...Object.values(healthDefinitions)]
  const sections = COLLECTORS.map((collector) => {
    const own = rows.filter((row) => row.collector === collector).sort((a, b) => (a.name < b.name ? -1 : 1))
    return `## ${collector}\n\n${own.length === 0 ? PROCESS : table(own)}`
  })
  return [INTRODUCTION, ...sections].join('\n')
}

function table(rows: readonly ReferenceRow[]): string {
  const lines = rows.map((row) =>
    [code(row.name), row.type, row.labels.map(code).join(', ') || '-', row.unit || '-', escapeCell(row.help)].join(
      ' | ',
    ),
  )
  const head = ['name | type | labels | unit | meaning', '--- | --- | --- | --- | ---']
  return [...head, ...lines].map((line) => `| ${line} |\n`).join('')
}

function code(text: string): string {
  return `\`${text}\``
}

function escapeCell(text: string): string {
  return text.replaceAll('|', '\\|')
}
