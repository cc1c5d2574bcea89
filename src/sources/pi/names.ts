/** What the place of a pi transcript below the sessions folder tells about it. */
export interface PiFileName {
  readonly kind: 'session' | 'subagent'
  /** Session id; a sub-agent's is that of the session it works for. */
  readonly session: string
  /** Name of the folder that stands for the working directory; `''` where there is none. */
  readonly folder: string
}

/** `2026-06-20T10-00-00-000Z_<id>`; the id may hold anything a file name can. */
const SESSION_STEM = /^\d{4}-\d\d-\d\dT[\d-]+Z?_(.+)$/
const FOLDER = /^--(.*)--$/

/**
 * Reads `--<cwd>--/<time>_<id>.jsonl`, with or without the folder, and what forks of pi (oh-my-pi) write beside it:
 * `<time>_<id>/<n>-<task>.jsonl` for each sub-agent. Null for anything else than a `.jsonl` file.
 */
export function readPiName(relative: string): PiFileName | null {
  const parts = relative.split('/')
  const name = parts.pop() ?? ''
  if (!name.endsWith('.jsonl')) return null
  const folder = FOLDER.exec(parts[0] ?? '')?.[1] ?? ''
  for (const part of parts) {
    const parent = SESSION_STEM.exec(part)?.[1]
    if (parent !== undefined) return { kind: 'subagent', session: parent, folder }
  }
  const stem = name.slice(0, -'.jsonl'.length)
  return { kind: 'session', session: stem.slice(stem.indexOf('_') + 1), folder }
}
