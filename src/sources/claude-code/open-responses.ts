import type { ScanOutput } from '../files/format.ts'
import type { Draft } from './to-record.ts'

/** Agents that may write into one file at the same time. */
const AGENTS_LIMIT = 16

interface OpenResponse {
  readonly identity: string
  /** The latest record of it; null where that belonged to an earlier scanner. */
  readonly draft: Draft | null
}

/**
 * Remembers, for each agent of a file, the response whose lines may not be complete. The next line of the same agent
 * that belongs to another response settles it. A line of the user does not: the result of a response's first tool can
 * stand between its lines.
 */
export class OpenResponses {
  readonly #byAgent: Map<string, OpenResponse>

  constructor(identities: readonly (readonly [agent: string, identity: string])[]) {
    this.#byAgent = new Map(identities.map(([agent, identity]) => [agent, { identity, draft: null }]))
  }

  /** Takes note of a line of the assistant, whose record is about to go out. */
  note(agent: string, draft: Draft, out: ScanOutput): void {
    const open = this.#byAgent.get(agent)
    if (open !== undefined && open.identity !== draft.identity) this.#settle(open, out)
    this.#byAgent.delete(agent)
    if (draft.settled) return
    if (this.#byAgent.size >= AGENTS_LIMIT) this.#settleOldest(out)
    this.#byAgent.set(agent, { identity: draft.identity, draft })
  }

  /** Takes note of a line of the assistant that is part of no response. */
  end(agent: string, out: ScanOutput): void {
    const open = this.#byAgent.get(agent)
    if (open !== undefined) this.#settle(open, out)
    this.#byAgent.delete(agent)
  }

  identities(): readonly (readonly [agent: string, identity: string])[] {
    return [...this.#byAgent].map(([agent, { identity }]) => [agent, identity] as const)
  }

  #settleOldest(out: ScanOutput): void {
    for (const [agent, open] of this.#byAgent) {
      this.#settle(open, out)
      this.#byAgent.delete(agent)
      return
    }
  }

  /** A record that has not left yet is settled in place, an earlier one by its identity. */
  #settle({ identity, draft }: OpenResponse, out: ScanOutput): void {
    if (draft !== null && out.records.lastIndexOf(draft) !== -1) draft.settled = true
    else out.closed.push(identity)
  }
}
