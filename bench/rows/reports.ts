import { commandText, run } from '../lib/child.ts'
import { exporterCommand } from '../lib/exporter.ts'
import type { Lab } from '../lib/lab.ts'
import type { Row } from '../lib/row.ts'
import { median, milliseconds, times } from '../lib/statistics.ts'
import { bareNode } from './bare-node.ts'

const MAX_MS = 100
const REPORTS = [['summary'], ['daily', '--days', '30'], ['models']]

/** How long reports from a full ledger take beyond the start of Node.js itself. */
export async function reports(lab: Lab): Promise<Row[]> {
  const { tree, place } = await lab.loadedLedger()
  const rows: Row[] = []
  for (const report of REPORTS) {
    const command = exporterCommand(place, [...report, '--no-sync'])
    const own: number[] = []
    const empty: number[] = []
    for (let turn = 0; turn < lab.options.runs + 2; turn++) {
      empty.push((await run(bareNode())).wallMs)
      own.push((await run(command)).wallMs)
    }
    const beyond = median(own) - median(empty)
    rows.push({
      what: `report: ${report.join(' ')}`,
      must: `<= ${MAX_MS} ms beyond node -e 0`,
      measured: `${milliseconds(beyond)} (${milliseconds(median(own))} in all)`,
      ratio: times(beyond / MAX_MS),
      met: beyond <= MAX_MS,
      command: commandText(command),
      size: tree.description,
      samples: { wallMs: own, nodeMs: empty },
    })
  }
  return rows
}
