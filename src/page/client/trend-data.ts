const DAY_MS = 86_400_000

/** Sums per day, the oldest day first. Money is in dollars. */
export interface TrendData {
  /** Such as `2026-05-04`. */
  readonly days: readonly string[]
  readonly metered: readonly number[]
  readonly plan: readonly number[]
  readonly tokens: readonly number[]
}

/** The chart's columns: day numbers since 1970, then the bars from the one behind to the one in front. */
export interface Stack {
  readonly x: number[]
  /** Plan value on top of metered cost. */
  readonly both: number[]
  readonly metered: number[]
}

/** Null where the text is not what the page embeds. */
export function readTrend(json: string): TrendData | null {
  const parsed: unknown = parse(json)
  if (typeof parsed !== 'object' || parsed === null) return null
  const { days, metered, plan, tokens } = parsed as Record<keyof TrendData, unknown>
  if (!Array.isArray(days) || !days.every((day) => typeof day === 'string' && Number.isFinite(Date.parse(day)))) {
    return null
  }
  const numbers = [metered, plan, tokens]
  if (!numbers.every((column) => isNumbers(column, days.length))) return null
  return parsed as TrendData
}

/** One bar stands on the other, so that the one behind is as high as both. */
export function stackOf({ days, metered, plan }: TrendData): Stack {
  return {
    x: days.map(dayNumber),
    both: metered.map((usd, index) => usd + (plan[index] ?? 0)),
    metered: [...metered],
  }
}

export function dayNumber(day: string): number {
  return Math.round(Date.parse(day) / DAY_MS)
}

const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' })
const WEEKDAY = new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' })

/** Such as `4 May`. */
export function shortDay(number: number): string {
  return DAY.format(number * DAY_MS)
}

/** Such as `Mon, 4 May`. */
export function longDay(number: number): string {
  return WEEKDAY.format(number * DAY_MS)
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return null
  }
}

function isNumbers(column: unknown, length: number): boolean {
  return Array.isArray(column) && column.length === length && column.every((value) => Number.isFinite(value))
}
