import { lookAt } from './file-facts.ts'
import { type FileSystem, isAbsence } from './file-system.ts'
import type { FileTable, TrackedFile } from './file-table.ts'
import { provenTime } from './identity.ts'
import { isHot, type PollTick, turnOf } from './poll-schedule.ts'
import { lookAtFolder, type WatchedFolders } from './watched-folders.ts'

/** Looks at the files whose turn it is: paths of those that changed, came to rest or went. */
export function changedFiles(fs: FileSystem, table: FileTable, tick: PollTick): readonly string[] {
  const due = new Set([...turnOf(table.files, tick), ...table.hotFiles(tick.nowMs)])
  return [...due]
    .filter((file) => file.isPresent && file.lookedAt !== null && hasChanged(fs, table, file, tick.nowMs))
    .map(({ path }) => path)
}

/** True when there is something to read in a file, when another has taken its place, and when it is not there any more. */
export function hasChanged(fs: FileSystem, table: FileTable, file: TrackedFile, nowMs: number): boolean {
  const { facts, code } = lookAt(fs, file.path)
  if (facts === null) return isAbsence(code)
  return table.find(facts) !== file || table.needsLook(file, facts, nowMs)
}

export interface ChangedFolders {
  /** Something came or went in these. */
  readonly changed: readonly string[]
  /** These are not there any more, or others have taken their place. */
  readonly replaced: readonly string[]
}

/** Looks at the folders whose turn it is. Where no events come, those that changed lately have theirs in every tick. */
export function changedFolders(fs: FileSystem, folders: WatchedFolders, tick: PollTick): ChangedFolders {
  const changed: string[] = []
  const replaced: string[] = []
  const hot = [...folders.unwatched].filter(({ changedMs }) => isHot(changedMs, tick.nowMs))
  for (const folder of new Set([...turnOf(folders.all, tick), ...hot])) {
    const seen = lookAtFolder(fs, folder.path)
    if (seen?.identity !== folder.identity) replaced.push(folder.path)
    else if (seen.modifiedMs !== folder.modifiedMs) {
      folder.modifiedMs = provenTime(seen.modifiedMs, tick.nowMs)
      folder.changedMs = tick.nowMs
      changed.push(folder.path)
    }
  }
  return { changed, replaced }
}
