/** Where figures of plan windows come from: the status line of Claude Code. */
export type PlanWindowOrigin = 'statusline'

/** How much of a limit of a subscription is used, as the provider itself said it. */
export interface PlanWindow {
  /** A name the user chose; `default` unless there is more than one account. */
  readonly account: string
  /** `5h` and `7d`; others under the name that Claude Code gives them. */
  readonly window: string
  /** Used share of the limit, not clamped: above 1 where more was used. */
  readonly usedRatio: number
  /** When the window ends and its use begins again at nothing, epoch milliseconds; null where that was not said. */
  readonly resetsAt: number | null
  /** When Claude Code last handed this over, epoch milliseconds. */
  readonly observedAt: number
  readonly origin: PlanWindowOrigin
}

/** The account of those who have one. */
export const DEFAULT_ACCOUNT = 'default'

const ACCOUNT_NAME = /^[a-z0-9][a-z0-9_-]{0,31}$/

/** Whether this can name an account: a short word that also is a file name. No e-mail address is one. */
export function isAccountName(name: string): boolean {
  return ACCOUNT_NAME.test(name)
}
