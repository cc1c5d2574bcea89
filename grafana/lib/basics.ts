import {
  DashboardLinkBuilder,
  type DataTransformerConfig,
  type DynamicConfigValue,
  FieldColorBuilder,
  FieldColorModeId,
  MappingType,
  type Panel,
  SpecialValueMatch,
  type Threshold,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type ValueMapping,
} from '@grafana/grafana-foundation-sdk/dashboard'
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus'
import { COLORS, type NameColor } from './colors.ts'
import { DATASOURCE } from './datasource.ts'

/** Units of Grafana, by what they are here. */
export const UNITS = {
  usd: 'currencyUSD',
  tokens: 'short',
  count: 'short',
  /** To the last one, not in thousands. */
  whole: 'locale',
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
  /** Of all series of this query. */
  readonly color?: string
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
  /** Shortest step, such as `1d` for bars of days. It must divide a day, or be one. */
  readonly interval?: string
  /** Only where there is a limit. The first has no value. */
  readonly thresholds?: readonly Threshold[]
  /** Of everything, where neither thresholds nor names say it. */
  readonly color?: string
  readonly colors?: readonly NameColor[]
  /** Colours that are easy to tell apart, for names that are only compared within the panel. */
  readonly isDistinct?: boolean
  readonly mappings?: readonly ValueMapping[]
  readonly overrides?: readonly { readonly pattern: string; readonly properties: readonly DynamicConfigValue[] }[]
  readonly transformations?: readonly DataTransformerConfig[]
  readonly link?: { readonly title: string; readonly url: string }
}

const CENTS: DynamicConfigValue[] = [{ id: 'decimals', value: 2 }]

type QueryKind = 'range' | 'instant' | 'table' | 'range table'

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
  const mappings = [...(basics.mappings ?? []), ...absence(basics)]
  if (mappings.length > 0) builder.mappings(mappings)
  if (basics.transformations !== undefined) builder.transformations([...basics.transformations])
  if (basics.link !== undefined) builder.dataLinks([new DashboardLinkBuilder(basics.link.title).url(basics.link.url)])
  for (const query of basics.queries) builder.withTarget(target(query, kind))
  for (const { refId, unit, color } of basics.queries) {
    if (unit !== undefined)
      builder.overrideByQuery(refId, [{ id: 'unit', value: UNITS[unit] }, ...(unit === 'usd' ? CENTS : [])])
    if (color !== undefined) builder.overrideByQuery(refId, [fixed(color)])
  }
  for (const { pattern, color } of basics.colors ?? []) {
    builder.overrideByRegexp(pattern, [fixed(color)])
  }
  for (const { pattern, properties } of basics.overrides ?? []) builder.overrideByRegexp(pattern, [...properties])
  return builder
}

function fixed(color: string): DynamicConfigValue {
  return { id: 'color', value: { mode: 'fixed', fixedColor: color } }
}

/** Where colours mean something, nothing has none of them. */
function absence({ thresholds, noValue }: PanelBasics): ValueMapping[] {
  if (thresholds === undefined || noValue === undefined || noValue === '') return []
  const result = { text: noValue, color: noValue === 'unknown' ? COLORS.unknown : COLORS.neutral, index: 9 }
  return [{ type: MappingType.SpecialValue, options: { match: SpecialValueMatch.NullAndNan, result } }]
}

function target({ refId, expr, legend }: Query, kind: QueryKind): DataqueryBuilder {
  const query = new DataqueryBuilder().refId(refId).expr(expr).datasource(DATASOURCE)
  if (legend !== undefined) query.legendFormat(legend)
  query.format(kind === 'table' || kind === 'range table' ? PromQueryFormat.Table : PromQueryFormat.TimeSeries)
  return kind.startsWith('range') ? query.range() : query.instant()
}

function colorOf({ thresholds, color, isDistinct }: PanelBasics): FieldColorBuilder {
  if (thresholds !== undefined) return new FieldColorBuilder().mode(FieldColorModeId.Thresholds)
  if (color !== undefined) return new FieldColorBuilder().mode(FieldColorModeId.Fixed).fixedColor(color)
  const palette = isDistinct === true ? FieldColorModeId.PaletteClassic : FieldColorModeId.PaletteClassicByName
  return new FieldColorBuilder().mode(palette)
}
