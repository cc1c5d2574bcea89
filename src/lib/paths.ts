import { posix, win32 } from 'node:path'

const FOLDER = 'claude-usage-exporter'

/** What the platform's own places depend on. */
export interface PlatformFacts {
  readonly platform: NodeJS.Platform
  readonly env: Readonly<Record<string, string | undefined>>
  /** The user's home folder. */
  readonly home: string
}

/** Where this platform keeps a program's lasting data: https://specifications.freedesktop.org/basedir on Unix. */
export function dataFolder(facts: PlatformFacts): string {
  return join(facts, base(facts, 'XDG_DATA_HOME', 'LOCALAPPDATA', ['.local', 'share'], ['AppData', 'Local']), FOLDER)
}

/** Where this platform keeps a program's settings. */
export function configFolder(facts: PlatformFacts): string {
  return join(facts, base(facts, 'XDG_CONFIG_HOME', 'APPDATA', ['.config'], ['AppData', 'Roaming']), FOLDER)
}

/** Absolute form of a path: `~` is the home folder, a relative path starts at `folder`. */
export function absolutePath(facts: PlatformFacts, folder: string, path: string): string {
  const { resolve } = pathOf(facts)
  if (path === '~') return facts.home
  if (/^~[/\\]/.test(path)) return resolve(facts.home, path.slice(2))
  return resolve(folder, path)
}

function base(facts: PlatformFacts, unixName: string, windowsName: string, unix: string[], windows: string[]): string {
  const named = facts.env[facts.platform === 'win32' ? windowsName : unixName]
  // The base directory specification has relative values ignored.
  if (named !== undefined && pathOf(facts).isAbsolute(named)) return named
  if (facts.platform === 'win32') return join(facts, facts.home, ...windows)
  if (facts.platform === 'darwin') return join(facts, facts.home, 'Library', 'Application Support')
  return join(facts, facts.home, ...unix)
}

function join(facts: PlatformFacts, ...parts: string[]): string {
  return pathOf(facts).join(...parts)
}

function pathOf(facts: PlatformFacts): typeof posix {
  return facts.platform === 'win32' ? win32 : posix
}
