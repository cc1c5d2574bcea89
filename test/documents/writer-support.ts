import { utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach } from 'vitest'
import type { Ledger } from '../../src/ledger/ledger.ts'
import type { Logger } from '../../src/lib/logger.ts'
import { createReportWriter, type ReportWriter } from '../../src/report-writer.ts'
import { apiOn } from '../api/support.ts'
import { loadFrom } from '../config/load-from.ts'
import { tempFolder, tempLedger } from '../support/temp.ts'

const ASSETS = async () => ({ style: { text: '' }, script: { text: '' } })

const open: { writer: ReportWriter; ledger: Ledger }[] = []
afterEach(async () => {
  for (const { writer, ledger } of open.splice(0)) {
    await writer.stop()
    await ledger.close()
  }
})

interface Given {
  readonly reports: string
  /** Epoch milliseconds. */
  readonly now?: number
  readonly complete?: () => boolean
  /** What happens before figures are read. */
  readonly reading?: () => Promise<void>
}

/** The configuration with these reports and nothing else. */
export async function configOf(reports: string) {
  return (await loadFrom({ yaml: `time_zone: UTC\nreports: ${reports}\n` })).config
}

/** A writer of an exporter that holds no use; it is stopped after the test. */
export async function startWriter(given: Given) {
  const { reports, now = Date.now(), complete = () => true, reading = async () => {} } = given
  const config = await configOf(reports)
  const ledger = tempLedger()
  const log: string[] = []
  const counted: string[] = []
  const api = apiOn({ ledger, now: () => now })
  const tell =
    (level: string) =>
    (message: string, facts: object = {}) =>
      void log.push(`${level} ${message} ${JSON.stringify(facts)}`)
  const logger: Logger = {
    debug: tell('debug'),
    info: tell('info'),
    warn: tell('warn'),
    error: tell('error'),
    child: () => logger,
  }
  const writer = createReportWriter({
    config,
    api: async () => ({
      inTurn: (work) => reading().then(() => api.inTurn(work)),
      context: () => {
        const context = api.context()
        return { ...context, current: { ...context.current, complete: complete() } }
      },
    }),
    assets: ASSETS,
    clock: { now: () => now },
    logger,
    health: {
      reportWritten: (format) => void counted.push(`written ${format}`),
      reportFailed: (format) => void counted.push(`failed ${format}`),
    },
    retryMs: 1,
  })
  open.push({ writer, ledger })
  await writer.start()
  return { writer, log, counted }
}

/** Waits for what is going to happen. */
export async function until(look: () => boolean, what: () => string): Promise<void> {
  for (const end = Date.now() + 20_000; !look(); await delay(10)) {
    if (Date.now() > end) throw new Error(`did not happen: ${what()}`)
  }
}

/** A file that was written last at this instant, epoch milliseconds. */
export function writtenAt(name: string, instant: number, text = 'old\n'): string {
  const path = join(tempFolder(), name)
  writeFileSync(path, text)
  const seconds = instant / 1_000
  utimesSync(path, seconds, seconds)
  return path
}
