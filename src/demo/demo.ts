import { mkdirSync, writeFileSync } from 'node:fs'
import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises'
import { stringify } from 'yaml'
import { DAY_MS } from '../core/time.ts'
import type { Pricing } from '../pricing/pricing.ts'
import type { AdminApi } from '../sources/admin-api/admin-api.ts'
import type { DemoMark } from './ledger-mark.ts'
import { createLogWriter } from './logs/log-writer.ts'
import { createBooks } from './organization/books.ts'
import { createDemoAdminApi } from './organization/demo-admin-api.ts'
import { demoSettings } from './settings.ts'
import { createDemoWorld } from './world/create-world.ts'

/** Between two looks at what the agents of the demo have done. */
const BEAT_MS = 1_000

export interface DemoOptions extends DemoMark {
  /** Home folder of the machine that the demo plays; it is made. */
  readonly home: string
  /** Where the configuration goes, for others than this process too; it is overwritten. */
  readonly configFile: string
  /** Folder of the ledger, so that reports with that configuration find it. */
  readonly storagePath: string
  readonly timeZone: string
  readonly pricing: Pricing
  readonly now: () => number
}

export interface Demo {
  /** The organisation that the demo plays. */
  readonly adminApi: (organization: string) => AdminApi
  /** Writes all logs up to now, or until the signal; `done` and `total` in days. */
  writeHistory(told: (progress: { done: number; total: number }) => void, signal: AbortSignal): Promise<void>
  /** Writes on, as time goes by, until the signal. Never rejects for the signal. */
  goOn(signal: AbortSignal): Promise<void>
}

/** A machine and an organisation that do not exist, with logs, settings and an API to read. */
export function createDemo(options: DemoOptions): Demo {
  const { home, configFile, storagePath, start, days, timeZone, pricing, now } = options
  const world = createDemoWorld({ start, days, timeZone })
  const books = createBooks(world, pricing)
  mkdirSync(home, { recursive: true })
  const settings = demoSettings({ world, books, now: now(), pricing, timeZone })
  writeFileSync(configFile, stringify({ storage: { path: storagePath }, ...settings }))
  const writer = createLogWriter({ home })
  let writtenTo = world.from
  const writeUpTo = (to: number) => {
    if (to <= writtenTo) return
    writer.write(world.callsBetween(writtenTo, to))
    writtenTo = to
  }
  return {
    adminApi: (organization) => createDemoAdminApi({ organization, world, books, now, pricing }),
    async writeHistory(told, signal) {
      const end = now()
      const total = Math.ceil((end - world.from) / DAY_MS)
      for (let done = 0; writtenTo < end && !signal.aborted; done++) {
        told({ done, total })
        writeUpTo(Math.min(end, writtenTo + DAY_MS))
        await nextTurn()
      }
    },
    async goOn(signal) {
      while (!signal.aborted) {
        writeUpTo(now())
        await delay(BEAT_MS, undefined, { signal }).catch(() => {})
      }
    },
  }
}
