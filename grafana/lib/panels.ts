import * as bargauge from '@grafana/grafana-foundation-sdk/bargauge'
import {
  BarGaugeDisplayMode,
  BarGaugeNamePlacement,
  BarGaugeSizing,
  BarGaugeValueMode,
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  GraphDrawStyle,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizOrientation,
  VizTextDisplayOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common'
import type { DynamicConfigValue, Panel } from '@grafana/grafana-foundation-sdk/dashboard'
import * as stat from '@grafana/grafana-foundation-sdk/stat'
import * as statetimeline from '@grafana/grafana-foundation-sdk/statetimeline'
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries'
import { type PanelBasics, withBasics } from './basics.ts'

export type PanelSource = { build(): Panel }

/** One number, or one text with the name of a series. */
export function statPanel(basics: PanelBasics & { readonly shows?: 'value' | 'name' }): PanelSource {
  const panel = withBasics(new stat.PanelBuilder(), { color: 'text', ...basics }, 'instant')
    .graphMode(BigValueGraphMode.None)
    .colorMode(BigValueColorMode.Value)
    .reduceOptions(lastValue())
  return basics.shows === 'name' ? panel.textMode(BigValueTextMode.Name) : panel
}

/** One bar per series, the largest first if the query sorts them. Names beside the bars are cut at two fifths. */
export function barsPanel(basics: PanelBasics & { readonly names?: 'beside' | 'above' }): PanelSource {
  return withBasics(new bargauge.PanelBuilder(), basics, 'instant')
    .orientation(VizOrientation.Horizontal)
    .displayMode(BarGaugeDisplayMode.Basic)
    .valueMode(BarGaugeValueMode.Text)
    .namePlacement(basics.names === 'above' ? BarGaugeNamePlacement.Top : BarGaugeNamePlacement.Left)
    .showUnfilled(true)
    .sizing(BarGaugeSizing.Manual)
    .minVizHeight(16)
    .maxVizHeight(basics.names === 'above' ? 40 : 32)
    .text(new VizTextDisplayOptionsBuilder().titleSize(12).valueSize(14))
    .reduceOptions(lastValue())
}

export interface SeriesOptions {
  readonly style?: 'line' | 'bars'
  readonly stacking?: 'sum' | 'share'
  readonly legend?: 'bottom' | 'right' | 'none'
  /** Marks single values, where a line has gaps. */
  readonly points?: boolean
}

/** Values over time. */
export function seriesPanel(basics: PanelBasics & SeriesOptions): PanelSource {
  const { style = 'line', stacking, legend = 'bottom' } = basics
  const modes = { sum: StackingMode.Normal, share: StackingMode.Percent } as const
  const panel = withBasics(new timeseries.PanelBuilder(), { noValue: 'nothing in the time shown', ...basics }, 'range')
    .drawStyle(style === 'bars' ? GraphDrawStyle.Bars : GraphDrawStyle.Line)
    .fillOpacity(style === 'bars' ? 85 : stacking === undefined ? 0 : 60)
    .lineWidth(style === 'bars' ? 0 : 2)
    .barWidthFactor(0.8)
    .showPoints(basics.points === true ? VisibilityMode.Always : VisibilityMode.Never)
    .stacking(new StackingConfigBuilder().mode(stacking === undefined ? StackingMode.None : modes[stacking]).group('A'))
    .axisBorderShow(false)
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending).hideZeros(true))
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.List)
        .placement(legend === 'right' ? LegendPlacement.Right : LegendPlacement.Bottom)
        .showLegend(legend !== 'none')
        .calcs([]),
    )
  // A bar that does not begin at 0 says nothing; one below it may.
  return style === 'bars' ? panel.axisSoftMin(0) : panel
}

/** Which state each series was in when. */
export function statesPanel(basics: PanelBasics): PanelSource {
  return withBasics(new statetimeline.PanelBuilder(), basics, 'range')
    .showValue(VisibilityMode.Never)
    .mergeValues(true)
    .lineWidth(0)
    .fillOpacity(85)
    .rowHeight(0.8)
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .showLegend(true)
        .calcs([]),
    )
}

/** Makes the series whose name matches a dashed line of this colour, outside of any stack. */
export function dashed(pattern: string, color: string): { pattern: string; properties: DynamicConfigValue[] } {
  return {
    pattern,
    properties: [
      { id: 'color', value: { mode: 'fixed', fixedColor: color } },
      { id: 'custom.lineStyle', value: { fill: 'dash', dash: [8, 6] } },
      { id: 'custom.fillOpacity', value: 0 },
      { id: 'custom.lineWidth', value: 1 },
      { id: 'custom.showPoints', value: VisibilityMode.Never },
    ],
  }
}

/** Makes the series whose name matches a dashed line of this colour over the bars of a panel. */
export function overBars(pattern: string, color: string): { pattern: string; properties: DynamicConfigValue[] } {
  const { properties } = dashed(pattern, color)
  const line = [
    { id: 'custom.drawStyle', value: 'line' },
    { id: 'custom.stacking', value: { mode: 'none', group: 'A' } },
  ]
  return { pattern, properties: [...line, ...properties] }
}

function lastValue(): ReduceDataOptionsBuilder {
  return new ReduceDataOptionsBuilder().calcs(['lastNotNull']).fields('').values(false)
}
