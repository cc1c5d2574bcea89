import { divideHalfEven, PICO_PER_USD } from '../../core/money.ts'

/** `1,234,567` */
export function formatCount(count: bigint | number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',')
}

const SCALES = ['', 'k', 'M', 'B', 'T'] as const

/** Three digits and a scale: `1.23M`. Small counts stay as they are. */
export function formatCompact(count: bigint | number): string {
  let value = Number(count)
  if (value < 1_000) return String(count)
  for (const scale of SCALES) {
    if (Number(value.toPrecision(3)) < 1_000) return `${value.toPrecision(3)}${scale}`
    value /= 1_000
  }
  return formatCount(count)
}

const CENT_PICO = PICO_PER_USD / 100n
/** Under ten cents two decimals would hide the amount, so it gets four. */
const SMALL_PICO = CENT_PICO * 10n
const SMALLEST_PICO = CENT_PICO / 100n

/** Dollars to the cent, small amounts to a hundredth of a cent: `$1,234.56`, `$0.0042`. */
export function formatUsd(pico: bigint): string {
  if (pico < 0n) return `-${formatUsd(-pico)}`
  if (pico === 0n) return '$0.00'
  const inSmallest = divideHalfEven(pico, SMALLEST_PICO)
  if (inSmallest === 0n) return '<$0.0001'
  if (inSmallest * SMALLEST_PICO < SMALL_PICO) return usdText(inSmallest, 4)
  return usdText(divideHalfEven(pico, CENT_PICO), 2)
}

/** Every digit of the amount, at least two and at most twelve behind the point: `$1.23`, `$0.0000055`. */
export function formatUsdExact(pico: bigint): string {
  if (pico < 0n) return `-${formatUsdExact(-pico)}`
  return usdText(pico, 12).replace(/0{1,10}$/, '')
}

function usdText(amount: bigint, decimals: number): string {
  const digits = amount.toString().padStart(decimals + 1, '0')
  return `$${formatCount(BigInt(digits.slice(0, -decimals)))}.${digits.slice(-decimals)}`
}

/** `91.2%` */
export function formatRatio(ratio: number): string {
  const percent = ratio * 100
  if (percent > 0 && percent < 0.05) return '<0.1%'
  return `${percent.toFixed(1)}%`
}

/** Decimal units, as file managers and disks have them: `1.2 GB`. */
export function formatBytes(bytes: number): string {
  let value = bytes
  for (const unit of ['B', 'kB', 'MB', 'GB']) {
    if (value < 999.5) return `${unit === 'B' ? value : value.toPrecision(value < 9.995 ? 2 : 3)} ${unit}`
    value /= 1_000
  }
  return `${value.toPrecision(3)} TB`
}

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'] as const

/** A bar for a share from 0 to 1, exact to an eighth of a column. */
export function bar(share: number, columns: number): string {
  const eighths = Math.round(Math.min(1, Math.max(0, share)) * columns * 8)
  return '█'.repeat(Math.floor(eighths / 8)) + EIGHTHS[eighths % 8]
}
