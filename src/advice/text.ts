import { countText, usdText } from '../core/figure-text.ts'
import { decimalFromPico, divideHalfEven, PICO_PER_USD } from '../core/money.ts'
import { isoTime } from '../core/period.ts'
import { DAY_MS } from '../core/time.ts'
import { nameText } from '../lib/name-text.ts'
import { MAIN_AGENT } from './use.ts'

const SCALES = [
  [1_000_000_000_000n, 'T'],
  [1_000_000_000n, 'B'],
  [1_000_000n, 'M'],
  [10_000n, 'k'],
] as const

/** `1.2 M tokens`; below ten thousand every one of them: `9,876 tokens`. */
export function tokensText(tokens: bigint): string {
  const scale = SCALES.find(([from]) => tokens >= from)
  if (scale === undefined) return tokens === 1n ? '1 token' : `${countText(tokens)} tokens`
  const [, name] = scale
  const unit = name === 'k' ? 1_000n : scale[0]
  const tenths = divideHalfEven(tokens * 10n, unit)
  return `${countText(tenths / 10n)}.${tenths % 10n} ${name} tokens`
}

/** Every digit of an amount, at least two behind the point: `$0.125`, `$15.00`. */
export function usdExactText(pico: bigint): string {
  const [whole = '0', fraction = ''] = decimalFromPico(pico).split('.')
  return `$${countText(BigInt(whole))}.${fraction.padEnd(2, '0')}`
}

/** What a million tokens cost, from pico-dollars per token. */
export function priceText(picoPerToken: bigint): string {
  return usdExactText(picoPerToken * 1_000_000n)
}

const CENT_PICO = PICO_PER_USD / 100n

/** As `usdText` prints it, so that printed amounts can be reckoned with. */
export function toCents(pico: bigint): bigint {
  const cents = divideHalfEven(pico < 0n ? -pico : pico, CENT_PICO) * CENT_PICO
  return pico < 0n ? -cents : cents
}

export function downToCents(pico: bigint): bigint {
  return pico - (pico % CENT_PICO)
}

export function upToCents(pico: bigint): bigint {
  return downToCents(pico + CENT_PICO - 1n)
}

/** What use cost, to follow its subject: `cost $12.34`, `would have cost $12.34 at list prices`. */
export function costText(pico: bigint, billing: 'metered' | 'plan'): string {
  return billing === 'metered' ? `cost ${usdText(pico)}` : `would have cost ${usdText(pico)} at list prices`
}

/** `agent reviewer of claude-code in project shop`, as far as it is known. */
export function subjectText({ source, agent, project }: SubjectNames): string {
  const who = agent === MAIN_AGENT ? 'the main conversation' : `agent ${nameText(agent)}`
  const where = project === '' ? '' : project === UNKNOWN ? ' in no known project' : ` in project ${nameText(project)}`
  return `${who} of ${nameText(source)}${where}`
}

/** As labels have what a log does not tell. */
export const UNKNOWN = 'unknown'

interface SubjectNames {
  readonly source: string
  readonly agent: string
  readonly project: string
}

/** Added where nobody pays less. */
export function planText(billing: 'metered' | 'plan'): string {
  return billing === 'plan' ? ' A plan covers this use, so that nobody pays less, but the plan lasts longer.' : ''
}

/** Added to amounts that are of less than a week, because the ledger is younger. Empty where it is not. */
export function historyText(historyMs: number): string {
  if (historyMs >= 7 * DAY_MS) return ''
  const days = (Math.max(0, historyMs) / DAY_MS).toFixed(1)
  return ` Only the last ${days === '1.0' ? '1.0 day is' : `${days} days are`} known, which count as a whole week here, so that 30 days may well come to more.`
}

/** `2026-05-04 09:12`, as clocks in the zone show it. */
export function localMinute(instant: number, timeZone: string): string {
  const time = isoTime(instant, timeZone)
  return `${time.slice(0, 10)} ${time.slice(11, 16)}`
}
