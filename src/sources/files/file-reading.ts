import { constants } from 'node:fs'
import { decodeCursor } from './cursor.ts'
import { type FileFacts, lookInto } from './file-facts.ts'
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
    const facts = lookInto(fs, fd)
    if (facts === null) return
    const file = table.place(path, facts)
    const nowMs = now()
    const stamp = provenStamp(facts, nowMs)
    const reading = startReading(context, log, file, { fd, facts, stamp, nowMs })
    let next = reading.next()
    for (; next.done !== true; next = reading.next()) yield { file, step: next.value }
    table.looked(file, facts, stamp, next.value.isUnsettled, nowMs)
  } finally {
    fs.closeSync(fd)
  }
}

interface Opened {
  readonly fd: number
  readonly facts: FileFacts
  readonly stamp: string
  readonly nowMs: number
}

function startReading(
  { fs, format, block, lineLimitBytes, quietTimeMs }: FileReadingContext,
  log: LogFile,
  file: TrackedFile,
  { fd, facts, stamp, nowMs }: Opened,
): LogReading {
  const cursor = file.cursor ?? file.inherited
  const job = {
    fs,
    fd,
    block,
    size: facts.size,
    stamp,
    cursor: cursor === null ? null : decodeCursor(cursor),
    lineLimitBytes,
    isQuiet: isStill(facts, quietTimeMs, nowMs),
    // Times of responses are whole milliseconds.
    open: (state: string | null) => format.open(log, state, Math.floor(facts.modifiedMs)),
  }
  return log.encoding === 'zstd' ? readZstd(job) : readPlain(job)
}
