import { setTimeout as delay } from 'node:timers/promises'

/** Waits so many milliseconds. False when it was aborted before they passed. */
export function waited(ms: number, signal: AbortSignal): Promise<boolean> {
  return delay(ms, undefined, { signal }).then(
    () => true,
    () => false,
  )
}
