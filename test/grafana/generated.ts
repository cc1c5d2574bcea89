import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export const GENERATED = join(process.cwd(), 'grafana', 'generated')

export interface Target {
  readonly refId: string
  readonly expr: string
  readonly instant?: boolean
  readonly range?: boolean
  readonly format: string
  readonly datasource: { readonly type: string; readonly uid: string }
}

export interface PanelJson {
  readonly id: number
  readonly type: string
  readonly title: string
  readonly description?: string
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number }
  readonly datasource?: { readonly type: string; readonly uid: string }
  readonly interval?: string
  readonly maxDataPoints?: number
  readonly targets?: readonly Target[]
  readonly fieldConfig?: {
    readonly defaults: {
      readonly unit?: string
      readonly noValue?: string
      readonly links?: readonly { readonly url: string }[]
      readonly thresholds?: { readonly steps: readonly { value: unknown }[] }
    }
    readonly overrides: readonly {
      readonly matcher: { readonly options: string }
      readonly properties: readonly { readonly id: string; readonly value: unknown }[]
    }[]
  }
  readonly options?: object
  readonly transformations?: readonly {
    readonly id: string
    readonly options?: { readonly renameByName?: Readonly<Record<string, string>> }
  }[]
}

export interface VariableJson {
  readonly type: string
  readonly name: string
  readonly label: string
  readonly query: string | { readonly query: string; readonly refId: string }
  readonly datasource?: { readonly uid: string }
  readonly refresh?: number
  readonly multi?: boolean
  readonly includeAll?: boolean
  readonly allValue?: string
}

interface AnnotationJson {
  readonly name: string
  readonly expr: string
  readonly enable: boolean
  readonly datasource: { readonly type: string; readonly uid: string }
}

export interface DashboardJson {
  readonly uid: string
  readonly title: string
  readonly description: string
  readonly tags: readonly string[]
  readonly editable: boolean
  readonly schemaVersion: number
  readonly timezone: string
  readonly time: { readonly from: string }
  readonly links: readonly object[]
  readonly annotations: { readonly list: readonly AnnotationJson[] }
  readonly templating: { readonly list: readonly VariableJson[] }
  readonly panels: readonly PanelJson[]
}

/** What is committed, by the name of the file. */
export const dashboards: readonly (DashboardJson & { readonly file: string })[] = readdirSync(GENERATED).map(
  (file) => ({
    file,
    ...(JSON.parse(readFileSync(join(GENERATED, file), 'utf8')) as DashboardJson),
  }),
)

/** Panels without rows. */
export function panelsOf({ panels }: DashboardJson): readonly PanelJson[] {
  return panels.filter(({ type }) => type !== 'row')
}

/** Every query of a dashboard that is sent to Prometheus, and where it stands. */
export function queriesOf(dashboard: DashboardJson) {
  return panelsOf(dashboard).flatMap((panel) =>
    (panel.targets ?? []).map((target) => ({
      name: `${dashboard.uid} ${panel.id}${target.refId} ${panel.title}`,
      key: `${dashboard.uid.replace('claude-usage-', '')} ${panel.id}${target.refId}`,
      panel,
      target,
    })),
  )
}

export function queryOf({ query }: VariableJson): string {
  return typeof query === 'string' ? query : query.query
}
