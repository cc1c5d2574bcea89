import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { stringify } from 'yaml'
import { DAY_MS } from '../core/time.ts'
import type { Pricing } from '../pricing/pricing.ts'
import type { AdminApi } from '../sources/admin-api/admin-api.ts'
import type { DemoMark } from './ledger-mark.ts'
import { createLogWriter, type DemoLogWriter } from './logs/log-writer.ts'
import { createDemoAdminApi } from './organization/demo-admin-api.ts'
import { demoSettings } from './settings.ts'
import { createDemoWorld } from './world/create-world.ts'
import type { DemoWorld } from './world.ts'

/** Between two looks at what the agents of the demo have done. */
const BEAT_MS = 1_000

export interface DemoOptions extends DemoMark {
  /** An empty folder that everything goes to. */
  readonly folder: string
  readonly timeZone: string
  readonly pricing: Pricing
  readonly now: () => number
}

export interface Demo {
  /** Home folder of the machine that the demo plays. */
  readonly home: string
  readonly configFile: string
  /** The organisation that the demo plays. */
  readonly adminApi: (organization: string) => AdminApi
  /** Writes all logs up to now; `done` and `total` in days. */
  writeHistory(told: (progress: { done: number; total: number }) => void): Promise<void>
  /** Writes on, as time goes by, until the signal. Never rejects for the signal. */
  goOn(signal: AbortSignal): Promise<void>
}

/** A machine and an organisation that do not exist, with logs, settings and an API to read. */
export function createDemo({ folder, start, days, timeZone, pricing, now }: DemoOptions): Demo {
  const world = createDemoWorld({ start, days, timeZone })
  const home = join(folder, 'home')
  const configFile = join(folder, 'config.yml')
  mkdirSync(home, { recursive: true })
  writeFileSync(configFile, stringify(demoSettings({ world, now: now(), pricing, timeZone })))
  const writer = createLogWriter({ home })
  let writtenTo = world.from
  return {
    home,
    configFile,
    adminApi: (organization) => createDemoAdminApi({ organization, world, now, pricing }),
    async writeHistory(told) {
      const end = now()
      const total = Math.ceil((end - world.from) / DAY_MS)
      for (let done = 0; writtenTo < end; done++) {
        told({ done, total })
        writtenTo = await writeUpTo(writer, world, writtenTo, Math.min(end, writtenTo + DAY_MS))
      }
    },
    async goOn(signal) {
      while (!signal.aborted) {
        writtenTo = await writeUpTo(writer, world, writtenTo, Math.max(writtenTo, now()))
        await delay(BEAT_MS, undefined, { signal }).catch(() => {})
      }
    },
  }
}

async function writeUpTo(writer: DemoLogWriter, world: DemoWorld, from: number, to: number): Promise<number> {
  await writer.write(world.callsBetween(from, to))
  return to
}
