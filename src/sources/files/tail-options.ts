/** How logs are followed. Times in milliseconds. */
export interface TailOptions {
  /** `auto` has the system tell about changes and looks now and then as well; `poll` only looks. */
  readonly mode: 'auto' | 'poll'
  /** How long a file must be still before its last line is taken without a line feed. */
  readonly quietTimeMs: number
  /** Longer lines are skipped and counted. */
  readonly lineLimitBytes: number
  /** How often files that changed lately are looked at. */
  readonly pollHotMs: number
  /** How often each other file is looked at. */
  readonly pollColdMs: number
  /** How often everything is searched anew. */
  readonly rescanMs: number
  /** Changes within this time are told together. */
  readonly coalesceMs: number
}

export const DEFAULT_TAIL: TailOptions = {
  mode: 'auto',
  quietTimeMs: 60_000,
  lineLimitBytes: 64 * 1024 * 1024,
  pollHotMs: 1_000,
  pollColdMs: 60_000,
  rescanMs: 300_000,
  coalesceMs: 20,
}
