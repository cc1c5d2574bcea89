import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { commandText } from '../lib/child.ts'
import { checkMetrics, ExporterServer } from '../lib/exporter.ts'
import type { Lab, Tree } from '../lib/lab.ts'
import type { Row } from '../lib/row.ts'
import { mebibytes, milliseconds, times } from '../lib/statistics.ts'

const PROBE = new URL('../probe.mjs', import.meta.url).href
const MAX_MS = 50
const MEBIBYTE = 1024 ** 2
/** Prometheus would ask every 15 s; asking more often is the harder case. */
const SCRAPE_MS = 1000

/** What only the process itself can see; see probe.mjs. */
interface ProbeReport {
  readonly maxRssBytes: number
  readonly eventLoopMaxMs: number
  readonly eventLoopP99Ms: number
}

/** A running exporter during its first load: how long it keeps others waiting, and its memory at two sizes. */
export async function serveFirstLoad(lab: Lab): Promise<Row[]> {
  const { bytes, largeBytes } = lab.options
  const ordinary = await load(lab, await lab.ordinaryTree(bytes))
  const { report, command, size } = ordinary
  const rows = [
    {
      what: 'event loop held during the first load',
      must: `<= ${MAX_MS} ms`,
      measured: `${milliseconds(report.eventLoopMaxMs)}, p99 ${milliseconds(report.eventLoopP99Ms)}`,
      ratio: times(report.eventLoopMaxMs / MAX_MS),
      met: report.eventLoopMaxMs <= MAX_MS,
      command,
      size,
      samples: { maxMs: [report.eventLoopMaxMs] },
    },
    memoryRow(ordinary, 150 * MEBIBYTE),
  ]
  if (largeBytes > 0) rows.push(memoryRow(await load(lab, await lab.ordinaryTree(largeBytes)), 200 * MEBIBYTE))
  return rows
}

async function load(lab: Lab, tree: Tree) {
  lab.note(`first load of a running exporter: ${tree.description}`)
  const place = await lab.place(tree)
  const reportFile = join(place.storage, 'probe.json')
  const server = await ExporterServer.start(place, { NODE_OPTIONS: `--import ${PROBE}`, BENCH_PROBE_FILE: reportFile })
  checkMetrics(await server.loaded(SCRAPE_MS), tree.truth)
  await delay(SCRAPE_MS)
  await server.stop()
  const report = JSON.parse(await readFile(reportFile, 'utf8')) as ProbeReport
  return { report, command: commandText(server.command), size: tree.description }
}

function memoryRow({ report, command, size }: Awaited<ReturnType<typeof load>>, limitBytes: number): Row {
  const { maxRssBytes } = report
  return {
    what: `peak memory of a running exporter, ${size.split(' in ')[0]}`,
    must: `<= ${mebibytes(limitBytes)}`,
    measured: mebibytes(maxRssBytes),
    ratio: times(maxRssBytes / limitBytes),
    met: maxRssBytes <= limitBytes,
    command,
    size,
    samples: { maxRssBytes: [maxRssBytes] },
  }
}
