import type { OverviewDay } from '../overview/overview.ts'
import { type Html, html } from './html.ts'
import { usdText } from './numbers.ts'
import { trendSteps } from './trend-scale.ts'

/** Pixels. Widths are shares of the page, so that text keeps its size on every screen. */
const HEIGHT = 180
const TOP = 16
const PLOT_HEIGHT = 140
/** Units of the plot that a day is wide, and its bar. */
const PLACE = 10
const BAR = 7

/** Stacked bars of metered use (filled) and of the value of plans (outlined). */
export function trendChart(days: readonly OverviewDay[]): Html {
  const steps = trendSteps(Math.max(...days.map((day) => day.estimatedCostUsd + day.planValueUsd)))
  const top = steps.at(-1) ?? 1
  const height = (usd: number) => rounded((Math.max(0, usd) / top) * PLOT_HEIGHT)
  const lines = steps.map((step) => lineOf(TOP + PLOT_HEIGHT - height(step), step === 0 ? null : stepText(step, top)))
  const metered = days.map((day, index) => column(index, 0, height(day.estimatedCostUsd)))
  const plan = days.map((day, index) => column(index, height(day.estimatedCostUsd), height(day.planValueUsd)))
  return html`<svg class="trend" width="100%" height="${HEIGHT}" role="img" aria-label="${labelOf(days)}">
<svg y="${TOP}" width="100%" height="${PLOT_HEIGHT}" viewBox="0 0 ${days.length * PLACE} ${PLOT_HEIGHT}" preserveAspectRatio="none">
<path class="metered" d="${metered.join('')}"/><path class="plan" d="${plan.join('')}"/></svg>
${lines}${dayLabels(days)}</svg>`
}

function column(index: number, from: number, height: number): string {
  if (height === 0) return ''
  return `M${index * PLACE + (PLACE - BAR) / 2} ${rounded(PLOT_HEIGHT - from)}v${-height}h${BAR}v${height}z`
}

function lineOf(y: number, text: string | null): Html {
  return html`<line x2="100%" y1="${rounded(y)}" y2="${rounded(y)}"/>${text === null ? null : html`<text y="${rounded(y - 4)}">${text}</text>`}`
}

/** Five days are named, which a narrow screen has room for. */
function dayLabels(days: readonly OverviewDay[]): Html[] {
  const last = days.length - 1
  const named = [...new Set([0, 0.25, 0.5, 0.75, 1].map((share) => Math.round(last * share)))]
  return named.map((index) => {
    const x = last === 0 ? 0 : (index / last) * 100
    const anchor = index === 0 ? 'start' : index === last ? 'end' : 'middle'
    return html`<text x="${rounded(x)}%" y="${HEIGHT - 6}" text-anchor="${anchor}">${days[index]?.day.slice(5)}</text>`
  })
}

function labelOf(days: readonly OverviewDay[]): string {
  const sum = (value: (day: OverviewDay) => number) => usdText(days.reduce((total, day) => total + value(day), 0))
  const range = `from ${days[0]?.day} to ${days.at(-1)?.day}`
  return `Spending per day ${range}: ${sum((day) => day.estimatedCostUsd)} estimated, ${sum((day) => day.planValueUsd)} of plan value`
}

function stepText(usd: number, top: number): string {
  return top >= 3 ? usdText(usd).replace(/\.00$/, '') : usdText(usd)
}

function rounded(value: number): number {
  return Number(value.toFixed(2))
}
