import { asObject, type JsonObject } from '../lib/json.ts'
import { label } from '../lib/label.ts'
import { readTime, type TimeCheck } from '../lib/time.ts'
import type { LineOrigin } from './line.ts'

/** PATH_MAX of Linux; Windows and macOS allow less. */
const FOLDER_LIMIT_CHARS = 4096

/** Reads where a line comes from. `fileSession` is the session by the file's name, for lines that do not say. */
export function parseOrigin(line: JsonObject, fileSession: string, check: TimeCheck): LineOrigin {
  const paidBy = label(line['requestSessionId'])
  const forkedFrom = line['forkedFrom']
  return {
    uuid: label(line['uuid']),
    timestamp: label(line['timestamp']),
    time: readTime(line['timestamp'], check),
    session: paidBy || label(asObject(forkedFrom)?.['sessionId']) || label(line['sessionId']) || fileSession,
    paidBy,
    isFork: forkedFrom !== undefined && forkedFrom !== null,
    isSidechain: line['isSidechain'] === true,
    agentId: label(line['agentId']),
    cwd: folder(line['cwd']),
    branch: label(line['gitBranch']),
  }
}

/** A folder as it is, because it is looked up on this machine. */
export function folder(value: unknown): string {
  return typeof value === 'string' && value.length <= FOLDER_LIMIT_CHARS ? value : ''
}
