import type { Config } from '../../config/config.ts'
import { ownerSettingsOf } from '../../config/owners.ts'
import { isoDate, startOfDaysBefore } from '../../core/period.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import { chooseMonths } from '../../owners/months.ts'
import { readChargeback } from '../../owners/report.ts'
import { formatRatio, formatUsd } from '../terminal/figures.ts'
import { type Hop, judgeHop } from './hop.ts'

const DAYS = 30
/** From this share of a kind of money on, what no rule takes is a warning. */
const MUCH = 0.1

/** How much of the last 30 days nobody is charged for; nothing without rules or a ledger. */
export async function ownerHops(config: Config, ledger: Ledger | null, now: number): Promise<Hop[]> {
  const { rules, share, count } = ownerSettingsOf(config)
  if (count === 0 || ledger === null) return []
  const { timeZone } = config
  const since = isoDate(startOfDaysBefore(now, DAYS - 1, timeZone), timeZone)
  const months = chooseMonths({ since, until: isoDate(now, timeZone) }, now, timeZone)
  const reports = await readChargeback(ledger, { months, rules, share, by: null, organizations: [] })
  const kinds = [
    { of: 'of estimated cost', pico: 'estimatedPico' },
    { of: 'of plan value', pico: 'planPico' },
    { of: 'billed', pico: 'billedPico' },
  ] as const
  const shares = kinds.map(({ of, pico }) => {
    const rows = reports.flatMap(({ chargeback }) => chargeback.rows)
    const sum = (all: typeof rows) => all.reduce((total, row) => total + row[pico], 0n)
    return { of, all: sum(rows), unallocated: sum(rows.filter(({ isAllocated }) => !isAllocated)) }
  })
  const told = shares
    .filter(({ all }) => all !== 0n)
    .map(({ of, all, unallocated }) => `${formatUsd(unallocated)} (${ratioText(unallocated, all)}) ${of}`)
  const seen = `${count} ${count === 1 ? 'rule' : 'rules'}; unallocated in the last ${DAYS} days: ${told.join(', ') || 'nothing, as nothing was used'}`
  const isMuch = shares.some(({ all, unallocated }) => all > 0n && Number(unallocated) / Number(all) >= MUCH)
  const remedy = '`chargeback --detail` shows what no rule takes: write rules for it under `owners`.'
  return [judgeHop('Owners', seen, isMuch ? [{ state: 'warning', seen, remedy }] : [])]
}

/** Corrections can make a share larger than all of it, or less than nothing. */
function ratioText(part: bigint, all: bigint): string {
  return formatRatio(Number(part) / Number(all))
}
