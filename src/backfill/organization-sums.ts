import { DAY_MS } from '../core/time.ts'
import { SLOT_MS } from '../ledger/ledger.ts'
import type { ApiQuery, CoveredDay } from '../ledger/organization.ts'
import { type UtcWindows, windowEdges } from '../view/organization/utc-windows.ts'
import { startOfUtcDay } from './instants.ts'
import { inPieces, type Piece } from './pieces.ts'

/** A sum of one part of time and one group, as the ledger gives it. */
interface Sum {
  /** Index into the edges that were asked for. */
  readonly slot: number
  readonly group: readonly string[]
}

export interface SumReader<Row extends Sum> {
  /** Rejects with LedgerError. */
  read(query: Required<Pick<ApiQuery, 'from' | 'to' | 'edges'>>): Promise<readonly Row[]>
  /** Two of one group as one. */
  add(a: Row, b: Row): Row
}

/** What one report of an organisation came to, for a clock that moves through the past. */
export interface PastSums<Row extends Sum> {
  /** Counts on up to the instant, which never falls. Rejects with LedgerError. */
  moveTo(instant: number): Promise<void>
  /** What was counted so far, by the edges of these windows of the newest instant. */
  sums(windows: UtcWindows): readonly Row[]
  /** Changes with what was counted. */
  readonly version: number
}

/**
 * Sums from `from` on, epoch milliseconds. A bucket counts as a whole from its start on: the provider does not say when
 * within it. `days` are the covered days of the report, which tell how wide its buckets are.
 */
export function pastSums<Row extends Sum>(
  { read, add }: SumReader<Row>,
  days: readonly CoveredDay[],
  from: number,
): PastSums<Row> {
  const widths = new Map(days.map(({ day, widthMs }) => [day, widthMs]))
  /** By the start of the part of time that they are of: a UTC day, or what the windows need no closer. */
  const counted = new Map<number, Map<string, Row>>()
  /** What was read ahead, ascending. */
  let waiting: { readonly edge: number; readonly row: Row }[] = []
  let next = 0
  let version = 0
  const readBefore = inPieces(from, async (piece) => {
    const edges = edgesOf(piece, widths)
    const rows = await read({ ...piece, edges })
    const ahead = rows.map((row) => ({ edge: edges[row.slot] ?? piece.from, row })).sort((a, b) => a.edge - b.edge)
    waiting = [...waiting.slice(next), ...ahead]
    next = 0
  })
  return {
    get version() {
      return version
    },
    async moveTo(instant) {
      await readBefore(instant + 1)
      const before = next
      for (let due = waiting[next]; due !== undefined && hasBegun(due.edge, instant); due = waiting[++next]) {
        addTo(counted, startOfUtcDay(due.edge), due.row, add)
      }
      if (next > before) version += 1
    },
    sums(windows) {
      const edges = windowEdges(windows)
      foldParts(counted, edges, add)
      return edges.flatMap((edge, slot) => [...(counted.get(edge)?.values() ?? [])].map((row) => ({ ...row, slot })))
    },
  }
}

/** Makes the days between two edges one, named by the first edge, and forgets those before all of them. */
function foldParts<Row extends Sum>(
  counted: Map<number, Map<string, Row>>,
  edges: readonly number[],
  add: SumReader<Row>['add'],
): void {
  for (const [start, rows] of counted) {
    const edge = edges.findLast((other) => other <= start)
    if (edge === start) continue
    counted.delete(start)
    if (edge !== undefined) for (const row of rows.values()) addTo(counted, edge, row, add)
  }
}

function addTo<Row extends Sum>(
  counted: Map<number, Map<string, Row>>,
  start: number,
  row: Row,
  add: SumReader<Row>['add'],
): void {
  const sums = counted.get(start) ?? new Map<string, Row>()
  counted.set(start, sums)
  const key = JSON.stringify(row.group)
  const sum = sums.get(key)
  sums.set(key, sum === undefined ? row : add(sum, row))
}

/**
 * Edges between which buckets begin to count at the same quarter of an hour: the starts of those that are at least as
 * long, and for shorter ones the first instant after each quarter.
 */
function edgesOf({ from, to }: Piece, widths: ReadonlyMap<number, number>): readonly number[] {
  const edges: number[] = []
  for (let day = from; day < to; day += DAY_MS) {
    const widthMs = widths.get(day) ?? 0
    const isShort = widthMs < SLOT_MS
    if (isShort) edges.push(day)
    for (let start = day; start < day + DAY_MS; start += isShort ? SLOT_MS : widthMs) {
      edges.push(isShort ? start + 1 : start)
    }
  }
  return edges
}

/** Whether all buckets that begin at the edge and before the next one have begun. An instant within a quarter is the last. */
function hasBegun(edge: number, instant: number): boolean {
  return instant % SLOT_MS === 0 ? Math.ceil(edge / SLOT_MS) * SLOT_MS <= instant : edge <= instant
}
