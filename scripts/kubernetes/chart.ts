import { basename } from 'node:path'
import { parse, stringify } from 'yaml'
import { dashboardFiles } from '../../grafana/dashboards/index.ts'
import { ruleFiles } from '../../src/alerts/rule-files.ts'

const FOLDER = 'prometheus/kubernetes/chart/files'
const HEADER = '# Generated from src/alerts. Do not edit: "npm run docs" writes it.\n'

/** What the Helm chart holds that has another source: rules and dashboards, by their path in the repository. */
export function chartFiles(): ReadonlyMap<string, string> {
  const manifest = parse(ruleFiles().get('prometheus/kubernetes/prometheusrule.yaml') ?? '') as {
    readonly spec: object
  }
  return new Map([
    [`${FOLDER}/rules.yml`, HEADER + stringify(manifest.spec, { lineWidth: 0 })],
    ...[...dashboardFiles()].map(([path, json]): [string, string] => [`${FOLDER}/dashboards/${basename(path)}`, json]),
  ])
}
