import {
  DashboardLinkBuilder,
  type DataTransformerConfig,
  type DynamicConfigValue,
  FieldColorBuilder,
  FieldColorModeId,
  type Panel,
  type Threshold,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type ValueMapping,
} from '@grafana/grafana-foundation-sdk/dashboard'
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus'
import type { NameColor } from './colors.ts'
import { DATASOURCE } from './datasource.ts'

/** Units of Grafana, by what they are here. */
export const UNITS = {
  usd: 'currencyUSD',
  tokens: 'short',
  count: 'short',
  ratio: 'percentunit',
  multiple: 'x',
  seconds: 's',
  bytes: 'bytes',
  /** Values of the two are milliseconds since 1970. */
  fromNow: 'dateTimeFromNow',
  date: 'dateTimeAsIso',
  perMinute: 'short',
  state: 'none',
} as const
export type Unit = keyof typeof UNITS

export interface Query {
  readonly refId: string
  readonly expr: string
  /** Name of the series, as Grafana writes it: `{{model}}`. */
  readonly legend?: string
  /** Of this query only, where a panel shows several units. */
  readonly unit?: Unit
}

/** What nobody can leave out, and what most panels have. Width and height are in units of the grid, 24 to a line. */
export interface PanelBasics {
  /** Unique in the dashboard, and never another one: links hold it. */
  readonly id: number
  readonly title: string
  readonly description: string
  readonly unit: Unit
  readonly width: number
  readonly height: number
  readonly queries: readonly Query[]
  readonly decimals?: number
  readonly min?: number
  readonly max?: number
  /** What is shown where there is nothing. */
  readonly noValue?: string
  /** Shortest step, such as `1d` for bars of days. */
  readonly interval?: string
  /** Only where there is a limit. The first has no value. */
  readonly thresholds?: readonly Threshold[]
  /** Of everything, where neither thresholds nor names say it. */
  readonly color?: string
  readonly colors?: readonly NameColor[]
  readonly mappings?: readonly ValueMapping[]
  readonly overrides?: readonly { readonly pattern: string; readonly properties: readonly DynamicConfigValue[] }[]
  readonly transformations?: readonly DataTransformerConfig[]
  readonly link?: { readonly title: string; readonly url: string }
}

const CENTS: DynamicConfigValue[] = [{ id: 'decimals', value: 2 }]

type QueryKind = 'range' | 'instant' | 'table'

/** What all builders of panels have. */
interface PanelBuilder {
  build(): Panel
  id(id: number): this
  title(title: string): this
  description(description: string): this
  unit(unit: string): this
  decimals(decimals: number): this
  min(min: number): this
  max(max: number): this
  noValue(text: string): this
  interval(interval: string): this
  span(width: number): this
  height(height: number): this
  datasource(datasource: typeof DATASOURCE): this
  withTarget(target: DataqueryBuilder): this
  thresholds(thresholds: ThresholdsConfigBuilder): this
  colorScheme(color: FieldColorBuilder): this
  mappings(mappings: ValueMapping[]): this
  overrideByRegexp(pattern: string, properties: DynamicConfigValue[]): this
  overrideByQuery(refId: string, properties: DynamicConfigValue[]): this
  dataLinks(links: DashboardLinkBuilder[]): this
  transformations(transformations: DataTransformerConfig[]): this
}

/** Fills in what all panels have in common. */
export function withBasics<Builder extends PanelBuilder>(
  builder: Builder,
  basics: PanelBasics,
  kind: QueryKind,
): Builder {
  const { thresholds = [{ value: null, color: basics.color ?? 'text' }] } = basics
  builder
    .id(basics.id)
    .title(basics.title)
    .description(basics.description)
    .unit(UNITS[basics.unit])
    .span(basics.width)
    .height(basics.height)
    .datasource(DATASOURCE)
    .noValue(basics.noValue ?? '–')
    .thresholds(new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps([...thresholds]))
    .colorScheme(colorOf(basics))
  if (basics.decimals !== undefined) builder.decimals(basics.decimals)
  if (basics.min !== undefined) builder.min(basics.min)
  if (basics.max !== undefined) builder.max(basics.max)
  if (basics.interval !== undefined) builder.interval(basics.interval)
  if (basics.mappings !== undefined) builder.mappings([...basics.mappings])
  if (basics.transformations !== undefined) builder.transformations([...basics.transformations])
  if (basics.link !== undefined) builder.dataLinks([new DashboardLinkBuilder(basics.link.title).url(basics.link.url)])
  for (const query of basics.queries) builder.withTarget(target(query, kind))
  for (const { refId, unit } of basics.queries) {
    if (unit !== undefined)
      builder.overrideByQuery(refId, [{ id: 'unit', value: UNITS[unit] }, ...(unit === 'usd' ? CENTS : [])])
  }
  for (const { pattern, color } of basics.colors ?? []) {
    builder.overrideByRegexp(pattern, [{ id: 'color', value: { mode: 'fixed', fixedColor: color } }])
  }
  for (const { pattern, properties } of basics.overrides ?? []) builder.overrideByRegexp(pattern, [...properties])
  return builder
}

function target({ refId, expr, legend }: Query, kind: QueryKind): DataqueryBuilder {
  const query = new DataqueryBuilder().refId(refId).expr(expr).datasource(DATASOURCE)
  if (legend !== undefined) query.legendFormat(legend)
  query.format(kind === 'table' ? PromQueryFormat.Table : PromQueryFormat.TimeSeries)
  return kind === 'range' ? query.range() : query.instant()
}

function colorOf({ thresholds, color }: PanelBasics): FieldColorBuilder {
  if (thresholds !== undefined) return new FieldColorBuilder().mode(FieldColorModeId.Thresholds)
  if (color !== undefined) return new FieldColorBuilder().mode(FieldColorModeId.Fixed).fixedColor(color)
  return new FieldColorBuilder().mode(FieldColorModeId.PaletteClassicByName)
}
