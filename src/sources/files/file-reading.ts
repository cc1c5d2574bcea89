import { type BigIntStats, constants } from 'node:fs'
import { decodeCursor } from './cursor.ts'
import type { FileSystem } from './file-system.ts'
import type { FileTable, TrackedFile } from './file-table.ts'
import type { LogFile, LogFormat } from './format.ts'
import { isStill, provenStamp } from './identity.ts'
import { readPlain } from './read-plain.ts'
import { readZstd } from './read-zstd.ts'
import type { LogReading, Step } from './reading.ts'

/** Non-blocking, because opening a named pipe would otherwise wait for a writer. Windows has no such flag. */
const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)

export interface FileReadingContext {
  readonly fs: FileSystem
  readonly format: LogFormat
  readonly table: FileTable
  readonly block: Buffer
  readonly lineLimitBytes: number
  readonly quietTimeMs: number
  readonly now: () => number
}

/** A piece of work on a file; `step` is null when it has nothing to hand over. */
export interface FileStep {
  readonly file: TrackedFile
  readonly step: Step | null
}

/** Reads what is new in a log. Whatever stands at the path when it is opened is what is read. Throws what the system reports. */
export function* readFile(context: FileReadingContext, log: LogFile, path: string): Generator<FileStep> {
  const { fs, table, now } = context
  const fd = fs.openSync(path, OPEN_FLAGS)
  try {
    const stats = fs.fstatSync(fd, { bigint: true })
    if (!stats.isFile()) return
    const file = table.place(path, stats)
    const nowMs = now()
    const stamp = provenStamp(stats, nowMs)
    const reading = startReading(context, log, file, { fd, stats, stamp, nowMs })
    let next = reading.next()
    for (; next.done !== true; next = reading.next()) yield { file, step: next.value }
    table.looked(file, stats, stamp, next.value.isUnsettled, nowMs)
  } finally {
    fs.closeSync(fd)
  }
}

interface Opened {
  readonly fd: number
  readonly stats: BigIntStats
  readonly stamp: string
  readonly nowMs: number
}

function startReading(
  { fs, format, block, lineLimitBytes, quietTimeMs }: FileReadingContext,
  log: LogFile,
  file: TrackedFile,
  { fd, stats, stamp, nowMs }: Opened,
): LogReading {
  const modifiedMs = Number(stats.mtimeMs)
  const cursor = file.cursor ?? file.inherited
  const job = {
    fs,
    fd,
    block,
    size: Number(stats.size),
    stamp,
    cursor: cursor === null ? null : decodeCursor(cursor),
    lineLimitBytes,
    isQuiet: isStill(stats, quietTimeMs, nowMs),
    open: (state: string | null) => format.open(log, state, modifiedMs),
  }
  return log.encoding === 'zstd' ? readZstd(job) : readPlain(job)
}
