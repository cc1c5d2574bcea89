import { isoTime } from '../core/period.ts'
import type { ApiContext } from './context.ts'

/** What every document begins with. */
export function documentHead<const Name extends string>(document: Name, { at, current }: ApiContext, timeZone: string) {
  return {
    schemaVersion: 1 as const,
    document,
    generatedAt: isoTime(at, timeZone),
    timeZone,
    complete: current.complete,
  }
}

export function timeOrNull(instant: number | null, timeZone: string): string | null {
  return instant === null ? null : isoTime(instant, timeZone)
}
