import type { SourceName, TokenCounts } from '../core/usage.ts'

/** One response of an agent that does not exist. */
export interface DemoCall {
  /** Epoch milliseconds. */
  readonly time: number
  readonly source: SourceName
  /** Name of an agent of OpenClaw, or type of a sub-agent of Claude Code; null for the main one, and where there is none. */
  readonly agent: string | null
  /** Name of the repository it works in. */
  readonly project: string
  readonly provider: string
  /** As the log spells it. */
  readonly model: string
  readonly session: string
  /** Unique, and the same whenever the same call is made again. */
  readonly id: string
  readonly tokens: TokenCounts
  readonly webSearches: number
  /** True where a person wrote just before. */
  readonly followsHuman: boolean
  /** Whose bill it is on; null where no organisation's is. */
  readonly billedTo: { readonly workspaceId: string; readonly apiKeyId: string } | null
}

/** Everything that happens in the demo: a pure function of time, so that past and present are of one piece. */
export interface DemoWorld {
  /** When it begins, epoch milliseconds. */
  readonly from: number
  /** Ascending by time; from inclusive, to exclusive. What lies before `from` is empty. */
  callsBetween(from: number, to: number): readonly DemoCall[]
}

export interface DemoWorldOptions {
  /** When somebody begins to look, epoch milliseconds: a runaway agent starts a few minutes later. */
  readonly start: number
  /** Days of history before it. */
  readonly days: number
  /** Whose days and nights the people keep. */
  readonly timeZone: string
}
