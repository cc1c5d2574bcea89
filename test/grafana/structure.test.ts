import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { dashboardFiles } from '../../grafana/dashboards/index.ts'
import { labelsOf } from '../../grafana/lib/families.ts'
import { ALERT_GROUPS } from '../../src/alerts/catalogue.ts'
import { DASHBOARDS } from '../../src/alerts/rule.ts'
import { definitions } from '../../src/metrics/definitions.ts'
import { healthDefinitions } from '../../src/metrics/health-definitions.ts'
import { dashboards, GENERATED, type PanelJson, panelsOf, queriesOf, queryOf } from './generated.ts'

/*
 * The rules of Grafana's dashboard-linter, here as tests; those about logs have nothing to look at. Three hold in another
 * form:
 * - target-promql: the live test asks a real Prometheus instead of a parser.
 * - target-rate-interval: rates take $__rate_interval, but bars and totals are increases over a bar, $__interval, or over
 *   the time shown, $__range.
 * - target-job and target-instance: alerts need not have the labels of a target, so nothing filters them by these.
 */

const SOURCE = { type: 'prometheus', uid: '${' + 'datasource}' }

const COUNTERS = [...definitions, ...Object.values(healthDefinitions)]
  .filter(({ type }) => type === 'counter')
  .map(({ name }) => name)

describe('what is committed', () => {
  it.each([...dashboardFiles()])('%s is up to date', (name, text) => {
    expect(readFileSync(name, 'utf8')).toBe(text)
  })

  it('is nothing else', () => {
    expect(
      readdirSync(GENERATED)
        .map((name) => `grafana/generated/${name}`)
        .sort(),
    ).toEqual([...dashboardFiles().keys()].sort())
  })

  it('has every dashboard that alerts link to', () => {
    expect(dashboards.map(({ uid }) => uid).sort()).toEqual(Object.values(DASHBOARDS).sort())
    expect(new Set(dashboards.map(({ title }) => title)).size).toBe(dashboards.length)
  })

  it.each(
    ALERT_GROUPS.flatMap(({ rules }) => rules).flatMap(({ alert, dashboard, dashboardLabels = [] }) =>
      dashboardLabels.map((label) => ({ alert, dashboard, label })),
    ),
  )('$dashboard can be limited to the $label of $alert', ({ dashboard, label }) => {
    const variables = dashboards.find(({ uid }) => uid === DASHBOARDS[dashboard])?.templating.list ?? []
    expect(variables.map(({ name }) => name)).toContain(label)
  })
})

describe.each(dashboards)('$uid', (dashboard) => {
  const panels = panelsOf(dashboard)

  it('can be provisioned and imported', () => {
    expect(dashboard.uid).toMatch(/^[a-z-]{1,40}$/)
    expect(dashboard).not.toHaveProperty('id')
    expect(dashboard).not.toHaveProperty('__inputs')
    expect(dashboard.editable).toBe(false)
    expect(dashboard.tags).toEqual(['claude-usage'])
    expect(dashboard.description).not.toBe('')
    expect(dashboard.file).toBe(`${dashboard.uid}.json`)
    expect(dashboard.timezone).toBe('browser')
    // What the foundation SDK writes; Grafana takes older ones over, newer ones it may not know.
    expect(dashboard.schemaVersion).toBe(42)
  })

  it('links to the others with its time and variables', () => {
    expect(dashboard.links).toMatchObject([
      { type: 'dashboards', asDropdown: true, tags: ['claude-usage'], includeVars: true, keepTime: true },
    ])
    expect(JSON.stringify(dashboard.links)).not.toContain('inControlsMenu')
  })

  it('links its values with its time and all filters that the other dashboard has too', () => {
    const ours = dashboard.templating.list.map(({ name }) => name)
    for (const url of linksOf(dashboard).filter((text) => text.startsWith('/d/'))) {
      const [, uid = '', query = ''] = /^\/d\/([\w-]+)\?(.*)$/.exec(url) ?? []
      const theirs = dashboards.find((other) => other.uid === uid)?.templating.list.map(({ name }) => name) ?? []
      const kept = [...query.matchAll(/\$\{(\w+):queryparam\}/g)].map(([, name = '']) => name)
      const set = [...query.matchAll(/var-(\w+)=/g)].map(([, name = '']) => name)
      const isShared = (name: string) => ours.includes(name) && theirs.includes(name)
      expect(query).toContain('{__url_time_range}')
      expect([...kept, ...set].filter((name) => !theirs.includes(name))).toEqual([])
      expect(kept.filter((name) => !isShared(name))).toEqual([])
      expect(ours.filter(isShared).filter((name) => !kept.includes(name) && !set.includes(name))).toEqual([])
      expect(new Set([...kept, ...set]).size).toBe(kept.length + set.length)
    }
  })

  it('marks the alerts that fire, and what is named differently each', () => {
    const names = dashboard.annotations.list.map(({ name }) => name)
    expect(names.slice(0, 3)).toEqual(['Critical alerts', 'Warnings', 'Hints'])
    expect(new Set(names).size).toBe(names.length)
    for (const { datasource, enable, name } of dashboard.annotations.list) {
      expect(datasource).toEqual(SOURCE)
      expect(enable).toBe(name !== 'Hints')
    }
  })

  it('has variables that are chained, with All', () => {
    const [source, ...filters] = dashboard.templating.list
    expect(source).toMatchObject({ type: 'datasource', name: 'datasource', query: 'prometheus', label: 'Data source' })
    expect(filters.slice(0, 2).map(({ name }) => name)).toEqual(['job', 'instance'])
    for (const [index, filter] of filters.entries()) {
      // Series need not have a machine.
      const allValue = filter.name === 'machine' ? '.*' : '.+'
      expect(filter).toMatchObject({ type: 'query', multi: true, includeAll: true, allValue, refresh: 2 })
      expect(filter.datasource).toEqual(SOURCE)
      const query = queryOf(filter)
      const labels = labelsOf(/^label_values\((\w+)/.exec(query)?.[1] ?? '')
      const before = filters.slice(0, index).map(({ name }) => name)
      const chain = before.filter((name) => labels.includes(name)).map((name) => `${name}=~"$${name}"`)
      expect(/\{(.*)\}/.exec(query)?.[1] ?? '').toBe(chain.join(', '))
      // An organisation has nothing to do with what logs tell of, nor has a machine with the health of a source.
      const unchained = before.filter((name) => !labels.includes(name))
      expect(unchained.filter((name) => name !== 'organization' && name !== 'machine')).toEqual([])
    }
  })

  it('has ids of its own for every panel and query', () => {
    const ids = dashboard.panels.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.every((id) => id > 0)).toBe(true)
    for (const { targets = [] } of panels) expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length)
  })

  it('fills its grid without overlap or gap', () => {
    const cells = new Map<string, number>()
    for (const { gridPos, id } of dashboard.panels) {
      expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24)
      for (const cell of cellsOf(gridPos)) {
        expect(cells.get(cell), `panels ${cells.get(cell)} and ${id} overlap at ${cell}`).toBeUndefined()
        cells.set(cell, id)
      }
    }
    const height = Math.max(...dashboard.panels.map(({ gridPos }) => gridPos.y + gridPos.h))
    expect(cells.size).toBe(24 * height)
  })

  it.each(panels)('$title ($id) says what it shows, in which unit', (panel) => {
    expect(panel.title).toMatch(/^[A-Z]/)
    expect(panel.description).toMatch(/^[A-Z"9].{20,}\.$/s)
    expect(panel.fieldConfig?.defaults.unit).toMatch(/^\w+$/)
    expect(panel.datasource).toEqual(SOURCE)
    expect(panel.targets).not.toHaveLength(0)
    expect(panel.fieldConfig?.defaults.noValue).toMatch(panel.type === 'table' ? /^[A-Z].+\.$/ : /./)
    expect(panel.fieldConfig?.defaults.thresholds?.steps[0]?.value).toBeNull()
  })

  it.each(panels.filter(({ type }) => type === 'table'))('$title ($id) shows names as they are', (panel) => {
    const organize = panel.transformations?.find(({ id }) => id === 'organize')
    const renamed = Object.entries(organize?.options?.renameByName ?? {})
    const labels = renamed.filter(([from]) => !from.startsWith('Value')).map(([, title]) => title)
    for (const title of labels) {
      const override = panel.fieldConfig?.overrides.find(({ matcher }) => matcher.options === title)
      // A project called 4711 is not $4.71K.
      expect(override?.properties.map(({ id }) => id)).toContain('unit')
    }
  })

  it.each(queriesOf(dashboard))('$name is of the chosen job and instance', ({ target, panel }) => {
    expect(target.datasource).toEqual(SOURCE)
    expect(target.refId).toMatch(/^[A-Z]$/)
    // Tables that ask for many instants say how many they may be.
    const isInstant = ['stat', 'bargauge', 'table'].includes(panel.type) && panel.maxDataPoints === undefined
    expect({ instant: target.instant, range: target.range }).toEqual({ instant: isInstant, range: !isInstant })
    expect(target.format).toBe(panel.type === 'table' ? 'table' : 'time_series')
    const selectors = [...target.expr.matchAll(/[A-Za-z_]\w*(?::\w+)*\{[^}]*\}/g)].map(([text]) => text)
    expect(selectors).not.toHaveLength(0)
    for (const selector of selectors.filter((text) => !text.startsWith('ALERTS'))) {
      expect(selector).toContain('job=~"$job", instance=~"$instance"')
    }
  })

  it.each(queriesOf(dashboard))('$name asks how fast counters grow, not where they stand', ({ target }) => {
    const withoutGrowth = target.expr.replaceAll(/\b(rate|increase|changes)\([\w:]+\{[^}]*\}\[/g, '')
    const named = [...withoutGrowth.matchAll(/([a-z_]\w*)\{/g)].map(([, name = '']) => name)
    expect(named.filter((name) => COUNTERS.includes(name) || /_(bucket|sum|count)$/.test(name))).toEqual([])
  })

  it.each(queriesOf(dashboard))('$name takes rates over windows that fit the scrape interval', ({ target }) => {
    const windows = [...target.expr.matchAll(/\b(rate|increase)\([^[]*\[([^\]]+)\]/g)]
    for (const [, call, window = ''] of windows) {
      const good =
        call === 'rate'
          ? ['$__rate_interval']
          : ['$__interval', '$__range', '$__rate_interval', '1h', '1d', '7d', '28d']
      expect(good).toContain(window)
    }
  })
})

it('the overview fits a screen of 900 pixels', () => {
  const overview = dashboards.find(({ uid }) => uid === DASHBOARDS.overview)
  const height = Math.max(...(overview?.panels ?? []).map(({ gridPos }) => gridPos.y + gridPos.h))
  // A row of the grid is 30 pixels and 8 between; the head with its variables takes about 110.
  expect(height * 38 + 110).toBeLessThanOrEqual(900)
})

/** Addresses of all links of panels and their fields. */
function linksOf({ panels }: { readonly panels: readonly PanelJson[] }): string[] {
  return panels.flatMap(({ fieldConfig }) => {
    const { defaults, overrides } = fieldConfig ?? { defaults: {}, overrides: [] }
    const ofColumns = overrides.flatMap(({ properties }) => properties.filter(({ id }) => id === 'links'))
    const all = [...(defaults.links ?? []), ...ofColumns.flatMap(({ value }) => value as { readonly url: string }[])]
    return all.map(({ url }) => url)
  })
}

function cellsOf({ x, y, w, h }: PanelJson['gridPos']): string[] {
  return Array.from({ length: w * h }, (_, index) => `${x + (index % w)},${y + Math.floor(index / w)}`)
}
