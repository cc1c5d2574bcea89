import type { Usage } from './usage.ts'

/** What makes a response unique, and the name of its copies that lack the response id. */
export interface Identity {
  readonly identity: string
  readonly shadows: string | null
}

/**
 * When something happened, as far as a key needs it. Entry ids are unique inside one file only and are made up anew when
 * pi upgrades a version 1 file, so one is used only where there is no time at all.
 */
export interface Moment {
  /** Epoch milliseconds; null where the log has no readable time. */
  readonly time: number | null
  readonly entryId: string
}

/** Key of an assistant message. Neither session, file nor entry id is part of it: copies of a session keep none of them. */
export function messageIdentity(
  moment: Moment,
  message: { readonly provider: string; readonly model: string; readonly responseId: string },
  usage: Usage,
): Identity {
  const parts = [when(moment), message.provider, message.model, ...counts(usage)]
  const bare = `a:${JSON.stringify(parts)}`
  if (message.responseId === '') return { identity: bare, shadows: null }
  return { identity: `a:${JSON.stringify([...parts, message.responseId])}`, shadows: bare }
}

/** Key of model work inside a tool call. */
export function toolResultIdentity(moment: Moment, model: string, usage: Usage): Identity {
  return { identity: `t:${JSON.stringify([when(moment), model, ...counts(usage)])}`, shadows: null }
}

/** Key of a `usage`, `compaction` or `branch_summary` entry. */
export function entryIdentity(moment: Moment, type: string, kind: string, usage: Usage): Identity {
  return { identity: `e:${JSON.stringify([type, when(moment), kind, ...counts(usage)])}`, shadows: null }
}

function when({ time, entryId }: Moment): number | string {
  return time ?? `#${entryId}`
}

function counts(usage: Usage): readonly number[] {
  return [usage.input, usage.output, usage.cacheRead, usage.cacheWrite]
}
