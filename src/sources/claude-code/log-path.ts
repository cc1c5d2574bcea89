/** What the place of a log file says about its lines. */
export interface LogPath {
  /** Name of the project's folder: its working directory with every odd character replaced by `-`. */
  readonly folder: string
  /** Session of lines that do not name one. */
  readonly session: string
  readonly isSubagent: boolean
  /** What a forked side agent is for, told by the file's name; `''` where it is not. */
  readonly agentLabel: string
}

const SIDE_AGENT = /^agent-([A-Za-z]\w{0,63})-[0-9a-f]+$/

/** Reads a path below the `projects` folder, with `/` between its parts. */
export function readLogPath(relative: string): LogPath {
  const parts = relative.split('/')
  const stem = (parts.pop() ?? '').replace(/\.jsonl$/, '')
  const subagents = parts.indexOf('subagents')
  return {
    folder: parts[0] ?? '',
    session: (subagents > 0 ? parts[subagents - 1] : undefined) ?? stem,
    isSubagent: subagents > 0 || stem.startsWith('agent-'),
    agentLabel: SIDE_AGENT.exec(stem)?.[1] ?? '',
  }
}
