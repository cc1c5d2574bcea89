import { emptySnapshot } from '../../../src/backfill/empty-snapshot.ts'
import type { Past } from '../../../src/backfill/past.ts'
import { Recorder } from '../../../src/backfill/recorder.ts'
import type { TextOutput } from '../../../src/lib/text-output.ts'
import { definitions } from '../../../src/metrics/definitions.ts'
import type { Snapshot } from '../../../src/view/snapshot.ts'

export const SLOT = 15 * 60_000
export const TARGET = { job: 'usage', instance: '127.0.0.1:10061' }

/** A past that shows what the function says; nothing where it says nothing. */
export function pastOf(at: (instant: number) => Partial<Snapshot>): Past {
  return { at: async (instant) => at(instant) }
}

/** A recorder of these families, by name. */
export function recorderOf(names: readonly string[], target = TARGET): Recorder {
  const families = definitions.filter(({ name }) => names.includes(name))
  if (families.length !== names.length) throw new Error('a family is not known')
  return new Recorder({ families, empty: emptySnapshot({ timeZone: 'UTC', seriesLimit: 1_000 }), target })
}

export const UNPRICED = 'claude_unpriced_tokens_total'
export const BALANCE = 'claude_balance_usd'
export const RUNWAY = 'claude_balance_runway_seconds'

/** A row behind a counter. */
export function unpriced(model: string, tokens: bigint): Snapshot['unpriced'][number] {
  return { provider: 'p', model, tokens }
}

/** A row behind two gauges; null: not given. */
export function balance(
  organization: string,
  balancePico: bigint | null,
  runwayMs: number | null = null,
): Snapshot['balances'][number] {
  return { organization, balancePico, toppedUpPico: 0n, runwayMs }
}

/** Keeps what is written. */
export function memoryOutput(): TextOutput & { readonly text: () => string; readonly state: () => string } {
  let text = ''
  let state = 'open'
  return {
    get bytes() {
      return Buffer.byteLength(text)
    },
    write: async (more) => {
      text += more
    },
    complete: async () => {
      state = 'complete'
    },
    discard: async () => {
      state = 'discarded'
    },
    text: () => text,
    state: () => state,
  }
}

/** The samples of an exposition in their order: series, value and seconds as they are written. */
export function samplesIn(text: string): readonly (readonly [series: string, value: string, seconds: string])[] {
  return text.split('\n').flatMap((line) => {
    const match = /^([^#].*\}) (\S+) (\S+)$/.exec(line)
    return match === null ? [] : [[match[1] ?? '', match[2] ?? '', match[3] ?? ''] as const]
  })
}
