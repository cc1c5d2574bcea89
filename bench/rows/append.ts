import { setTimeout as delay } from 'node:timers/promises'
import { commandText } from '../lib/child.ts'
import { ExporterServer } from '../lib/exporter.ts'
import { GrowingLogs, servedOutput } from '../lib/growing-logs.ts'
import type { Lab } from '../lib/lab.ts'
import { type Row, WrongTotals } from '../lib/row.ts'
import { milliseconds, quantile, times } from '../lib/statistics.ts'

const MAX_MS = 1000
const APPENDS = 200
const FILES = 20
const POLL_MS = 4
const PAUSE_MS = 200

/** Appends finished responses to logs that are followed, one at a time, and waits for each to be in the metrics. */
export async function append(lab: Lab): Promise<Row[]> {
  const tree = await lab.freshTree('followed', {
    bytes: 20e6,
    responses: null,
    files: 300,
    projects: 20,
    isCompact: false,
  })
  const logs = await GrowingLogs.in(tree, FILES)
  const server = await ExporterServer.start(await lab.place(tree))
  const latencies: number[] = []
  await server.looked()
  let expected = servedOutput(await server.metrics())
  lab.note(`appending ${APPENDS} responses`)
  for (let count = 0; count < APPENDS; count++) {
    const started = performance.now()
    expected += logs.append()
    await server.scraper.until('/metrics?collect[]=usage', (body) => servedOutput(body) >= expected, POLL_MS)
    latencies.push(performance.now() - started)
    await delay(logs.pauseMs(PAUSE_MS))
  }
  const served = servedOutput(await server.metrics())
  await server.stop()
  if (served !== expected) throw new WrongTotals(`${served} output tokens are served instead of ${expected}`)
  const p99 = quantile(latencies, 0.99)
  return [
    {
      what: 'appended line visible in /metrics, p99',
      must: `<= ${MAX_MS} ms`,
      measured: `${milliseconds(p99)}, p50 ${milliseconds(quantile(latencies, 0.5))}`,
      ratio: times(p99 / MAX_MS),
      met: p99 <= MAX_MS,
      command: commandText(server.command),
      size: `${APPENDS} responses appended to ${FILES} of the files of ${tree.description}, asked every ${POLL_MS} ms`,
      samples: { visibleMs: latencies },
    },
  ]
}
