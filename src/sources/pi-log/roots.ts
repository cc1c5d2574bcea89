import { realpathSync } from 'node:fs'
import path from 'node:path'
import type { Billing } from '../../core/usage.ts'
import type { LogRoot } from '../files/format.ts'

/** A folder the user named in the configuration. */
interface ConfiguredRoot {
  readonly path: string
  /** Absent: as for all folders. */
  readonly billing?: Billing
}

/** What it takes to find an agent's folders. Nothing is read from the process itself. */
export interface RootOptions {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Home folder by the operating system. */
  readonly home: string
  /** Folders to read instead of those the agent uses by default; empty for the default. */
  readonly roots: readonly ConfiguredRoot[]
  /** Who pays for what is found in folders without a setting of their own. */
  readonly billing: Billing
}

/** The folders the user named, or else the agent's own, each once and with symlinks resolved. */
export function logRoots(options: RootOptions, ownFolders: () => readonly string[]): readonly LogRoot[] {
  const isConfigured = options.roots.length > 0
  const named: readonly ConfiguredRoot[] = isConfigured
    ? options.roots
    : ownFolders().map((folder) => ({ path: folder }))
  const byPath = new Map<string, LogRoot>()
  for (const { path: folder, billing = options.billing } of named) {
    const real = realPath(expandHome(folder, options.home))
    if (!byPath.has(real)) byPath.set(real, { path: real, billing, configured: isConfigured })
  }
  return [...byPath.values()]
}

/** A variable's value; null where it is not set or blank. */
export function variable(options: RootOptions, name: string): string | null {
  return options.env[name]?.trim() || null
}

/** A path with a leading `~` replaced by the home folder. */
export function expandHome(folder: string, home: string): string {
  return folder === '~' || /^~[\\/]/.test(folder) ? path.join(home, folder.slice(1)) : folder
}

function realPath(folder: string): string {
  const absolute = path.resolve(folder)
  try {
    return realpathSync(absolute)
  } catch {
    return absolute
  }
}
