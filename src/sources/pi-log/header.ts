import { asObject, type JsonObject } from '../lib/json.ts'
import { label } from '../lib/label.ts'

/** What the first line of a transcript tells about all others. */
export interface Header {
  readonly id: string
  readonly cwd: string
  /** Made from another session, whose history it repeats. */
  readonly isFork: boolean
}

const CWD_LIMIT_CHARS = 4096

export const NO_HEADER: Header = { id: '', cwd: '', isFork: false }

export function readHeader(entry: JsonObject): Header {
  const cwd = entry['cwd']
  const parent = entry['parentSession']
  return {
    id: label(entry['id']),
    cwd: typeof cwd === 'string' && cwd.length <= CWD_LIMIT_CHARS ? cwd : '',
    isFork: parent !== undefined && parent !== null && parent !== '',
  }
}

/** A header out of the saved state of a scan. */
export function savedHeader(value: unknown): Header {
  const saved = asObject(value)
  const cwd = saved?.['cwd']
  return { id: label(saved?.['id']), cwd: typeof cwd === 'string' ? cwd : '', isFork: saved?.['isFork'] === true }
}
