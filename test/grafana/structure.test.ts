import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { dashboardFiles } from '../../grafana/dashboards/index.ts'
import { ALERT_GROUPS } from '../../src/alerts/catalogue.ts'
import { DASHBOARDS } from '../../src/alerts/rule.ts'
import { dashboards, GENERATED, type PanelJson, panelsOf, queriesOf } from './generated.ts'

const SOURCE = { type: 'prometheus', uid: '${' + 'datasource}' }

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
  })

  it('links to the others with its time and variables', () => {
    expect(dashboard.links).toMatchObject([
      { type: 'dashboards', asDropdown: true, tags: ['claude-usage'], includeVars: true, keepTime: true },
    ])
    expect(JSON.stringify(dashboard).includes('inControlsMenu')).toBe(false)
  })

  it('has variables that are chained, with All', () => {
    const [source, ...filters] = dashboard.templating.list
    expect(source).toMatchObject({ type: 'datasource', name: 'datasource', query: 'prometheus', label: 'Data source' })
    expect(filters.slice(0, 2).map(({ name }) => name)).toEqual(['job', 'instance'])
    for (const [index, filter] of filters.entries()) {
      expect(filter).toMatchObject({ type: 'query', multi: true, includeAll: true, allValue: '.+', refresh: 2 })
      expect(filter.datasource).toEqual(SOURCE)
      for (const { name } of filters.slice(0, index))
        expect(JSON.stringify(filter.query)).toContain(`${name}=~\\"$${name}\\"`)
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
    expect(panel.fieldConfig?.defaults.thresholds?.steps[0]?.value).toBeNull()
  })

  it.each(queriesOf(dashboard))('$name is of the chosen job and instance', ({ target, panel }) => {
    expect(target.datasource).toEqual(SOURCE)
    expect(target.refId).toMatch(/^[A-Z]$/)
    const isInstant = ['stat', 'bargauge', 'table'].includes(panel.type)
    expect({ instant: target.instant, range: target.range }).toEqual({ instant: isInstant, range: !isInstant })
    expect(target.format).toBe(panel.type === 'table' ? 'table' : 'time_series')
    const selectors = [...target.expr.matchAll(/[a-z_]\w*(?::\w+)*\{[^}]*\}/g)].map(([text]) => text)
    for (const selector of selectors) {
      expect(selector).toContain('job=~"$job", instance=~"$instance"')
    }
    expect(selectors.length + (target.expr.includes('ALERTS{') ? 1 : 0)).toBeGreaterThan(0)
  })

  it.each(queriesOf(dashboard))('$name takes rates over windows that fit the scrape interval', ({ target }) => {
    const windows = [...target.expr.matchAll(/\b(rate|increase)\([^[]*\[([^\]]+)\]/g)]
    for (const [, call, window = ''] of windows) {
      const good = call === 'rate' ? ['$__rate_interval'] : ['$__interval', '$__range', '1h']
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

function cellsOf({ x, y, w, h }: PanelJson['gridPos']): string[] {
  return Array.from({ length: w * h }, (_, index) => `${x + (index % w)},${y + Math.floor(index / w)}`)
}
