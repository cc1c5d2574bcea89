import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import type { Flags } from './flags.ts'
import type { Host } from './setting.ts'

/** Everything the configuration is made from. */
export interface ConfigInput extends Host {
  readonly flags: Flags
  /** Text of a file; throws as `fs.readFileSync` does. */
  readonly readFile: (path: string) => string
}

/** The real thing: flags of this command line, and the environment and files of this machine. */
export function inputOfThisProcess(flags: Flags): ConfigInput {
  return {
    flags,
    env: process.env,
    readFile: (path) => readFileSync(path, 'utf8'),
    platform: process.platform,
    home: homedir(),
    workingFolder: process.cwd(),
    // Only when it is asked for: it takes as long as everything a status line does.
    get timeZone() {
      // Undefined when TZ names no zone, whatever its type says.
      return Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC'
    },
  }
}
