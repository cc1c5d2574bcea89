import { createHash } from 'node:crypto'

/** Ids of API responses are globally unique; a shorter id may be a proxy's own counter. */
const API_ID_MIN_CHARS = 'msg_'.length + 16

export function isApiId(id: string): boolean {
  return id.length >= API_ID_MIN_CHARS && id.startsWith('msg_')
}

/** Identity of a response with an API id, whatever file or session its lines stand in. */
export function apiIdentity(id: string): string {
  return `m:${id}`
}

export interface ResponseIds {
  readonly id: string
  readonly requestId: string
  /** Session the line belongs to. */
  readonly session: string
  readonly uuid: string
  /** The whole line, the last resort. */
  readonly text: string
}

/** What makes a response unique. The letter in front keeps ids of different kinds apart. */
export function responseIdentity({ id, requestId, session, uuid, text }: ResponseIds): string {
  if (isApiId(id)) return apiIdentity(id)
  if (id !== '') return requestId === '' ? `i:${pair(id, session)}` : `q:${pair(id, requestId)}`
  if (requestId !== '') return `r:${requestId}`
  return lineIdentity('u', uuid, text)
}

/** Identity of something that only its line identifies. */
export function lineIdentity(kind: string, uuid: string, text: string): string {
  return uuid === '' ? `${kind}#${createHash('sha256').update(text).digest('hex')}` : `${kind}:${uuid}`
}

function pair(first: string, second: string): string {
  return JSON.stringify([first, second])
}
