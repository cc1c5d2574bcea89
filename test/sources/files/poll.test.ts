import fs from 'node:fs'
import { describe, expect, it } from 'vitest'
import { changedFolders } from '../../../src/sources/files/poll.ts'
import { WatchedFolders } from '../../../src/sources/files/watched-folders.ts'
import { tempFolder } from '../../support/temp.ts'

const MODIFIED_MS = Date.parse('2026-01-01T00:00:00Z')
const at = (nowMs: number) => ({ tick: 0, ticksPerRound: 1, nowMs })

function watchedFolder(nowMs: number): { folder: string; folders: WatchedFolders } {
  const folder = tempFolder()
  fs.utimesSync(folder, new Date(MODIFIED_MS), new Date(MODIFIED_MS))
  const folders = new WatchedFolders(fs, null)
  folders.add(folder, nowMs)
  return { folder, folders }
}

describe('changedFolders', () => {
  it('leaves out a folder with the time it had', () => {
    const { folders } = watchedFolder(MODIFIED_MS + 1000)
    expect(changedFolders(fs, folders, at(MODIFIED_MS + 2000))).toEqual({ changed: [], replaced: [] })
  })

  it('names a folder with another time, once', () => {
    const { folder, folders } = watchedFolder(MODIFIED_MS + 1000)
    fs.utimesSync(folder, new Date(MODIFIED_MS + 2000), new Date(MODIFIED_MS + 2000))
    expect(changedFolders(fs, folders, at(MODIFIED_MS + 3000)).changed).toEqual([folder])
    expect(changedFolders(fs, folders, at(MODIFIED_MS + 4000)).changed).toEqual([])
  })

  it('names a folder again that was seen within the step of the clock in which it changed', () => {
    const { folder, folders } = watchedFolder(MODIFIED_MS + 5)
    expect(changedFolders(fs, folders, at(MODIFIED_MS + 10)).changed).toEqual([folder])
    expect(changedFolders(fs, folders, at(MODIFIED_MS + 1000)).changed).toEqual([folder])
    expect(changedFolders(fs, folders, at(MODIFIED_MS + 2000)).changed).toEqual([])
  })

  it('names a folder that is gone', () => {
    const { folder, folders } = watchedFolder(MODIFIED_MS + 1000)
    fs.rmdirSync(folder)
    expect(changedFolders(fs, folders, at(MODIFIED_MS + 2000))).toEqual({ changed: [], replaced: [folder] })
  })
})
