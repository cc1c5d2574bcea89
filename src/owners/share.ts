import { apportion } from './apportion.ts'

/** Who takes part: whoever a rule names; what is unallocated does not. */
interface Sharer {
  readonly owner: object | null
  /** Billed cost by organisation, pico-dollars. */
  readonly byOrganization: ReadonlyMap<string, bigint>
}

/**
 * Divides the cost of each organisation as a whole over those who were billed for use of it, in proportion to that, to the
 * pico-dollar. Null for those who take no part, and for all where nobody was billed for anything: such cost is shared by
 * nobody.
 *
 * @param fees pico-dollars by organisation
 */
export function shareOut(fees: ReadonlyMap<string, bigint>, sharers: readonly Sharer[]): (bigint | null)[] {
  const shares = sharers.map(({ owner }): bigint | null => (owner === null ? null : 0n))
  for (const [organization, pico] of fees) {
    const weights = sharers.map(({ owner, byOrganization }) =>
      owner === null ? 0n : (byOrganization.get(organization) ?? 0n),
    )
    for (const [index, part] of (apportion(pico, weights) ?? []).entries()) {
      const share = shares[index]
      if (share !== null && share !== undefined) shares[index] = share + part
    }
  }
  return shares
}
