import { setTimeout as delay } from 'node:timers/promises'
import { commandText } from '../lib/child.ts'
import { ExporterServer } from '../lib/exporter.ts'
import type { Lab } from '../lib/lab.ts'
import type { Row } from '../lib/row.ts'
import { sumSeries } from '../lib/scrape.ts'
import { times } from '../lib/statistics.ts'

const MAX_PERCENT = 0.5
const SETTLE_MS = 10_000
const WATCH_MS = 60_000

/** What a running exporter costs while nobody works: one interval that contains a safety look at all files. */
export async function idle(lab: Lab): Promise<Row[]> {
  const { tree, place } = await lab.loadedLedger()
  const server = await ExporterServer.start(place)
  await server.looked()
  await delay(SETTLE_MS)
  lab.note(`watching an idle exporter for ${WATCH_MS / 1000} s`)
  const before = await cpuSeconds(server)
  const started = performance.now()
  await delay(WATCH_MS)
  const after = await cpuSeconds(server)
  const percent = ((after - before) / ((performance.now() - started) / 1000)) * 100
  await server.stop()
  return [
    {
      what: 'idle CPU, 10,000 files watched',
      must: `<= ${MAX_PERCENT} % of a core`,
      measured: `${percent.toFixed(2)} %`,
      ratio: times(percent / MAX_PERCENT),
      met: percent <= MAX_PERCENT,
      command: commandText(server.command),
      size: tree.description,
      samples: { percentOfACore: [percent] },
    },
  ]
}

async function cpuSeconds(server: ExporterServer): Promise<number> {
  return sumSeries(await server.metrics(), 'process_cpu_seconds_total')
}
