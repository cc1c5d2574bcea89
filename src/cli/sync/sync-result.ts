import { MEASURE } from '../../core/measures.ts'
import type { RootStatus } from '../../core/status.ts'
import type { SourceName } from '../../core/usage.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import { escapeControls } from '../../lib/escape.ts'
import type { Output } from '../io.ts'
import { formatBytes, formatCount } from '../terminal/figures.ts'
import { type Column, type Row, renderTable } from '../terminal/table.ts'

/** What the ledger has of a source. */
export interface SourceTotals {
  readonly source: SourceName
  readonly linesRead: number
  readonly bytesRead: number
  readonly responses: number
  /** Lines that told of a response already known. */
  readonly duplicates: number
  readonly rejected: Readonly<Record<string, number>>
}

export interface SyncResult extends SourceTotals {
  readonly seconds: number
}

export async function readTotals(ledger: Ledger): Promise<SourceTotals[]> {
  const tallies = await ledger.tallies()
  const usage = await ledger.usage({ from: Number.MIN_SAFE_INTEGER, to: Number.MAX_SAFE_INTEGER, by: ['source'] })
  return tallies.map(({ source, lines, bytes, duplicates, rejected }) => {
    const values = usage.find(({ group }) => group[0] === source)?.values ?? []
    return {
      source,
      linesRead: lines,
      bytesRead: bytes,
      responses: Number(values[MEASURE.requests] ?? 0),
      duplicates,
      rejected,
    }
  })
}

/** What came to a source between two readings. */
export function difference(
  source: SourceName,
  before: readonly SourceTotals[],
  after: readonly SourceTotals[],
): SourceTotals {
  const [old, now] = [before, after].map((totals) => totals.find((total) => total.source === source))
  const rejected = Object.entries(now?.rejected ?? {})
    .map(([reason, count]) => [reason, count - (old?.rejected[reason] ?? 0)] as const)
    .filter(([, count]) => count !== 0)
  return {
    source,
    linesRead: (now?.linesRead ?? 0) - (old?.linesRead ?? 0),
    bytesRead: (now?.bytesRead ?? 0) - (old?.bytesRead ?? 0),
    responses: (now?.responses ?? 0) - (old?.responses ?? 0),
    duplicates: (now?.duplicates ?? 0) - (old?.duplicates ?? 0),
    rejected: Object.fromEntries(rejected),
  }
}

const COLUMNS: readonly Column[] = [
  { header: 'Source', align: 'left' },
  { header: 'New responses', align: 'right' },
  { header: 'Repeated lines', align: 'right', dropOrder: 3 },
  { header: 'Rejected lines', align: 'right', dropOrder: 1 },
  { header: 'Lines read', align: 'right', dropOrder: 2 },
  { header: 'Read', align: 'right', dropOrder: 4 },
  { header: 'Time', align: 'right', dropOrder: 5 },
]

export interface SyncReport {
  readonly results: readonly SyncResult[]
  readonly roots: readonly RootStatus[]
  readonly path: string
  readonly elapsed: string
}

export function syncLines({ results, roots, path, elapsed }: SyncReport, { style, width }: Output): string[] {
  const rows: Row[] = results.map((result) => ({
    cells: [
      result.source,
      formatCount(result.responses),
      formatCount(result.duplicates),
      formatCount(rejectedOf(result)),
      formatCount(result.linesRead),
      formatBytes(result.bytesRead),
      `${result.seconds.toFixed(2)} s`,
    ],
  }))
  const reasons = results.flatMap(({ source, rejected }) =>
    Object.entries(rejected).map(([reason, count]) => `${source}: ${formatCount(count)} lines rejected: ${reason}`),
  )
  const problems = roots
    .filter(({ problem }) => problem !== null)
    .map(({ path: folder, problem }) => escapeControls(`${folder}: ${problem}`))
  return [
    ...renderTable({ columns: COLUMNS, rows }, width, style),
    '',
    ...[...reasons, ...problems].map(style.yellow),
    style.dim(`Ledger: ${escapeControls(path)}`),
    style.dim(`Done in ${elapsed}.`),
  ]
}

function rejectedOf({ rejected }: SourceTotals): number {
  return Object.values(rejected).reduce((sum, count) => sum + count, 0)
}
