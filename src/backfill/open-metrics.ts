import { OPENMETRICS_END, renderHead } from '../metrics/render/render.ts'
import { type Grid, indexAt } from './grid.ts'
import type { RecordedFamily, RecordedSeries } from './recorded-family.ts'

/** Characters that are handed over at once. Of texts beyond some 100 kB each would cost new pages of memory. */
const CHUNK_LENGTH = 1 << 16
/** Lines of one value that are made at once, for the same reason. */
const RUN_POINTS = 128

export interface Chunk {
  readonly text: string
  /** What has been written since the chunk before. */
  readonly samples: number
  readonly series: number
}

/**
 * Writes what was recorded as OpenMetrics, as it is asked for: every value again at every point of the grid, families
 * in one piece, series in the order of their text, points in the order of time. Families without samples are left out.
 */
export function* openMetrics(families: Iterable<RecordedFamily>, grid: Grid): Generator<Chunk, void, void> {
  let texts: string[] = []
  let length = 0
  let samples = 0
  let series = 0
  for (const family of families) {
    let head: string | null = renderHead(family.definition, 'openmetrics')
    for (const one of family.series()) {
      for (const [text, points] of linesOf(one, grid)) {
        if (head !== null) texts.push(head)
        head = null
        texts.push(text)
        length += text.length
        samples += points
        if (length < CHUNK_LENGTH) continue
        yield { text: texts.join(''), samples, series }
        texts = []
        length = 0
        samples = 0
        series = 0
      }
      series += 1
    }
  }
  texts.push(OPENMETRICS_END)
  yield { text: texts.join(''), samples, series }
}

/** There are no more samples than this to be written: one at each point from the begin of a series on. */
export function mostSamples(families: Iterable<RecordedFamily>, grid: Grid): number {
  let samples = 0
  for (const family of families) {
    for (const { steps } of family.series()) samples += grid.times.length - indexAt(grid, steps.instantAt(0))
  }
  return samples
}

/** Pieces of text with the number of lines in each. */
function* linesOf({ text, steps }: RecordedSeries, grid: Grid): Generator<readonly [string, number], void, void> {
  let end = indexAt(grid, steps.instantAt(0))
  for (let step = 0; step < steps.length; step++) {
    let begin = end
    end = indexAt(grid, steps.instantAt(step + 1))
    if (begin === end) continue
    const value = steps.textAt(step)
    if (value === null) continue
    const line = `${text} ${value} `
    for (; begin < end; begin += RUN_POINTS) {
      const stamps = grid.stamps.slice(begin, Math.min(end, begin + RUN_POINTS))
      yield [line + stamps.join(line), stamps.length]
    }
  }
}
