/** `missing` is normal: that agent is not installed. `unsupported`: a store was found that cannot be read. */
export type RootState = 'ok' | 'missing' | 'unreadable' | 'unsupported'

export interface RootStatus {
  readonly path: string
  readonly state: RootState
  /** What went wrong, in a sentence, when the state is not `ok`. */
  readonly problem: string | null
}

/** How changes to the logs are noticed. */
export type TailMode = 'events' | 'polling' | 'off'
