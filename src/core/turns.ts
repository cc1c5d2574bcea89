import type { SessionTurn } from './usage.ts'

/** The newest turn of each session, in the order in which the sessions are first named. */
export function newestTurns(turns: readonly SessionTurn[]): readonly SessionTurn[] {
  const newest = new Map<string, SessionTurn>()
  for (const turn of turns) {
    const id = `${turn.source}\n${turn.session}`
    const known = newest.get(id)
    if (known === undefined || turn.time > known.time) newest.set(id, turn)
  }
  return [...newest.values()]
}
