import { statPanel } from '../../lib/panels.ts'
import type { Select } from '../../lib/select.ts'
import { ONE_WANTED, yesNo } from '../../lib/thresholds.ts'

interface Sign {
  readonly id: number
  readonly title: string
  readonly description: string
  readonly yes: string
  readonly no: string
  readonly expr: string
  readonly noValue?: string
}

export function reachable(select: Select) {
  return sign({
    id: 1,
    title: 'Exporter',
    description: 'Whether Prometheus reaches every exporter chosen.',
    yes: 'up',
    no: 'down',
    expr: `min(${select('up')} and on (job, instance) last_over_time(${select('claude_exporter_build_info')}[1h]))`,
  })
}

export function loaded(select: Select) {
  return sign({
    id: 2,
    title: 'History',
    description:
      'Whether the history found at the first start is loaded. Until then nothing of session logs is served.',
    yes: 'loaded',
    no: 'loading',
    expr: `min(${select('claude_exporter_load_complete')})`,
  })
}

export function ledger(select: Select) {
  return sign({
    id: 3,
    title: 'Ledger',
    description: 'Whether the last transaction of the ledger succeeded. If not, figures are those of the last success.',
    yes: 'writing',
    no: 'failing',
    expr: `min(${select('claude_exporter_ledger_up')})`,
  })
}

export function reload(select: Select) {
  return sign({
    id: 4,
    title: 'Configuration',
    description: 'Whether the configuration was accepted when it was last read. If not, the one before stays in force.',
    yes: 'in force',
    no: 'refused',
    expr: `min(${select('claude_exporter_config_last_reload_successful')})`,
  })
}

export function credentials(select: Select) {
  return sign({
    id: 5,
    title: 'Credentials',
    description: "Whether the API accepts every organisation's credential. Nothing without an organisation.",
    yes: 'accepted',
    no: 'refused',
    noValue: 'no organisation',
    expr: `min(${select('claude_exporter_credentials_valid')})`,
  })
}

export function version(select: Select) {
  return statPanel({
    id: 6,
    title: 'Version',
    description: 'Versions of the exporters that run.',
    unit: 'state',
    width: 4,
    height: 3,
    shows: 'name',
    queries: [
      { refId: 'A', expr: `count by (version) (${select('claude_exporter_build_info')})`, legend: '{{version}}' },
    ],
  })
}

function sign({ yes, no, expr, ...texts }: Sign) {
  return statPanel({
    ...texts,
    unit: 'state',
    width: 4,
    height: 3,
    thresholds: ONE_WANTED,
    mappings: [yesNo(yes, no)],
    queries: [{ refId: 'A', expr }],
  })
}
