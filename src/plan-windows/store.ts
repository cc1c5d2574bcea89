import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { isAccountName, type PlanWindow } from '../core/plan-window.ts'
import { parsePlanFile, planFileText } from './file-text.ts'
import { mergeReadings, type StoredWindow } from './merge.ts'
import type { PlanReading } from './reading.ts'
import { codeOf, readSmallFile, writeSmallFile } from './small-file.ts'

const MAX_ACCOUNTS = 16
const ENDING = '.json'
/** The same figures are written again after this long, so that their age is right. */
const REPEAT_MS = 10_000

/** A file per account, beside the ledger. */
export function planWindowsFolder(storagePath: string): string {
  return join(storagePath, 'plan-windows')
}

export interface AccountFile {
  readonly account: string
  readonly windows: readonly PlanWindow[]
  /** Why nothing can be read from it; null when all is well. */
  readonly problem: string | null
}

/** The accounts that have a file, in order. Throws as `fs` does, but not when there is no folder. */
export function storedAccounts(folder: string): string[] {
  return namesIn(folder)
    .filter((name) => name.endsWith(ENDING))
    .map((name) => name.slice(0, -ENDING.length))
    .filter(isAccountName)
    .sort()
    .slice(0, MAX_ACCOUNTS)
}

/** What is stored of an account. Never throws. */
export function readAccount(folder: string, account: string): AccountFile {
  const { windows, problem } = readFile(folder, account)
  return { account, windows: windows.map((row) => ({ account, ...row, origin: 'statusline' })), problem }
}

/** Changes whenever an account's file was replaced; null when there is none, or it cannot be seen. */
export function fileVersion(folder: string, account: string): string | null {
  try {
    const { mtimeNs, ctimeNs, size, ino } = statSync(fileOf(folder, account), { bigint: true })
    return [mtimeNs, ctimeNs, size, ino].join(' ')
  } catch {
    return null
  }
}

/**
 * Adds readings to what is stored of an account. Of two writers at the same moment one may be lost, until the next
 * status line. Never throws.
 *
 * @param now epoch milliseconds
 */
export function storeReadings(
  folder: string,
  account: string,
  readings: readonly PlanReading[],
  now: number,
): AccountFile {
  const before = readFile(folder, account)
  const after = mergeReadings(before.windows, readings, now)
  const windows = after.map((row): PlanWindow => ({ account, ...row, origin: 'statusline' }))
  if (readings.length === 0 || !isWorthWriting(before.windows, after)) return { account, windows, problem: null }
  try {
    writeSmallFile(fileOf(folder, account), planFileText(after), now)
    return { account, windows, problem: null }
  } catch (error) {
    return { account, windows, problem: codeOf(error) }
  }
}

function isWorthWriting(before: readonly StoredWindow[], after: readonly StoredWindow[]): boolean {
  const old = new Map(before.map((row) => [row.window, row]))
  return (
    before.length !== after.length ||
    after.some((row) => {
      const known = old.get(row.window)
      if (known === undefined || known.usedRatio !== row.usedRatio || known.resetsAt !== row.resetsAt) return true
      return Math.abs(row.observedAt - known.observedAt) >= REPEAT_MS
    })
  )
}

function readFile(
  folder: string,
  account: string,
): { readonly windows: StoredWindow[]; readonly problem: string | null } {
  try {
    const text = readSmallFile(fileOf(folder, account))
    if (text === null) return { windows: [], problem: null }
    const windows = parsePlanFile(text)
    return windows === null ? { windows: [], problem: 'not written by this program' } : { windows, problem: null }
  } catch (error) {
    return { windows: [], problem: codeOf(error) }
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return []
    throw error
  }
}

function fileOf(folder: string, account: string): string {
  return join(folder, account + ENDING)
}
