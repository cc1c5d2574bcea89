/** Colours mean the same on every dashboard. */
export const COLORS = {
  good: 'green',
  warning: 'yellow',
  critical: 'orange',
  bad: 'red',
  unknown: 'purple',
  neutral: 'text',
  money: 'blue',
  tokens: 'purple',
  limit: 'red',
  expected: 'light-blue',
  even: '#8e8e8e',
} as const

/** A colour for the series of these names, as a regular expression. */
export interface NameColor {
  readonly pattern: string
  readonly color: string
}

/** Hues of families of models; newer versions are stronger. What is not here takes a colour by its name. */
export const MODEL_COLORS: readonly NameColor[] = [
  ...shades('opus', ['#8f3bb8', '#a352cc', '#b877d9', '#ca95e5', '#deb6f2']),
  ...shades('sonnet', ['#1f60c4', '#3274d9', '#5794f2', '#8ab8ff', '#c0d8ff']),
  ...shades('haiku', ['#37872d', '#56a64b', '#73bf69', '#96d98d', '#c8f2c2']),
  ...shades('fable', ['#c4162a', '#e02f44', '#f2495c', '#ff7383', '#ffa6b0']),
  ...shades('mythos', ['#fa6400', '#ff780a', '#ff9830', '#ffb357', '#ffcb7d']),
  // Costs that no model has.
  { pattern: '/^none$/', color: '#8e8e8e' },
]

export const TOKEN_COLORS: readonly NameColor[] = [
  { pattern: '/^input$/', color: '#5794f2' },
  { pattern: '/^cache_write_5m$/', color: '#ff9830' },
  { pattern: '/^cache_write_1h$/', color: '#c4541b' },
  { pattern: '/^cache_read$/', color: '#73bf69' },
  { pattern: '/^output$/', color: '#b877d9' },
]

/** Versions from 5.5 on, from 5.2 on, 5 and 5.1, from 4.6 on, and older ones. */
function shades(family: string, colors: readonly [string, string, string, string, string]): NameColor[] {
  const [newest, late5, new5, late4, old] = colors
  return [
    { pattern: `/claude.*${family}/`, color: old },
    { pattern: `/claude-${family}-4-[6-9]/`, color: late4 },
    { pattern: `/claude-${family}-(5|preview)/`, color: new5 },
    { pattern: `/claude-${family}-5-[2-4]/`, color: late5 },
    { pattern: `/claude-${family}-5-[5-9]/`, color: newest },
  ]
}
