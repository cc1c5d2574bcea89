import { stringify } from 'yaml'
import { ALERT_GROUPS, RECORDING_GROUPS } from './catalogue.ts'
import { type AlertRule, DASHBOARDS, type RecordingRule, type RuleGroup } from './rule.ts'
import { runbookUrl } from './runbook.ts'
import { fillText } from './texts.ts'

/** Where Grafana is. */
const DASHBOARD_BASE = 'http://localhost:3000'

const HEADER = `# Generated from the catalogue of alerts in the source code (src/alerts). Do not edit: "npm run docs" writes it.
# Thresholds are metrics of the exporter, so nothing here changes when a budget or a setting does.
`

/** Rule files of Prometheus and the manifest of the operator, by their path in the repository. */
export function ruleFiles(): ReadonlyMap<string, string> {
  const recording = RECORDING_GROUPS.map((group) => rendered(group, renderRecording))
  const alerts = ALERT_GROUPS.map((group) => rendered(group, renderAlert))
  const manifest = {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: {
      name: 'claude-usage-exporter',
      labels: { 'app.kubernetes.io/name': 'claude-usage-exporter', role: 'alert-rules' },
    },
    spec: { groups: [...recording, ...alerts] },
  }
  return new Map([
    ['prometheus/rules/recording.yml', toYaml({ groups: recording })],
    ['prometheus/rules/alerts.yml', toYaml({ groups: alerts })],
    ['prometheus/kubernetes/prometheusrule.yaml', toYaml(manifest)],
  ])
}

function rendered<Rule extends AlertRule | RecordingRule>(
  { name, interval, rules }: RuleGroup<Rule>,
  render: (rule: Rule) => object,
): object {
  return { name, ...(interval === undefined ? {} : { interval }), rules: rules.map(render) }
}

function renderRecording({ record, expr }: RecordingRule): object {
  return { record, expr }
}

function renderAlert(rule: AlertRule): object {
  return {
    alert: rule.alert,
    expr: rule.expr,
    ...(rule.for === undefined ? {} : { for: rule.for }),
    ...(rule.keepFiringFor === undefined ? {} : { keep_firing_for: rule.keepFiringFor }),
    labels: { severity: rule.severity },
    annotations: {
      summary: rule.text.summary,
      description: fillText(rule.text.description, rule.values),
      dashboard_url: dashboardUrl(rule),
      runbook_url: runbookUrl(rule.alert),
    },
  }
}

function dashboardUrl({ dashboard, dashboardLabels = [] }: AlertRule): string {
  const url = `${DASHBOARD_BASE}/d/${DASHBOARDS[dashboard]}`
  const [first, ...others] = dashboardLabels
  if (first === undefined) return url
  if (others.length === 0) return `${url}?var-${first}={{ urlquery $labels.${first} }}`
  // An alert need not have all of several labels.
  const variables = dashboardLabels.map((label) => `{{ with $labels.${label} }}var-${label}={{ urlquery . }}&{{ end }}`)
  return `${url}?${variables.join('')}`
}

function toYaml(document: object): string {
  return HEADER + stringify(document, { lineWidth: 0 })
}
