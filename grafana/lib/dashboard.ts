import {
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  type Panel,
  RowBuilder,
} from '@grafana/grafana-foundation-sdk/dashboard'
import { DASHBOARDS, type Dashboard as DashboardName } from '../../src/alerts/rule.ts'
import { type AnnotationName, annotation } from './annotations.ts'
import type { PanelSource } from './panels.ts'
import { type Select, selector } from './select.ts'
import { type FilterFamilies, type FilterName, variables } from './variables.ts'

const LINK_SETTINGS = ['asDropdown', 'icon', 'includeVars', 'keepTime', 'placement', 'tags', 'tooltip', 'type']
const TAG = 'claude-usage'
const ALERTS: readonly AnnotationName[] = ['critical', 'warning', 'info']
/** What marks over the panels are limited to. */
const EVENT_FILTERS = ['job', 'instance', 'budget'] as const
/** Ids of rows begin here; those of panels are below. */
const FIRST_ROW_ID = 1000

export interface Section {
  /** None for what stands at the top. */
  readonly title?: string
  /** One row for each value of this variable. */
  readonly repeat?: FilterName
  /** From left to right and top to bottom; the widths of a line make 24. */
  readonly panels: readonly PanelSource[]
}

export interface DashboardSpec {
  readonly name: DashboardName
  readonly title: string
  readonly description: string
  /** Time range that is shown first, such as `now-30d`. */
  readonly from: string
  readonly refresh: string
  readonly filters: readonly FilterName[]
  /** Where other values are to be chosen from than usual. */
  readonly families?: FilterFamilies
  /** Besides the alerts that fire. */
  readonly marks: readonly AnnotationName[]
  readonly sections: (select: Select) => readonly Section[]
}

/** The dashboard as Grafana reads it. */
export function dashboard(spec: DashboardSpec): Dashboard {
  const builder = new DashboardBuilder(spec.title)
    .uid(DASHBOARDS[spec.name])
    .description(spec.description)
    .tags([TAG])
    .timezone('browser')
    .readonly()
    .tooltip(DashboardCursorSync.Crosshair)
    .time({ from: spec.from, to: 'now' })
    .refresh(spec.refresh)
    .variables(variables(spec.filters, spec.families))
    .link(otherDashboards())
  const marks = selector(spec.filters.filter((name) => (EVENT_FILTERS as readonly string[]).includes(name)))
  for (const name of [...ALERTS, ...spec.marks]) builder.annotation(annotation(name, marks))
  spec.sections(selector(spec.filters)).forEach(({ title, repeat, panels }, index) => {
    if (title !== undefined) {
      const row = new RowBuilder(title).id(FIRST_ROW_ID + index)
      builder.withRow(repeat === undefined ? row : row.repeat(repeat))
    }
    for (const panel of panels) builder.withPanel(panel)
  })
  return cleaned(builder.build())
}

function otherDashboards(): DashboardLinkBuilder {
  return new DashboardLinkBuilder('Claude usage')
    .type(DashboardLinkType.Dashboards)
    .tags([TAG])
    .asDropdown(true)
    .includeVars(true)
    .keepTime(true)
}

/**
 * Leaves out what the builders add of themselves: new versions of Grafana would hide links in a menu by it. There the
 * switches of the marks are welcome: they would take a line of the screen.
 */
function cleaned(built: Dashboard): Dashboard {
  const { links = [], templating } = built
  return {
    ...built,
    links: links.map((link) => without(link, ['placement'])),
    panels: (built.panels ?? []).map((panel) => (panel.type === 'row' ? panel : withPlainLinks(panel as Panel))),
    templating: {
      list: (templating?.list ?? []).map((variable) => without(variable, ['auto', 'auto_min', 'auto_count'])),
    },
  }
}

/** Links of values have none of the settings of links of dashboards. */
function withPlainLinks(panel: Panel): Panel {
  const { fieldConfig } = panel
  const links = fieldConfig?.defaults.links
  if (fieldConfig === undefined || links === undefined) return panel
  const plain = links.map((link) => without(link, LINK_SETTINGS))
  return { ...panel, fieldConfig: { ...fieldConfig, defaults: { ...fieldConfig.defaults, links: plain } } }
}

function without<Value extends object>(value: Value, names: readonly string[]): Value {
  return Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name))) as Value
}
