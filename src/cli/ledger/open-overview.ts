import { enabledSources } from '../../config/enabled-sources.ts'
import type { LoadedConfig } from '../../config/load.ts'
import { pricingOf } from '../../configured-pricing.ts'
import { createLogger } from '../../lib/logger.ts'
import { VERSION } from '../../lib/version.ts'
import type { Overview } from '../../overview/overview.ts'
import { readOverview } from '../../overview/read.ts'
import { type Freshness, readFreshness } from '../../report/freshness.ts'
import type { Io } from '../io.ts'
import { openForReport } from './open-for-report.ts'
import { readSnapshot } from './read-snapshot.ts'
import { sessionData } from './session-data.ts'

export interface OpenOverview {
  /** How the ledger stands against the logs. */
  readonly origin: Freshness['origin']
  /** As of now. Rejects with LedgerError. */
  read(): Promise<Overview>
  close(): Promise<void>
}

/**
 * What the page of an exporter would show now, without asking one: out of the ledger beside a running exporter, else
 * after reading the logs into it, unless that is not wanted. Only the time of the next run is not known.
 */
export async function openOverview(io: Io, loaded: LoadedConfig, sync: boolean): Promise<OpenOverview> {
  const { config } = loaded
  const { timeZone } = config
  const pricing = pricingOf(config)
  const logger = createLogger({ ...config.log, level: 'warn', clock: io.clock, write: (line) => io.stderr.write(line) })
  const opened = await openForReport(io, loaded, sync)
  const { origin, roots, sources } = opened
  return {
    origin,
    async read() {
      const { ledger } = await opened.ledger.freeze()
      try {
        const now = io.clock.now()
        const enabled = enabledSources(config)
        const freshness = await readFreshness(ledger, enabled, { origin, roots, now })
        const sessions = sessionData(sources, freshness, { enabled, tallies: await ledger.tallies() })
        const current = await readSnapshot(ledger, { config, sessions, now, logger })
        const unchanging = { ledger: { ...ledger, close: async () => {} }, revision: 0 }
        return await readOverview({
          snapshot: () => current,
          current,
          at: now,
          now: () => now,
          ledger: { ...ledger, freeze: async () => unchanging },
          modelName: (id) => pricing.name(id).model,
          timeZone,
          version: VERSION,
          sync: { sources: () => [], read: async () => {} },
        })
      } finally {
        await ledger.close()
      }
    },
    close: () => opened.close(),
  }
}
