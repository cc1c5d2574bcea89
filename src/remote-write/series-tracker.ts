import { Breather } from '../lib/breather.ts'
import type { Family } from '../metrics/render/family.ts'
import { seriesLabels, splitLine } from './line.ts'
import { encodeLabels, type LabelBytes, type SeriesSample } from './write-request.ts'

/** The samples of one moment, by what they mean for the series. */
export interface Moment {
  /** First values of series that were not there at the moment before. */
  readonly begun: readonly SeriesSample[]
  readonly continued: readonly SeriesSample[]
  /** Ends of series that are no more. */
  readonly ended: readonly SeriesSample[]
}

export interface SeriesTracker {
  /** Compares with the moment before, and remembers this one. It lets others have their turn; one call at a time. */
  next(families: Iterable<Family>): Promise<Moment>
  /** Ends of all series of the last moment, which is then forgotten. */
  endAll(): readonly SeriesSample[]
}

/**
 * Knows which series there were. Encoded labels are kept from one moment to the next, because making them is most of the
 * work.
 *
 * @param externalLabels given to every series that has no label of that name itself
 */
export function createSeriesTracker(externalLabels: ReadonlyMap<string, string>): SeriesTracker {
  let known = new Map<string, LabelBytes>()
  return {
    async next(families) {
      const breather = new Breather()
      const present = new Map<string, LabelBytes>()
      const begun: SeriesSample[] = []
      const continued: SeriesSample[] = []
      for (const { name, lines } of families) {
        for (const line of lines) {
          const { head, value } = splitLine(line)
          const key = wellFormed(name + head)
          // Names that differ in broken characters alone become one: the first counts, as it does in a scrape.
          if (present.has(key)) continue
          const before = known.get(key)
          const labels = before ?? encodeLabels(new Map([...externalLabels, ...seriesLabels(name, head)]))
          present.set(key, labels)
          if (before === undefined) begun.push({ labels, value })
          else continued.push({ labels, value })
          if (breather.isDue) await breather.pause()
        }
      }
      const ended = endsOf(known, (key) => !present.has(key))
      known = present
      return { begun, continued, ended }
    },
    endAll() {
      const ended = endsOf(known, () => true)
      known = new Map()
      return ended
    },
  }
}

function endsOf(series: ReadonlyMap<string, LabelBytes>, isEnded: (key: string) => boolean): SeriesSample[] {
  return [...series].filter(([key]) => isEnded(key)).map(([, labels]) => ({ labels, value: null }))
}

/** As it is once it is encoded. */
function wellFormed(text: string): string {
  return /\p{Surrogate}/u.test(text) ? Buffer.from(text, 'utf8').toString('utf8') : text
}
