import path from 'node:path'
import { expandHome, type RootOptions, variable } from '../pi-log/roots.ts'

/**
 * Where pi keeps its sessions: `PI_CODING_AGENT_SESSION_DIR` replaces the folder itself, `PI_CODING_AGENT_DIR` the
 * `~/.pi/agent` around it. `PI_AGENT_DIR` is no variable of pi: ccusage users name a sessions folder with it.
 */
export function piSessionFolders(options: RootOptions): readonly string[] {
  const sessions = variable(options, 'PI_CODING_AGENT_SESSION_DIR')
  const agent = variable(options, 'PI_CODING_AGENT_DIR') ?? path.join(options.home, '.pi', 'agent')
  const named = variable(options, 'PI_AGENT_DIR')
  return [sessions ?? path.join(expandHome(agent, options.home), 'sessions'), ...(named === null ? [] : [named])]
}
