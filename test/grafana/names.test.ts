import { describe, expect, it } from 'vitest'
import { selector } from '../../grafana/lib/select.ts'
import { RECORDING_GROUPS } from '../../src/alerts/catalogue.ts'
import { definitions } from '../../src/metrics/definitions.ts'
import { healthDefinitions } from '../../src/metrics/health-definitions.ts'
import { dashboards, queriesOf, queryOf } from './generated.ts'

const TARGET = ['job', 'instance']
const OTHERS: Readonly<Record<string, readonly string[]>> = {
  up: [],
  scrape_duration_seconds: [],
  process_cpu_seconds_total: [],
  process_start_time_seconds: [],
  process_resident_memory_bytes: [],
  nodejs_eventloop_lag_p99_seconds: [],
  ALERTS: ['alertname', 'alertstate', 'severity'],
  ALERTS_FOR_STATE: ['alertname', 'severity'],
}
const families = new Map<string, readonly string[]>([
  ...Object.entries(OTHERS),
  ...[...definitions, ...Object.values(healthDefinitions)].map(({ name, labels }) => [name, labels] as const),
  ...RECORDING_GROUPS.flatMap(({ rules }) => rules.map(({ record }) => [record, labelsOfLevel(record)] as const)),
])
/** Labels that the queries themselves make. */
const MADE = ['period_start']
/** Labels that alerts may have, of what they are about. */
const OF_ALERTS = ['budget', 'organization', 'source', 'agent', 'project', 'model']

describe.each(dashboards)('$uid names only what exists', (dashboard) => {
  it.each(queriesOf(dashboard))('$name', ({ target }) => {
    check(target.expr)
  })

  it.each(dashboard.annotations.list)('marks: $name', ({ expr }) => {
    check(expr)
  })

  it.each(dashboard.templating.list.filter(({ type }) => type === 'query'))('variable $name', (variable) => {
    const [, selector = '', label = ''] = /^label_values\((.+), (\w+)\)$/s.exec(queryOf(variable)) ?? []
    const labels = check(selector)
    expect(label).toBe(variable.name)
    expect(labels).toContain(label)
  })
})

describe('a dashboard cannot be built', () => {
  it('with a metric that does not exist', () => {
    expect(() => selector([])('claude_gone_total')).toThrow('neither a metric nor a recording rule: claude_gone_total')
  })

  it('with a label that its metric does not have', () => {
    expect(() => selector([])('claude_active_sessions', 'model="x"')).toThrow(
      'claude_active_sessions has no label model',
    )
  })

  it('and filters only by labels that the metric has', () => {
    expect(selector(['job', 'agent', 'model'])('claude_active_sessions', 'project!="x"')).toBe(
      'claude_active_sessions{job=~"$job", agent=~"$agent", project!="x"}',
    )
  })
})

/** All labels of the families in the expression. Fails for a name or label that does not exist. */
function check(expr: string): ReadonlySet<string> {
  const labels = new Set<string>()
  const bare = expr.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""')
  // Only the first variable has no filter.
  const selectors = /^\w+$/.test(bare) ? `${bare}{}` : bare
  for (const [, family = '', matchers = ''] of selectors.matchAll(/([a-zA-Z_][\w:]*)\{([^}]*)\}/g)) {
    const own = families.get(family) ?? families.get(family.replace(/_(bucket|sum|count)$/, ''))
    expect(own, `there is no ${family}`).toBeDefined()
    for (const label of [...TARGET, ...(own ?? [])]) labels.add(label)
    for (const [, label = ''] of matchers.matchAll(/(\w+)\s*[=!]/g)) {
      expect(
        family.startsWith('ALERTS') ? (own ?? []) : [...TARGET, ...(own ?? [])],
        `${label} of ${family}`,
      ).toContain(label)
    }
  }
  expect(labels.size).toBeGreaterThan(0)
  // What is named without a selector would be shown for all targets.
  expect(selectors.replaceAll(/[\w:]+\{[^}]*\}/g, '')).not.toMatch(/\b(claude_|process_|nodejs_|up\b)/)
  for (const [, named = ''] of bare.matchAll(/\b(?:by|without|on|ignoring|group_left|group_right) \(([^)]*)\)/g)) {
    const names = named.split(', ').filter((name) => name !== '')
    expect([...labels, ...MADE, ...(bare.includes('ALERTS') ? OF_ALERTS : [])]).toEqual(expect.arrayContaining(names))
  }
  return labels
}

function labelsOfLevel(record: string): readonly string[] {
  const level = record.slice(0, record.indexOf(':'))
  return { agent: ['source', 'agent'], model: ['provider', 'model'] }[level] ?? level.split('_')
}
