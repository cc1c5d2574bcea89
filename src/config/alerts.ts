import { ALERT_THRESHOLDS, type AlertThreshold, type AlertThresholdName } from '../core/alert-thresholds.ts'
import { type Setting, setting } from './setting.ts'
import { decimal, duration, integer } from './types.ts'

type Row = (typeof ALERT_THRESHOLDS)[number]

type AlertSettings = {
  readonly [R in Row as SettingKey<R['name']>]: Setting<number, R['unit'] extends 'seconds' ? 'Ms' : ''>
}

type SettingKey<Name extends string> = Name extends `${infer Head}_seconds` ? Head : Name

/** Thresholds that are a part of a whole, where a percentage would be a mistake. */
const SHARES: readonly AlertThresholdName[] = ['forecast_elapsed_ratio', 'cache_drop_ratio', 'rejected_lines_ratio']

/** Units of a duration, longest first, in seconds. */
const UNITS = [
  ['d', 86_400],
  ['h', 3_600],
  ['m', 60],
  ['s', 1],
] as const

/** Settings under `alerts`: one for every threshold the rules compare with. */
export const alerts = Object.fromEntries(
  ALERT_THRESHOLDS.map((row) => [alertSettingKey(row.name), alertSetting(row)]),
) as AlertSettings

/** Key of a threshold under `alerts`: its own name, but a time is a duration there and needs no unit in its name. */
export function alertSettingKey(name: AlertThresholdName): string {
  return name.replace(/_seconds$/, '')
}

function alertSetting(row: AlertThreshold & { readonly name: AlertThresholdName }): Setting<number> {
  const { unit, about } = row
  if (unit === 'seconds') return setting(duration('1s', '366d'), { default: durationText(row.default), about })
  const fallback = { default: row.default, about }
  if (unit === 'tokens' || unit === 'count') return setting(integer(1, 1_000_000_000_000), fallback)
  if (unit === 'usd') return setting(decimal(0.01, 1_000_000_000), fallback)
  return setting(decimal(0.001, SHARES.includes(row.name) ? 1 : 1_000_000), fallback)
}

/** Whole seconds in the longest unit that leaves nothing over: `26h`, `3d`. */
function durationText(seconds: number): string {
  const [unit, length] = UNITS.find(([, size]) => seconds % size === 0) ?? ['s', 1]
  return `${seconds / length}${unit}`
}
