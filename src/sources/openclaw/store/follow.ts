import { databaseSignature } from './find-databases.ts'

export interface Polling {
  /** Paths of the databases there are now. */
  readonly find: () => Promise<readonly string[]>
  readonly everyMs: number
  readonly changed: (paths: readonly string[]) => void
}

/**
 * Looks at the size and time of databases and their write-ahead logs again and again, and reports those that changed or
 * are new. File events would not do: SQLite writes through the log, which comes and goes. Returns the stop function.
 */
export async function pollDatabases({ find, everyMs, changed }: Polling): Promise<() => void> {
  let known = await signatures(find)
  let isStopped = false
  let timer = later(look, everyMs)
  async function look(): Promise<void> {
    const now = await signatures(find)
    if (isStopped) return
    const paths = [...now].filter(([path, signature]) => known.get(path) !== signature).map(([path]) => path)
    known = now
    timer = later(look, everyMs)
    if (paths.length > 0) changed(paths)
  }
  return () => {
    isStopped = true
    clearTimeout(timer)
  }
}

async function signatures(find: () => Promise<readonly string[]>): Promise<ReadonlyMap<string, string>> {
  const entries = await Promise.all(
    (await find()).map(async (path) => [path, (await databaseSignature(path)) ?? ''] as const),
  )
  return new Map(entries)
}

function later(look: () => Promise<void>, everyMs: number): NodeJS.Timeout {
  return setTimeout(() => void look(), everyMs).unref()
}
