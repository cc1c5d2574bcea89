import { SYNC_FAILURES } from '../core/sync-run.ts'
import type { MetersOptions } from './meters.ts'

/** Tells the closed list of what can make the sync of a source fail. */
export function failureReasonsOf({
  apiSources = [],
  failureReasons,
}: Pick<MetersOptions, 'apiSources' | 'failureReasons'>): (source: string) => ReadonlySet<string> {
  const api = new Set([...SYNC_FAILURES, 'other'])
  const others = new Set([...failureReasons, 'other'])
  return (source) => (apiSources.includes(source) ? api : others)
}
