/** One station on the way from the logs to the dashboards, and how it was found. */
export interface Hop {
  readonly name: string
  /** `skipped`: not asked for, or it cannot be looked at because of another hop. */
  readonly state: 'ok' | 'warning' | 'failed' | 'skipped'
  /** What was seen, in a sentence. */
  readonly seen: string
  /** What to do about it; null where nothing is to be done. */
  readonly remedy: string | null
}

/** What is wrong with a hop, with the worst first. */
export interface Fault {
  readonly state: 'warning' | 'failed'
  readonly seen: string
  readonly remedy: string
}

export function okHop(name: string, seen: string): Hop {
  return { name, state: 'ok', seen, remedy: null }
}

export function skippedHop(name: string, seen: string): Hop {
  return { name, state: 'skipped', seen, remedy: null }
}

export function failedHop(name: string, seen: string, remedy: string): Hop {
  return { name, state: 'failed', seen, remedy }
}

/** The hop by its worst fault; without one it is ok and tells what was seen. */
export function judgeHop(name: string, seen: string, faults: readonly Fault[]): Hop {
  const worst = faults.find(({ state }) => state === 'failed') ?? faults[0]
  if (worst === undefined) return okHop(name, seen)
  const all = [worst, ...faults.filter((fault) => fault !== worst)]
  return {
    name,
    state: worst.state,
    seen: all.map((fault) => fault.seen).join('; '),
    remedy: all.map((fault) => fault.remedy).join(' '),
  }
}
