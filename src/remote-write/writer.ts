import type { Clock } from '../lib/clock.ts'
import type { Logger } from '../lib/logger.ts'
import type { Family } from '../metrics/render/family.ts'
import type { Backoff } from './backoff.ts'
import { type Destination, hostOf } from './destination.ts'
import type { RemoteWriteHealth } from './health.ts'
import { createPipeline, type Pipeline } from './pipeline.ts'

/** Longest time that stopping may take. */
const STOP_LIMIT_MS = 3_000
const BACKOFF: Backoff = { firstMs: 1_000, longestMs: 60_000 }

/** What a server that scrapes would add: the rules look for it. */
const UP: Family = {
  name: 'up',
  type: 'gauge',
  help: 'Always 1: the exporter runs and sends its metrics itself.',
  unit: '',
  lines: [' 1'],
}

export interface WriterParts {
  /** What a scrape would show now, all of it. */
  readonly families: () => Promise<readonly Family[]>
  readonly clock: Clock
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>
  readonly health: RemoteWriteHealth
  /** How long to wait after failures. */
  readonly backoff?: Backoff
  /** 0 to 1, by chance. */
  readonly chance?: () => number
}

export interface RemoteWriter {
  start(): void
  /** Takes over other settings; null ends it. What waits for the same URL is kept. */
  configure(destination: Destination | null): Promise<void>
  /** Tells the receiver that all series end, which takes 3 s at most. */
  stop(): Promise<void>
}

/** Sends what `/metrics` shows to a server that cannot fetch it. `destination` null: nothing is sent. */
export function createRemoteWriter({
  destination: first,
  ...parts
}: WriterParts & { readonly destination: Destination | null }): RemoteWriter {
  let destination = first
  let isRunning = false
  let pipeline: Pipeline | null = null
  const all = {
    backoff: BACKOFF,
    chance: Math.random,
    ...parts,
    families: async () => [...(await parts.families()), UP],
  }

  function begin(): void {
    if (destination === null || !isRunning) return
    parts.health.remoteWriteBegan()
    parts.logger.info('remote write begins', { host: hostOf(destination), seconds: destination.intervalMs / 1_000 })
    pipeline = createPipeline(destination, all)
  }

  async function end(): Promise<void> {
    const ending = pipeline
    pipeline = null
    await ending?.stop(STOP_LIMIT_MS)
  }

  return {
    start() {
      if (isRunning) return
      isRunning = true
      begin()
    },
    async configure(next) {
      const isSame = next !== null && next.url === destination?.url
      destination = next
      if (isSame && next !== null && pipeline !== null) {
        pipeline.configure(next)
        return
      }
      await end()
      if (pipeline === null) begin()
    },
    async stop() {
      isRunning = false
      await end()
    },
  }
}
