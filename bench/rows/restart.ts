import { commandText, run } from '../lib/child.ts'
import { checkMetrics, ExporterServer } from '../lib/exporter.ts'
import type { Lab } from '../lib/lab.ts'
import type { Row } from '../lib/row.ts'
import { sumSeries } from '../lib/scrape.ts'
import { median, milliseconds, times } from '../lib/statistics.ts'
import { bareNode } from './bare-node.ts'

const MAX_RATIO = 5
const POLL_MS = 2
const BYTES_READ = 'claude_exporter_session_bytes_read_total'

/** Starts an exporter whose ledger is up to date, beside starts of an empty Node.js program. */
export async function restart(lab: Lab): Promise<Row[]> {
  const { tree, place } = await lab.loadedLedger()
  const empty: number[] = []
  const served: number[] = []
  const looked: number[] = []
  let command = ''
  for (let turn = 0; turn < lab.options.runs + 2; turn++) {
    lab.note(`restart, turn ${turn + 1}`)
    empty.push((await run(bareNode())).wallMs)
    const server = await ExporterServer.start(place)
    command = commandText(server.command)
    const first = await server.loaded(POLL_MS)
    served.push(performance.now() - server.startedMs)
    await server.looked(POLL_MS)
    looked.push(performance.now() - server.startedMs)
    const second = await server.metrics()
    await server.stop()
    checkMetrics(first, tree.truth)
    checkMetrics(second, tree.truth)
    const bytes = sumSeries(second, BYTES_READ)
    if (bytes !== sumSeries(first, BYTES_READ) || bytes !== tree.truth.written.bytes) {
      throw new Error(`log bytes were read again: ${bytes} since the ledger began, of ${tree.truth.written.bytes}`)
    }
  }
  const node = median(empty)
  const row = (what: string, values: readonly number[]): Row => ({
    what,
    must: `<= ${MAX_RATIO}x node -e 0`,
    measured: `${milliseconds(median(values))} against ${milliseconds(node)}, no log byte read`,
    ratio: times(median(values) / node),
    met: median(values) <= MAX_RATIO * node,
    command,
    size: tree.description,
    samples: { wallMs: values, nodeMs: empty },
  })
  return [
    row('restart with nothing changed, until /metrics has all data', served),
    row('restart with nothing changed, until all files were looked at', looked),
  ]
}
