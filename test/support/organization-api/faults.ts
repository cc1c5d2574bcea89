import type { ServerResponse } from 'node:http'
import { ApiFailure, errorBody } from './failure.ts'
import { cursorAt, offsetOf } from './query.ts'

export type Fault =
  /** 429, 500, 504, 529, ...; `retryAfter` is the header's text: seconds or a date. */
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter?: string; readonly errorCode?: string }
  | { readonly kind: 'redirect'; readonly location: string }
  | { readonly kind: 'trickle'; readonly everyMs: number }
  | { readonly kind: 'huge-body'; readonly bytes: number }
  | { readonly kind: 'reset' | 'drop-body' | 'invalid-json' | 'html-502' | 'hang' }
  | { readonly kind: 'repeated-cursor' | 'missing-cursor' | 'wrong-currency' | 'negative-tokens' }

export interface FaultRule {
  readonly fault: Fault
  /** Which paths; all of them by default. */
  readonly path?: (path: string) => boolean
  /** The first matching request that it strikes, from 1. Default 1. */
  readonly nth?: number
  /** How many requests it strikes; Infinity: until `clear`. Default 1. */
  readonly times?: number
}

/** Rules in the order in which they were added; at most one strikes a request. */
export interface Faults {
  add(rule: FaultRule): void
  clear(): void
  take(path: string): Fault | undefined
}

export function createFaults(): Faults {
  let rules: { rule: FaultRule; seen: number }[] = []
  return {
    add: (rule) => void rules.push({ rule, seen: 0 }),
    clear() {
      rules = []
    },
    take(path) {
      let struck: Fault | undefined
      for (const entry of rules) {
        const { fault, path: matches, nth = 1, times = 1 } = entry.rule
        if (struck !== undefined || (matches && !matches(path)) || entry.seen >= nth - 1 + times) continue
        entry.seen++
        if (entry.seen >= nth) struck = fault
      }
      return struck
    },
  }
}

/** Spoils the answer before it is sent. True when nothing more is to be sent. */
export function strike(fault: Fault, response: ServerResponse, requestId: string): boolean {
  switch (fault.kind) {
    case 'status':
      response.writeHead(fault.status, {
        'content-type': 'application/json',
        ...(fault.retryAfter === undefined ? {} : { 'retry-after': fault.retryAfter }),
      })
      response.end(JSON.stringify(errorBody(new ApiFailure(fault.status, 'Injected', fault.errorCode), requestId)))
      return true
    case 'redirect':
      response.writeHead(307, { location: fault.location }).end()
      return true
    case 'reset':
      response.socket?.resetAndDestroy()
      return true
    case 'hang':
      return true
    case 'html-502':
      response.writeHead(502, { 'content-type': 'text/html' }).end('<html><h1>502 Bad Gateway</h1></html>')
      return true
    case 'invalid-json':
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"data": [')
      return true
    case 'huge-body':
      hugeBody(response, fault.bytes)
      return true
    default:
      return false
  }
}

/** Sends a good body in a bad way. True when it did. */
export function sendBadly(fault: Fault, response: ServerResponse, body: string): boolean {
  if (fault.kind === 'drop-body') {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
    response.write(body.slice(0, body.length / 2), () => response.socket?.destroy())
    return true
  }
  if (fault.kind !== 'trickle') return false
  response.writeHead(200, { 'content-type': 'application/json' })
  let sent = 0
  const timer = setInterval(() => {
    response.write(body.charAt(sent++))
    if (sent < body.length) return
    clearInterval(timer)
    response.end()
  }, fault.everyMs)
  response.on('close', () => clearInterval(timer))
  return true
}

/** Makes a good body a wrong one. */
export function spoil(fault: Fault, url: URL, body: Record<string, unknown>): Record<string, unknown> {
  if (fault.kind === 'repeated-cursor') {
    return 'last_id' in body
      ? { ...body, has_more: true, last_id: url.searchParams.get('after_id') ?? body['first_id'] }
      : { ...body, has_more: true, next_page: cursorAt(url, offsetOf(url)) }
  }
  if (fault.kind === 'missing-cursor') {
    return { ...body, has_more: true, ...('last_id' in body ? { last_id: null } : { next_page: null }) }
  }
  const text = JSON.stringify(body)
  if (fault.kind === 'wrong-currency') return JSON.parse(text.replaceAll('"currency":"USD"', '"currency":"EUR"'))
  if (fault.kind === 'negative-tokens') return JSON.parse(text.replace(/(_tokens"|"input"):\d+/g, '$1:-5'))
  return body
}

function hugeBody(response: ServerResponse, bytes: number): void {
  response.writeHead(200, { 'content-type': 'application/json' })
  const chunk = ' '.repeat(65_536)
  let left = bytes
  const more = (): void => {
    while (left > 0 && !response.destroyed) {
      left -= chunk.length
      if (!response.write(chunk)) {
        response.once('drain', more)
        return
      }
    }
    response.end('{"data":[],"has_more":false,"next_page":null}')
  }
  more()
}
