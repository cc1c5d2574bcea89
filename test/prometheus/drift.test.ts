import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse as parseYaml } from 'yaml'
import { DASHBOARDS } from '../../src/alerts/rule.ts'
import { ruleFiles } from '../../src/alerts/rule-files.ts'
import { NOTICE_TEXTS } from '../../src/alerts/texts.ts'
import { ALERT_THRESHOLDS } from '../../src/core/alert-thresholds.ts'
import { definitions } from '../../src/metrics/definitions.ts'
import { healthDefinitions } from '../../src/metrics/health-definitions.ts'
import { labelsIn } from './promql/labels.ts'
import { type Expr, parse } from './promql/parse.ts'
import {
  alertGroups,
  alertNames,
  alertRules,
  prometheusFile,
  readPrometheusFile,
  recordingGroups,
  recordingRules,
  unitTestFiles,
} from './rule-files.ts'

const TARGET = ['job', 'instance']
const families = new Map<string, readonly string[]>([
  ['up', []],
  ...[...definitions, ...Object.values(healthDefinitions)].map(({ name, labels }) => [name, labels] as const),
])

/** Labels of a family of the exporter, or of a recording rule by its own expression. */
function labelsOf(name: string): ReadonlySet<string> {
  const labels = families.get(name)
  if (labels !== undefined) return new Set([...TARGET, ...labels])
  const rule = recordingRules.find(({ record }) => record === name)
  if (rule === undefined) throw new Error(`neither a metric nor a recording rule: ${name}`)
  return labelsIn(parse(rule.expr), labelsOf) ?? new Set()
}

describe('what is generated', () => {
  it.each([...ruleFiles()])('%s is up to date', (name, text) => {
    expect(readPrometheusFile(name.replace('prometheus/', ''))).toBe(text)
  })

  it('the manifest of the operator has the same groups', () => {
    const manifest = parseYaml(readPrometheusFile('kubernetes/prometheusrule.yaml')) as {
      kind: string
      spec: { groups: object }
    }
    expect(manifest.kind).toBe('PrometheusRule')
    expect(manifest.spec.groups).toEqual([...recordingGroups, ...alertGroups])
  })
})

describe('expressions name only metrics and labels that exist', () => {
  it.each(recordingRules.map((rule) => ({ ...rule })))('$record', ({ expr }) => {
    expect([...(labelsIn(parse(expr), labelsOf) ?? [])]).toEqual(expect.arrayContaining(TARGET))
  })

  it.each(alertRules.map((rule) => ({ ...rule, severity: rule.labels?.['severity'] })))(
    '$alert ($severity), and its texts',
    ({ expr, annotations = {} }) => {
      const labels = labelsIn(parse(expr), labelsOf) ?? new Set()
      const text = Object.values(annotations).join('\n')
      for (const [, label] of text.matchAll(/\$labels\.(\w+)/g)) expect(labels).toContain(label)
      const queries = [...text.matchAll(/printf `([^`]*)`((?: \$labels\.\w+)*) \| query/g)]
      expect(queries).toHaveLength(text.split('| query').length - 1)
      for (const [, query = '', given = ''] of queries) {
        const asked = [...query.matchAll(/(\w+)=%q/g)].map(([, label]) => `$labels.${label}`)
        expect(given.trim().split(' ')).toEqual(asked)
        expect(() => labelsIn(parse(query.replaceAll('%q', '"x"')), labelsOf)).not.toThrow()
      }
      expect(text.replaceAll(/\{\{.*?\}\}/g, '')).not.toMatch(/[{}]/)
    },
  )
})

describe('thresholds', () => {
  const used = alertRules.flatMap(({ expr }) => thresholdsIn(parse(expr)))

  it('every one that a rule compares with is a setting', () => {
    expect(ALERT_THRESHOLDS.map(({ name }) => name)).toEqual(expect.arrayContaining([...new Set(used)]))
  })

  it.each(ALERT_THRESHOLDS.map(({ name }) => name))('%s is used by a rule', (name) => {
    expect(used).toContain(name)
  })
})

describe('runbooks', () => {
  const pages = readdirSync(prometheusFile('runbooks')).filter((name) => name !== 'README.md')

  it('every alert has a page, every page an alert', () => {
    expect(pages.sort()).toEqual(alertNames.map((name) => `${name}.md`).sort())
  })

  it.each(alertRules)('$alert links to its page and to a dashboard', ({ alert, annotations }) => {
    expect(annotations?.['runbook_url']).toMatch(new RegExp(`/prometheus/runbooks/${alert}\\.md$`))
    const uid = /^http:\/\/localhost:3000\/d\/([\w-]+)(?:\?|$)/.exec(annotations?.['dashboard_url'] ?? '')?.[1]
    expect(Object.values(DASHBOARDS)).toContain(uid)
  })
})

describe('unit tests', () => {
  const names = unitTestFiles.flatMap((file) =>
    (parseYaml(readPrometheusFile(`rules/tests/${file}`)) as { tests: { name: string }[] }).tests.map(
      ({ name }) => name,
    ),
  )
  const cases = alertNames.flatMap((alert) =>
    ['fires', 'stays quiet', 'resolves', 'exporter gone', ...(alert.startsWith('ClaudeBudget') ? ['period reset'] : [])]
      // It is what tells that the exporter is gone.
      .filter((subject) => !(alert === 'ClaudeExporterDown' && subject === 'exporter gone'))
      .map((subject) => ({ alert, subject })),
  )

  it.each(cases)('$alert: $subject', ({ alert, subject }) => {
    expect(names.filter((name) => name.includes(alert) && name.includes(subject))).not.toEqual([])
  })

  it.each(unitTestFiles)('%s evaluates every group, recording rules first', (file) => {
    const { group_eval_order } = parseYaml(readPrometheusFile(`rules/tests/${file}`)) as { group_eval_order: string[] }
    expect(group_eval_order).toEqual([...recordingGroups, ...alertGroups].map(({ name }) => name))
  })
})

/** The rules of mixtool, which is not needed to run them. */
describe('naming', () => {
  it.each(alertRules)('$alert', ({ alert = '', labels, annotations = {} }) => {
    expect(alert).toMatch(/^Claude[A-Z][A-Za-z0-9]{1,34}$/)
    expect(labels).toEqual({ severity: expect.stringMatching(/^(critical|warning|info)$/) })
    expect(annotations['summary']).toMatch(/^[A-Z][^{}]*[^.{}]\.$/)
    expect(annotations['description']).toMatch(/\{\{ .+ \}\}/)
    expect(annotations['description']).toMatch(/\.$/)
  })

  it.each([...recordingGroups, ...alertGroups])('$name', ({ name, rules }) => {
    expect(name.length).toBeLessThanOrEqual(40)
    expect(rules.length).toBeLessThanOrEqual(12)
  })

  it.each(recordingRules)('$record', ({ record }) => {
    expect(record).toMatch(/^[a-z_]+:claude_[a-z0-9_]+:[a-z0-9_]+$/)
  })

  it.each(Object.entries(NOTICE_TEXTS))('%s says what the built-in notifier says', (name, { summary }) => {
    const rules = alertRules.filter(({ alert }) => alert === name)
    expect(rules.length).toBeGreaterThan(0)
    for (const { annotations } of rules) expect(annotations?.['summary']).toBe(summary)
  })
})

function thresholdsIn(expr: Expr): string[] {
  switch (expr.kind) {
    case 'constant':
      return []
    case 'selector':
      return expr.name === 'claude_alert_threshold' ? expr.matchers.map(({ value }) => value) : []
    case 'call':
      return expr.args.flatMap(thresholdsIn)
    case 'aggregation':
      return thresholdsIn(expr.of)
    case 'binary':
      return [...thresholdsIn(expr.left), ...thresholdsIn(expr.right)]
  }
}
