/** What session logs know of a use, and what an organisation's bill knows of a cost. */
export const USAGE_CONDITIONS = ['project', 'agent', 'machine', 'source'] as const
export const BILLED_CONDITIONS = ['organization', 'workspace', 'api_key'] as const
export type OwnerCondition = (typeof USAGE_CONDITIONS)[number] | (typeof BILLED_CONDITIONS)[number]

/** Patterns by what they are held against; every condition must hold, by any of its patterns. `*` stands for any text. */
export type OwnerConditions = Readonly<Partial<Record<OwnerCondition, readonly string[]>>>

/** What is known of a use or a cost. Something may have several values, such as an id and a name, or none. */
export type OwnerFacts = Readonly<Partial<Record<OwnerCondition, readonly string[]>>>

/** Who is charged. `none` where a rule names no owner, team or cost centre. */
export interface Owner {
  readonly owner: string
  readonly team: string
  readonly costCenter: string
}

export const NOT_NAMED = 'none'
/** Stands for the owner, team and cost centre of what no rule takes. */
export const UNALLOCATED = 'unallocated'

export interface OwnerRule {
  readonly conditions: OwnerConditions
  readonly charged: Owner
  /** It holds for use from `since` (inclusive) to `until` (exclusive), epoch milliseconds; may be infinite. */
  readonly since: number
  readonly until: number
}

/** Rules in order, of which the first that matches counts: for use in session logs, and for the bill, whose days are UTC. */
export interface OwnerRules {
  readonly usage: readonly OwnerRule[]
  readonly billed: readonly OwnerRule[]
}

/** Whether billed cost of a whole organisation is also shown shared out over its owners. */
export const OWNER_SHARES = ['none', 'proportional'] as const
export type OwnerShare = (typeof OWNER_SHARES)[number]

/** How it is found out who is charged. */
export interface OwnerSettings {
  readonly rules: OwnerRules
  readonly share: OwnerShare
  /** How many rules were written. */
  readonly count: number
}
