import { stat } from 'node:fs/promises'
import { isDeepStrictEqual } from 'node:util'
import type { WebConfig } from './web-config.ts'

const LOOK_INTERVAL_MS = 1_000

export interface WatchParts {
  readonly initial: WebConfig
  /** Reads everything again. Throws when anything is wrong with it. */
  read(): WebConfig
  /** Takes over what was read. */
  changed(config: WebConfig): void
  /** Told once of each thing wrong. What was read last stays in force. */
  refused(error: unknown): void
}

/** Looks every second whether one of the files changed. Returns the function that ends it. */
export function watchWebConfig(parts: WatchParts): () => void {
  const look = createLook(parts)
  let isLooking = false
  const timer = setInterval(async () => {
    if (isLooking) return
    isLooking = true
    await look().finally(() => {
      isLooking = false
    })
  }, LOOK_INTERVAL_MS)
  timer.unref()
  return () => clearInterval(timer)
}

/**
 * One look at the files. A change counts once it is the same at two looks: half a file can be a good configuration, one
 * without users for example, and a new certificate comes before its key.
 */
export function createLook({ initial, read, changed, refused }: WatchParts): () => Promise<void> {
  let current = initial
  let seen = ''
  let isRead = false
  let told: string | null = null
  return async () => {
    const state = (await Promise.all(current.files.map(stateOf))).join('\n')
    if (state !== seen) {
      seen = state
      isRead = false
      return
    }
    if (isRead) return
    try {
      const config = read()
      isRead = true
      told = null
      if (isDeepStrictEqual(config, current)) return
      current = config
      changed(config)
    } catch (error) {
      // It may name files that are not watched yet, so that it is read at every look until it is right.
      const text = String(error)
      if (text !== told) refused(error)
      told = text
    }
  }
}

/** Another text whenever the file was written or replaced. */
async function stateOf(file: string): Promise<string> {
  try {
    const { ino, size, mtimeNs, ctimeNs } = await stat(file, { bigint: true })
    return [ino, size, mtimeNs, ctimeNs].join(' ')
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
  }
}
