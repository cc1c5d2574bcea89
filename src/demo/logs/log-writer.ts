import { type FileHandle, mkdir, open, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { DemoCall } from '../world.ts'
import { claudeCodeLines } from './claude-code-lines.ts'
import { entryLines } from './entry-lines.ts'
import { placeOf } from './log-place.ts'

/** Files written at the same time. */
const FILES_AT_ONCE = 32

export interface DemoLogWriter {
  /**
   * Appends the lines of these calls (ascending by time) to the files they belong to, and makes files and folders that
   * are missing. A file gets the time of its last call. Each call must be given once only. Rejects with what the file
   * system reports.
   */
  write(calls: readonly DemoCall[]): Promise<void>
}

/** Writes logs as Claude Code, OpenClaw and pi do, below a home folder. */
export function createLogWriter({ home }: { readonly home: string }): DemoLogWriter {
  return {
    async write(calls) {
      const files = [...byFile(calls).values()]
      for (let at = 0; at < files.length; at += FILES_AT_ONCE) {
        await Promise.all(files.slice(at, at + FILES_AT_ONCE).map((file) => append(home, file)))
      }
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

async function append(home: string, calls: FileCalls): Promise<void> {
  const place = placeOf(calls[0])
  const file = await openToAppend(join(home, place.path))
  try {
    const isNew = (await file.stat()).size === 0
    if (isNew && place.companion !== null) await writeFile(join(home, place.companion.path), place.companion.text)
    const header = isNew && place.header !== null ? [place.header] : []
    const lines = calls.flatMap((call, index) => linesOf(call, isNew && index === 0))
    await file.appendFile(`${[...header, ...lines].join('\n')}\n`)
    const last = new Date((calls.at(-1) ?? calls[0]).time)
    await file.utimes(last, last)
  } finally {
    await file.close()
  }
}

function linesOf(call: DemoCall, isFirst: boolean): readonly string[] {
  return call.source === 'claude-code' ? claudeCodeLines(call) : entryLines(call, isFirst)
}

async function openToAppend(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'a')
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
    await mkdir(dirname(path), { recursive: true })
    return open(path, 'a')
  }
}
