import { parseObject } from '../lib/json.ts'

/** What later lines of a file need to know of earlier ones. Times are epoch milliseconds. */
export interface ScannerState {
  /** Time of the first dated line. */
  readonly firstTime: number | null
  /** Time of the last line that was read in full. */
  readonly lastTime: number | null
  /** Project of the last line that named a folder; `''` before that. */
  readonly project: string
  /** Session whose lines were copied to the start of this file by `--fork-session`; `''` where there is none. */
  readonly continues: string
  /** Responses whose lines may not be complete, by agent. */
  readonly open: readonly (readonly [agent: string, identity: string])[]
}

export function encodeState(state: ScannerState): string {
  return JSON.stringify(state)
}

/** State of a file at its beginning where the text is null, or not from here. */
export function decodeState(text: string | null): ScannerState {
  const state = text === null ? null : parseObject(text)
  return {
    firstTime: numberOf(state?.['firstTime']),
    lastTime: numberOf(state?.['lastTime']),
    project: textOf(state?.['project']),
    continues: textOf(state?.['continues']),
    open: pairsOf(state?.['open']),
  }
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' ? value : null
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function pairsOf(value: unknown): readonly (readonly [string, string])[] {
  if (!Array.isArray(value)) return []
  return value.flatMap((pair: unknown) => (Array.isArray(pair) ? [[textOf(pair[0]), textOf(pair[1])] as const] : []))
}
