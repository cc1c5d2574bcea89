import { compareInt, type Int } from '../core/integer.ts'

/** Requests of a session by who made them. */
export interface SessionUse {
  readonly agent: string
  readonly project: string
  readonly requests: Int
}

/** The one with most of the requests; of equals the first by name, so that no order of reading shows. */
export function mainUse(uses: Iterable<SessionUse>): SessionUse | null {
  let main: SessionUse | null = null
  for (const use of uses) if (main === null || comesBefore(use, main)) main = use
  return main
}

function comesBefore(a: SessionUse, b: SessionUse): boolean {
  const order = compareInt(a.requests, b.requests)
  if (order !== 0) return order > 0
  return a.agent === b.agent ? a.project < b.project : a.agent < b.agent
}
