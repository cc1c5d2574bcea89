import { readdirSync } from 'node:fs'
import path from 'node:path'
import { expandHome, type RootOptions, variable } from '../pi-log/roots.ts'

const PROFILE_PREFIX = '.openclaw-'
/** State folders of the names that the program had before. */
const FORMER_FOLDERS = ['.clawdbot', '.moltbot', '.moldbot']
const FORMER_VARIABLES = ['CLAWDBOT_STATE_DIR', 'MOLTBOT_STATE_DIR']

/**
 * Where OpenClaw keeps its state (https://docs.openclaw.ai): `OPENCLAW_STATE_DIR`, else `.openclaw` in its home folder;
 * one more folder for each profile; and the folders of Clawdbot and Moltbot, which later releases leave where they are.
 */
export function openClawStateFolders(options: RootOptions): readonly string[] {
  const home = expandHome(
    variable(options, 'OPENCLAW_HOME') ?? variable(options, 'HOME') ?? variable(options, 'USERPROFILE') ?? options.home,
    options.home,
  )
  return [
    variable(options, 'OPENCLAW_STATE_DIR') ?? path.join(home, '.openclaw'),
    ...profileFolders(home),
    ...FORMER_FOLDERS.map((folder) => path.join(home, folder)),
    ...FORMER_VARIABLES.flatMap((name) => variable(options, name) ?? []),
  ]
}

function profileFolders(home: string): readonly string[] {
  try {
    return readdirSync(home)
      .filter((name) => name.startsWith(PROFILE_PREFIX))
      .sort()
      .map((name) => path.join(home, name))
  } catch {
    // A home folder that cannot be listed has no profile that could be read.
    return []
  }
}
