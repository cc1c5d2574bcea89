import { closeSync, fstatSync, futimesSync, mkdirSync, openSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { DemoCall } from '../world.ts'
import { claudeCodeLines } from './claude-code-lines.ts'
import { entryLines } from './entry-lines.ts'
import { placeOf } from './log-place.ts'

export interface DemoLogWriter {
  /**
   * Appends the lines of these calls (ascending by time) to the files they belong to, and makes files and folders that
   * are missing. A file gets the time of its last call. Each call must be given once only. Throws what the file system
   * reports.
   */
  write(calls: readonly DemoCall[]): void
}

/** Writes logs as Claude Code, OpenClaw and pi do, below a home folder. */
export function createLogWriter({ home }: { readonly home: string }): DemoLogWriter {
  return {
    // Thousands of small files: with promises, most of the time would go into waiting for each other.
    write(calls) {
      for (const file of byFile(calls).values()) append(home, file)
    },
  }
}

/** Calls of one file, ascending by time; never empty. */
type FileCalls = readonly [DemoCall, ...DemoCall[]]

function byFile(calls: readonly DemoCall[]): ReadonlyMap<string, FileCalls> {
  const files = new Map<string, [DemoCall, ...DemoCall[]]>()
  for (const call of calls) {
    const key = `${call.source}/${call.session}/${call.agent}`
    const file = files.get(key)
    if (file === undefined) files.set(key, [call])
    else file.push(call)
  }
  return files
}

function append(home: string, calls: FileCalls): void {
  const place = placeOf(calls[0])
  const file = openToAppend(join(home, place.path))
  try {
    const isNew = fstatSync(file).size === 0
    if (isNew && place.companion !== null) writeFileSync(join(home, place.companion.path), place.companion.text)
    const header = isNew && place.header !== null ? [place.header] : []
    const lines = calls.flatMap((call, index) => linesOf(call, isNew && index === 0))
    writeFileSync(file, `${[...header, ...lines].join('\n')}\n`)
    const lastSeconds = (calls.at(-1) ?? calls[0]).time / 1_000
    futimesSync(file, lastSeconds, lastSeconds)
  } finally {
    closeSync(file)
  }
}

function linesOf(call: DemoCall, isFirst: boolean): readonly string[] {
  return call.source === 'claude-code' ? claudeCodeLines(call, isFirst) : entryLines(call, isFirst)
}

/** File descriptor. */
function openToAppend(path: string): number {
  try {
    return openSync(path, 'a')
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
    mkdirSync(dirname(path), { recursive: true })
    return openSync(path, 'a')
  }
}
