import type { DemoCall } from '../world.ts'
import { hexId } from './log-ids.ts'

/** A session is opened so long before its first answer. */
const OPENING_MS = 2_000

/** Where the line of a call goes. Paths are below the home folder, with `/` between their parts. */
export interface LogPlace {
  readonly path: string
  /** First line of the file, without its line feed; null where there is none. */
  readonly header: string | null
  /** A file that belongs to it and is written once. */
  readonly companion: { readonly path: string; readonly text: string } | null
}

/** Working directory of all that is done for a project. It exists on no machine, so its last part names the project. */
export function workingDirectory(project: string): string {
  return `/home/agent/src/${project}`
}

/** Id of the sub-agent of Claude Code that made a call; null for the main one. */
export function subagentId({ source, agent, session }: DemoCall): string | null {
  return source === 'claude-code' && agent !== null ? hexId(`${session}/${agent}`, 16) : null
}

/** Where the agents keep their logs: see `sources/<agent>/`. */
export function placeOf(call: DemoCall): LogPlace {
  switch (call.source) {
    case 'claude-code':
      return claudeCodePlace(call)
    case 'openclaw':
      return {
        path: `.openclaw/agents/${call.agent ?? 'main'}/sessions/${call.session}.jsonl`,
        header: sessionHeader(call, call.time - OPENING_MS),
        companion: null,
      }
    case 'pi': {
      const begin = sessionBegin(call.session)
      const folder = workingDirectory(call.project).slice(1).replaceAll('/', '-')
      const name = `${new Date(begin).toISOString().replace(/[:.]/g, '-')}_${call.session}`
      return {
        path: `.pi/agent/sessions/--${folder}--/${name}.jsonl`,
        header: sessionHeader(call, begin),
        companion: null,
      }
    }
  }
}

function claudeCodePlace(call: DemoCall): LogPlace {
  const folder = `.claude/projects/${workingDirectory(call.project).replace(/[^A-Za-z0-9]/g, '-')}`
  const agentId = subagentId(call)
  if (agentId === null) return { path: `${folder}/${call.session}.jsonl`, header: null, companion: null }
  const stem = `${folder}/${call.session}/subagents/agent-${agentId}`
  const meta = { agentType: call.agent, description: 'An errand of the demo' }
  return { path: `${stem}.jsonl`, header: null, companion: { path: `${stem}.meta.json`, text: JSON.stringify(meta) } }
}

function sessionHeader({ session, project }: DemoCall, begin: number): string {
  return JSON.stringify({
    type: 'session',
    version: 3,
    id: session,
    timestamp: new Date(begin).toISOString(),
    cwd: workingDirectory(project),
  })
}

/** Ids of sessions of pi begin with the time of the session in milliseconds, as UUIDs of version 7 do. */
function sessionBegin(session: string): number {
  return Number.parseInt(session.replaceAll('-', '').slice(0, 12), 16)
}
