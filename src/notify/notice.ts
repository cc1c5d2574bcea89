import { fillText, NOTICE_TEXTS, type NoticeName } from '../alerts/texts.ts'

/** What a receiver is shown. */
export interface Message {
  readonly name: string
  readonly severity: 'info' | 'warning' | 'critical'
  /** One fixed sentence. */
  readonly summary: string
  /** With names from outside in it: controls are escaped and names are cut, nothing else. */
  readonly description: string
  /** What it is about, by the names of the labels. */
  readonly labels: Readonly<Record<string, string>>
  /** Start of the period it is told once in, epoch milliseconds; null where there is none. */
  readonly periodStart: number | null
}

/** Something that is to be told now. */
export interface Notice extends Message {
  readonly name: NoticeName
  readonly severity: 'warning' | 'critical'
  /** The same for everything that is to be told once. */
  readonly key: string
  /**
   * `once`: never again with this key, until it is one of `clearedKeys`. `after_quiet`: again when it has been quiet for
   * QUIET_MS.
   */
  readonly repeats: 'once' | 'after_quiet'
  /** How long it must be true before it is told, milliseconds. */
  readonly holdMs: number
  /** Keys of lesser notices that need not be told any more once this one is. */
  readonly covers: readonly string[]
}

/** A matter that comes up again after it was quiet for this long is a new one. */
export const QUIET_MS = 3_600_000

export interface NoticeFacts {
  readonly key: readonly (string | number)[]
  readonly severity: Notice['severity']
  readonly repeats: Notice['repeats']
  readonly labels: Notice['labels']
  readonly values: Readonly<Partial<Record<string, string>>>
  readonly holdMs?: number
  readonly periodStart?: number
  readonly covers?: readonly string[]
}

/** A notice with its texts. */
export function notice(name: NoticeName, facts: NoticeFacts): Notice {
  const { summary, description } = NOTICE_TEXTS[name]
  return {
    name,
    severity: facts.severity,
    summary,
    description: fillText(description, facts.values),
    labels: facts.labels,
    periodStart: facts.periodStart ?? null,
    key: noticeKey(name, ...facts.key),
    repeats: facts.repeats,
    holdMs: facts.holdMs ?? 0,
    covers: facts.covers ?? [],
  }
}

/** Unambiguous whatever names from outside hold. */
export function noticeKey(...parts: readonly (string | number)[]): string {
  return JSON.stringify(parts)
}
