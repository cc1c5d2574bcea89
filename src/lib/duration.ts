const UNIT_MS = new Map([
  ['ms', 1],
  ['s', 1_000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
  ['w', 604_800_000],
])

/**
 * Milliseconds of a duration as Prometheus writes it (`90s`, `1h30m`, `400d`), or of a plain number, which counts
 * seconds. Null for anything else.
 */
export function parseDuration(value: string | number): number | null {
  if (typeof value === 'number') return Number.isFinite(value) && value >= 0 ? Math.round(value * 1_000) : null
  const text = value.trim()
  if (/^\d+(\.\d+)?$/.test(text)) return Math.round(Number(text) * 1_000)
  if (!/^(\d{1,12}(ms|s|m|h|d|w))+$/.test(text)) return null
  let total = 0
  for (const [, amount, unit = ''] of text.matchAll(/(\d+)([a-z]+)/g))
    total += Number(amount) * (UNIT_MS.get(unit) ?? 0)
  return total
}
