import { COLORS } from '../../lib/colors.ts'
import { seriesPanel } from '../../lib/panels.ts'
import type { Select } from '../../lib/select.ts'
import { tablePanel } from '../../lib/tables.ts'
import { steps } from '../../lib/thresholds.ts'

const HEIGHT = 7
/** A laptop may be closed for a weekend. */
const SILENT = steps([3 * 86_400, COLORS.warning], [7 * 86_400, COLORS.bad])

export function machines(select: Select) {
  const newest = (what: string) => `max by (machine) (${select(`claude_exporter_machine_${what}_timestamp_seconds`)})`
  return tablePanel({
    id: 60,
    title: 'Machines',
    description:
      'Machines that store their use in the same ledger: the last sign of life of each exporter, when all its logs were ' +
      'last read, and its newest response, which stands still while nobody works there.',
    unit: 'seconds',
    width: 16,
    height: HEIGHT,
    noValue: 'One machine, with a ledger of its own.',
    sortBy: { title: 'Last seen', descending: true },
    columns: [
      { from: 'machine', title: 'Machine' },
      { from: 'A', title: 'Last seen', unit: 'seconds', decimals: 0, width: 150, thresholds: SILENT },
      { from: 'B', title: 'Logs last read', unit: 'seconds', decimals: 0, width: 150 },
      { from: 'C', title: 'Newest response', unit: 'seconds', decimals: 0, width: 150 },
    ],
    queries: [
      { refId: 'A', expr: `time() - ${newest('last_seen')}` },
      { refId: 'B', expr: `time() - ${newest('last_read')}` },
      { refId: 'C', expr: `time() - ${newest('newest_response')}` },
    ],
  })
}

export function ledgerAway(select: Select) {
  return seriesPanel({
    id: 61,
    title: 'Database not reached',
    description:
      'For how long each exporter has not reached the database of the ledger. Nothing is lost while the agents keep their logs.',
    unit: 'seconds',
    width: 8,
    height: HEIGHT,
    min: 0,
    noValue: 'no shared database',
    queries: [
      {
        refId: 'A',
        expr: `max by (instance) (${select('claude_exporter_ledger_away_seconds')})`,
        legend: '{{instance}}',
      },
    ],
  })
}
