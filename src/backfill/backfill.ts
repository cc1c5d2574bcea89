import { setImmediate } from 'node:timers/promises'
import type { TextOutput } from '../lib/text-output.ts'
import { gridOf } from './grid.ts'
import { type Part, partsOf, quarterHours, type Range } from './instants.ts'
import { mostSamples, openMetrics } from './open-metrics.ts'
import type { Past } from './past.ts'
import type { Recorder } from './recorder.ts'

/** Longest stretch of work before signals and the terminal get their turn. */
const STRETCH_MS = 30

export interface BackfillOptions {
  readonly range: Range
  /** A whole part of a quarter of an hour, so that nothing recorded falls between two points. */
  readonly stepMs: number
  /** UTC days per output; null: one output. */
  readonly splitDays: number | null
  readonly pasts: readonly Past[]
  /** A new one. */
  readonly recorder: Recorder
  readonly open: (part: Part) => Promise<TextOutput>
  /** Ends it: what is not complete is discarded. */
  readonly signal: AbortSignal
  /** Told before each part is written of how many samples it has at most. */
  readonly expected: (samples: number) => void
  /** Told of what share is done, 0 to 1. */
  readonly progress: (share: number) => void
}

export interface Backfilled {
  readonly outputs: number
  readonly series: number
  readonly samples: number
  readonly bytes: number
}

/**
 * Writes the past, part by part: no more than what changed within one part is in memory. Rejects with LedgerError, with
 * OperatorError where an output cannot be written, and with the reason of the signal.
 */
export async function backfill(options: BackfillOptions): Promise<Backfilled> {
  const { range, splitDays, pasts, recorder, signal } = options
  const instants = quarterHours(range)
  const parts = partsOf(range, splitDays)
  const turns = new Turns(signal)
  const written = { outputs: 0, samples: 0, bytes: 0 }
  let next = 0
  for (const part of parts) {
    const begin = next
    for (; next < instants.length; next++) {
      const instant = instants[next] ?? range.to
      if (!part.isLast && instant >= part.to) break
      const shown: Awaited<ReturnType<Past['at']>>[] = []
      for (const past of pasts) shown.push(await past.at(instant))
      recorder.record(instant, shown)
      options.progress((begin + (next - begin) / 2) / instants.length)
      await turns.next()
    }
    const count = next - begin
    const { samples, bytes } = await writePart(part, options, turns, (share) =>
      options.progress((begin + (count * (1 + share)) / 2) / instants.length),
    )
    written.outputs += 1
    written.samples += samples
    written.bytes += bytes
    recorder.keepLast()
  }
  return { ...written, series: recorder.series }
}

async function writePart(
  part: Part,
  { recorder, stepMs, open, expected }: BackfillOptions,
  turns: Turns,
  progress: (share: number) => void,
): Promise<{ samples: number; bytes: number }> {
  const grid = gridOf(part, stepMs)
  expected(mostSamples(recorder.families, grid))
  const output = await open(part)
  try {
    let samples = 0
    let series = 0
    for (const chunk of openMetrics(recorder.families, grid)) {
      await output.write(chunk.text)
      samples += chunk.samples
      series += chunk.series
      progress(series / Math.max(1, recorder.series))
      await turns.next()
    }
    await output.complete()
    return { samples, bytes: output.bytes }
  } catch (error) {
    await output.discard()
    throw error
  }
}

/** Gives everything else its turn now and then. */
class Turns {
  readonly #signal: AbortSignal
  #since = performance.now()

  constructor(signal: AbortSignal) {
    this.#signal = signal
  }

  /** Rejects with the reason of the signal once that is given. */
  async next(): Promise<void> {
    if (performance.now() - this.#since >= STRETCH_MS) {
      await setImmediate()
      this.#since = performance.now()
    }
    this.#signal.throwIfAborted()
  }
}
