/** Amounts over time, in the unit of a budget. */
export interface Amounts {
  /** The sum of all slots that begin within [from, to), epoch milliseconds. */
  sum(from: number, to: number): bigint
  /** Start of the first slot known, epoch milliseconds; null where there is none. */
  readonly first: number | null
}
