import type { Command } from 'commander'
import type { CheckReport } from '../../ledger/ledger.ts'
import { escapeControls } from '../../lib/escape.ts'
import type { Io, Output } from '../io.ts'
import { formatCount } from '../terminal/figures.ts'
import { placeOf, requireFile } from './place.ts'

/** Looks for damage and for sums that are not what they are sums of. Returns the exit code: 1 when something is off. */
export async function checkLedger(io: Io, command: Command): Promise<number> {
  const place = await placeOf(io, command)
  const ledger = await place.openReader()
  try {
    const report = await ledger.check()
    io.stdout.write(`${checkLines(place.text, report, io.stdout).join('\n')}\n`)
    return isSound(report) ? 0 : 1
  } finally {
    await ledger.close()
  }
}

/** Makes the sums per quarter of an hour anew, then checks. Returns the exit code of the check. */
export async function rebuildRollups(io: Io, command: Command): Promise<number> {
  const place = await placeOf(io, command)
  if (place.file !== null) requireFile(place.file, 'ledger')
  const ledger = await place.openWriter()
  try {
    await ledger.rebuildRollups()
  } finally {
    await ledger.close()
  }
  io.stdout.write('The sums were made anew from the responses.\n')
  return checkLedger(io, command)
}

function isSound({ integrity, differences, organizationFaults }: CheckReport): boolean {
  return integrity === 'ok' && differences.length === 0 && organizationFaults.length === 0
}

function checkLines(path: string, report: CheckReport, { style }: Output): string[] {
  const { integrity, responses, differences, organizationFaults } = report
  const verdict = (isFine: boolean, text: string) => (isFine ? style.green(text) : style.red(text))
  const sums = differences.length === 0 ? 'ok' : `${differences.length} differences`
  const lines = [
    `Ledger     ${path}`,
    `Responses  ${formatCount(responses)}`,
    `Integrity  ${verdict(integrity === 'ok', escapeControls(integrity))}`,
    `Sums       ${verdict(differences.length === 0, sums)}`,
    ...differences.map((difference) => `  ${escapeControls(difference)}`),
    `Reports    ${verdict(organizationFaults.length === 0, organizationFaults.length === 0 ? 'ok' : `${organizationFaults.length} faults`)}`,
    ...organizationFaults.map((fault) => `  ${escapeControls(fault)}`),
  ]
  if (integrity !== 'ok') {
    lines.push('Restore a backup (ledger restore FILE), try `sqlite3 FILE .recover`, or start over with --new-ledger.')
  } else if (differences.length > 0) {
    lines.push('`claude-usage-exporter ledger rebuild-rollups` makes the sums anew from the responses.')
  }
  if (organizationFaults.length > 0) {
    lines.push('`claude-usage-exporter sync --since DAY` reads the days of an organisation again and replaces them.')
  }
  return lines
}
