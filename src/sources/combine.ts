import type { TailMode } from '../core/status.ts'
import type { SourceName } from '../core/usage.ts'
import type { KnownStream, ReadOptions, Source, SourceBatch, SourceStatus } from './source.ts'

/**
 * Several readers of one agent's logs as one source. Each part's streams get its key in front, so that no part ever sees
 * the cursors of another; the keys end up in the ledger and must not change.
 */
export function combineSources(name: SourceName, parts: Readonly<Record<string, Source>>): Source {
  const entries = Object.entries(parts)
  return {
    name,
    restore(streams) {
      for (const [key, part] of entries) part.restore(streams.flatMap((known) => belonging(key, known)))
    },
    read: (options) => readAll(entries, options),
    async follow(changed) {
      const stops: (() => Promise<void>)[] = []
      const stop = async (): Promise<void> => {
        await Promise.all(stops.map((stopPart) => stopPart()))
      }
      try {
        for (const [, part] of entries) stops.push(await part.follow(changed))
      } catch (error) {
        await stop()
        throw error
      }
      return stop
    },
    status: () => combineStatus(entries.map(([, part]) => part.status())),
    gone: () => entries.flatMap(([key, part]) => part.gone().map((stream) => prefix(key) + stream)),
  }
}

async function* readAll(
  entries: readonly (readonly [string, Source])[],
  options: ReadOptions,
): AsyncGenerator<SourceBatch> {
  for (const [key, part] of entries) {
    if (options.signal.aborted) return
    for await (const batch of part.read(options)) yield { ...batch, stream: prefix(key) + batch.stream }
  }
}

function belonging(key: string, known: KnownStream): readonly KnownStream[] {
  const own = prefix(key)
  return known.stream.startsWith(own) ? [{ ...known, stream: known.stream.slice(own.length) }] : []
}

function prefix(key: string): string {
  return `${key}:`
}

function combineStatus(statuses: readonly SourceStatus[]): SourceStatus {
  return {
    roots: statuses.flatMap(({ roots }) => roots),
    streams: sum(statuses.map(({ streams }) => streams)),
    tailMode: combineModes(statuses),
    bytesDone: sum(statuses.map(({ bytesDone }) => bytesDone)),
    bytesTotal: sum(statuses.map(({ bytesTotal }) => bytesTotal)),
  }
}

/** The slowest way in which changes of something that exists are noticed. */
function combineModes(statuses: readonly SourceStatus[]): TailMode {
  const inUse = statuses.filter(({ streams }) => streams > 0)
  const modes = new Set((inUse.length > 0 ? inUse : statuses).map(({ tailMode }) => tailMode))
  if (modes.has('polling')) return 'polling'
  return modes.has('events') ? 'events' : 'off'
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
