import { readdirSync, readFileSync } from 'node:fs'
import { parse as parseYaml } from 'yaml'

/** What stands in the rule files as they are shipped. */
export interface ShippedRule {
  readonly alert?: string
  readonly record?: string
  readonly expr: string
  readonly for?: string
  readonly keep_firing_for?: string
  readonly labels?: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
}

export interface ShippedGroup {
  readonly name: string
  readonly rules: readonly ShippedRule[]
}

/** Path of a file in `prometheus/`. */
export function prometheusFile(name: string): string {
  return new URL(`../../prometheus/${name}`, import.meta.url).pathname
}

export function readPrometheusFile(name: string): string {
  return readFileSync(prometheusFile(name), 'utf8')
}

export const alertGroups = (parseYaml(readPrometheusFile('rules/alerts.yml')) as { groups: ShippedGroup[] }).groups
export const recordingGroups = (parseYaml(readPrometheusFile('rules/recording.yml')) as { groups: ShippedGroup[] })
  .groups
export const alertRules = alertGroups.flatMap(({ rules }) => rules)
export const recordingRules = recordingGroups.flatMap(({ rules }) => rules)
export const alertNames = [...new Set(alertRules.map(({ alert = '' }) => alert))]

/** Names of the promtool test files, in `prometheus/rules/tests`. */
export const unitTestFiles = readdirSync(prometheusFile('rules/tests')).filter((name) => name.endsWith('.yml'))
