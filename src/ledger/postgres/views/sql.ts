/** The setting that chooses the time zone of days, per database, per role or per session. */
export const TIME_ZONE_SETTING = 'claude_usage.time_zone'

const TIME_ZONE = `COALESCE(NULLIF(current_setting('${TIME_ZONE_SETTING}', true), ''), 'UTC')`

/** The first instant of the year 1: the database has dates from a little earlier on only. */
const FIRST_MS = -62_135_596_800_000

/** The instant of a column of epoch milliseconds; null stays null. */
export function instant(column: string): string {
  return `CASE WHEN ${column} IS NOT NULL THEN to_timestamp(GREATEST(${column}, ${FIRST_MS}) / 1000.0) END`
}

/** The day that a column of epoch milliseconds is in, by the clock of the chosen time zone. */
export function localDay(column: string): string {
  return `(to_timestamp(GREATEST(${column}, ${FIRST_MS}) / 1000.0) AT TIME ZONE ${TIME_ZONE})::date`
}

/** The UTC day that a column of epoch milliseconds is in. */
export function utcDay(column: string): string {
  return `(to_timestamp(GREATEST(${column}, ${FIRST_MS}) / 1000.0) AT TIME ZONE 'UTC')::date`
}

/** Dollars out of a column, or an exact sum, of whole dollars and one of pico-dollars. A division would round. */
export function dollars(usd: string, pico: string): string {
  return `${usd} + ${pico} * 0.000000000001`
}

/** Dollars, or tokens, of an amount kept as decimal text, where the unit is the one asked for; else null. */
export function amountIn(unit: 'usd' | 'tokens', amount: string, unitColumn: string): string {
  const value = unit === 'usd' ? `${amount}::numeric * 0.000000000001` : `${amount}::numeric`
  return `CASE WHEN ${unitColumn} = '${unit}' THEN ${value} END`
}
