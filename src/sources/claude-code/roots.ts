import path from 'node:path'
import type { Billing } from '../../core/usage.ts'
import type { LogRoot } from '../files/format.ts'

/** A folder the user named in the configuration. */
export interface ConfiguredRoot {
  readonly path: string
  /** Absent: as for all folders. */
  readonly billing?: Billing
}

/** What it takes to find the logs. Nothing is read from the process itself. */
export interface RootOptions {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Home folder by the operating system. */
  readonly home: string
  /** Folders to read instead of those the agent uses by default; empty for the default. */
  readonly roots: readonly ConfiguredRoot[]
  /** Who pays for what is found in folders without a setting of their own. */
  readonly billing: Billing
  readonly isFolder: (path: string) => boolean
}

const PROJECTS = 'projects'

/**
 * The `projects` folders that may exist. Claude Code takes CLAUDE_CONFIG_DIR as one path; a list with commas is a habit
 * of its users, so it is one only where there is no such folder. Without the variable, `~/.config/claude` is looked at
 * too, for logs of old releases.
 */
export function claudeCodeRoots(options: RootOptions): readonly LogRoot[] {
  const byPath = new Map<string, LogRoot>()
  for (const root of namedRoots(options)) if (!byPath.has(root.path)) byPath.set(root.path, root)
  return [...byPath.values()]
}

function namedRoots({ env, home, roots, billing: usual, isFolder }: RootOptions): readonly LogRoot[] {
  if (roots.length > 0) {
    return roots.map(({ path: named, billing = usual }) => {
      const folder = path.resolve(expandHome(named, home))
      const projects = projectsFolder(folder)
      // The user may name the logs themselves, wherever they were copied to.
      return { path: isFolder(projects) ? projects : folder, billing, configured: true }
    })
  }
  const named = env['CLAUDE_CONFIG_DIR']?.trim()
  if (named) {
    return configFolders(named, home, isFolder).map((folder) => root(folder, usual, true))
  }
  const xdg = env['XDG_CONFIG_HOME']?.trim() || path.join(home, '.config')
  return [path.join(expandHome(xdg, home), 'claude'), path.join(home, '.claude')].map((folder) =>
    root(folder, usual, false),
  )
}

function configFolders(named: string, home: string, isFolder: (path: string) => boolean): readonly string[] {
  const whole = expandHome(named, home)
  if (isFolder(whole)) return [whole]
  const parts = named.split(',').map((part) => part.trim())
  return parts.filter((part) => part !== '').map((part) => expandHome(part, home))
}

function root(configFolder: string, billing: Billing, configured: boolean): LogRoot {
  return { path: projectsFolder(configFolder), billing, configured }
}

function projectsFolder(folder: string): string {
  const normal = path.resolve(folder)
  return path.basename(normal) === PROJECTS ? normal : path.join(normal, PROJECTS)
}

function expandHome(folder: string, home: string): string {
  return folder === '~' || /^~[\\/]/.test(folder) ? path.join(home, folder.slice(1)) : folder
}
