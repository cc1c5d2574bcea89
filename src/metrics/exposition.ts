import type { Snapshot } from '../view/snapshot.ts'
import type { Collector } from './definition.ts'
import { familiesOf } from './families.ts'
import type { HealthFamily } from './prom-client-families.ts'
import type { Format } from './render/family.ts'
import { beginGzip, endGzip } from './render/gzip.ts'
import { OPENMETRICS_END, renderFamilies } from './render/render.ts'

/** What a scrape asks for. */
export interface Scrape {
  readonly format: Format
  readonly gzip: boolean
  readonly collectors: ReadonlySet<Collector>
}

export interface ExpositionParts {
  snapshot(): Snapshot
  health: { families(): Promise<readonly HealthFamily[]> }
}

/** Gives the body of a scrape, compressed if that was asked for. Shared by all scrapes; does no I/O of its own. */
export type Exposition = (scrape: Scrape) => Promise<Buffer>

/** Filters are free to choose, so that only this many renderings of one snapshot are kept. */
const RENDERINGS_MAX = 8

/**
 * Renders what comes from the snapshot once per version, however many scrape it at a time. The exporter's own metrics
 * change with every scrape and are written anew behind it.
 */
export function createExposition({ snapshot, health }: ExpositionParts): Exposition {
  const texts = snapshotCache(renderFamiliesOf)
  const beginnings = snapshotCache((current, scrape) => beginGzip(renderFamiliesOf(current, scrape)))

  return async (scrape) => {
    const current = snapshot()
    if (!scrape.gzip) return Buffer.concat([texts(current, scrape), await renderHealth(health, scrape)])
    const [beginning, end] = await Promise.all([beginnings(current, scrape), renderHealth(health, scrape)])
    return endGzip(beginning, end)
  }
}

function renderFamiliesOf(snapshot: Snapshot, { format, collectors }: Scrape): Buffer {
  return renderFamilies(familiesOf(snapshot, collectors), format)
}

async function renderHealth(health: ExpositionParts['health'], { format, collectors }: Scrape): Promise<Buffer> {
  const wanted = collectors.has('exporter') || collectors.has('process') ? await health.families() : []
  const text = renderFamilies(
    wanted.filter((family) => collectors.has(family.collector)),
    format,
  )
  return format === 'text' ? text : Buffer.concat([text, Buffer.from(OPENMETRICS_END)])
}

/** Remembers results for the newest version of the snapshot, the least recently used going first. */
function snapshotCache<Result>(make: (snapshot: Snapshot, scrape: Scrape) => Result) {
  let version: number | null = null
  const results = new Map<string, Result>()

  return (snapshot: Snapshot, scrape: Scrape): Result => {
    if (snapshot.version !== version) {
      results.clear()
      version = snapshot.version
    }
    const key = [scrape.format, ...[...scrape.collectors].sort()].join(' ')
    const result = results.get(key) ?? make(snapshot, scrape)
    results.delete(key)
    results.set(key, result)
    for (const oldest of results.keys()) {
      if (results.size <= RENDERINGS_MAX) break
      results.delete(oldest)
    }
    return result
  }
}
