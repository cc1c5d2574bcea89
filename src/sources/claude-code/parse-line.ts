import { type CountCheck, readCount } from '../lib/counts.ts'
import { readDollars } from '../lib/dollars.ts'
import { asObject, type JsonObject, parseObject } from '../lib/json.ts'
import { label } from '../lib/label.ts'
import type { TimeCheck } from '../lib/time.ts'
import { lineIdentity, responseIdentity } from './identity.ts'
import { type ParsedLine, SYNTHETIC_MODEL } from './line.ts'
import { parseOrigin } from './parse-origin.ts'
import { parseTotals } from './parse-totals.ts'
import { parseUsage } from './parse-usage.ts'

const SEARCH_COUNT_KEY = '"searchCount"'

/**
 * Reads any line of a transcript. Complete and unhurried: the walker that reads most lines must agree with it.
 * `fileSession` is the session by the file's name, for lines that do not say.
 */
export function parseLine(text: string, fileSession: string): ParsedLine {
  const line = parseObject(text)
  if (line === null) return 'malformed'
  switch (line['type']) {
    case 'assistant':
      return parseResponse({ line, body: line, text, fileSession })
    case 'progress':
      return parseEcho(line, text, fileSession)
    case 'user':
      return parseSearch(line, text, fileSession)
    case 'cost-state':
      return parseCostState(line, fileSession)
    default:
      return 'nothing'
  }
}

interface ResponseSource {
  /** Says who wrote the line. */
  readonly line: JsonObject
  /** Says what the API answered: the line itself, or the sub-agent's line that it repeats. */
  readonly body: JsonObject
  readonly text: string
  readonly fileSession: string
}

function parseResponse({ line, body, text, fileSession }: ResponseSource): ParsedLine {
  const message = asObject(body['message'])
  if (message === null) return 'malformed'
  const isEcho = body !== line
  const times: TimeCheck = { bad: false }
  const origin = parseOrigin(isEcho ? withMoment(line, body) : line, fileSession, times)
  const model = label(message['model']) || 'unknown'
  const isApiError = body['isApiErrorMessage'] === true
  if (model === SYNTHETIC_MODEL) {
    if (isEcho) return 'nothing'
    const identity = lineIdentity('e', origin.uuid, text)
    return { kind: 'synthetic', identity, isApiError, origin, badValue: false, badTime: times.bad }
  }
  const usage = message['usage']
  if (usage === undefined || usage === null) return 'nothing'
  const usageObject = asObject(usage)
  if (usageObject === null) return 'malformed'
  const ids = { id: label(message['id']), requestId: label(body['requestId']), text, ...origin }
  const counts: CountCheck = { bad: false }
  return {
    kind: 'response',
    identity: responseIdentity(ids),
    isEcho,
    isFinal: label(message['stop_reason']) !== '',
    isApiError,
    usage: parseUsage(usageObject, model, counts),
    costPico: readDollars(body['costUSD'], counts),
    origin,
    badValue: counts.bad,
    badTime: times.bad,
  }
}

/** The live echo of a sub-agent's line in the transcript of its parent. */
function parseEcho(line: JsonObject, text: string, fileSession: string): ParsedLine {
  const data = asObject(line['data'])
  const body = data?.['type'] === 'agent_progress' ? asObject(data['message']) : null
  if (body === null || asObject(asObject(body['message'])?.['usage']) === null) return 'nothing'
  return parseResponse({ line, body, text, fileSession })
}

/** A line with the id and time of the line it repeats, where that has them. */
function withMoment(line: JsonObject, body: JsonObject): JsonObject {
  return { ...line, uuid: body['uuid'] ?? line['uuid'], timestamp: body['timestamp'] ?? line['timestamp'] }
}

function parseSearch(line: JsonObject, text: string, fileSession: string): ParsedLine {
  // Most lines of this type are told apart by these bytes alone, so all are.
  if (!text.includes(SEARCH_COUNT_KEY)) return 'nothing'
  const counts: CountCheck = { bad: false }
  const searches = readCount(asObject(line['toolUseResult'])?.['searchCount'], counts)
  if (searches === 0 && !counts.bad) return 'nothing'
  const times: TimeCheck = { bad: false }
  const origin = parseOrigin(line, fileSession, times)
  const identity = lineIdentity('s', origin.uuid, text)
  return { kind: 'search', identity, searches, origin, badValue: counts.bad, badTime: times.bad }
}

function parseCostState(line: JsonObject, fileSession: string): ParsedLine {
  const counts: CountCheck = { bad: false }
  const times: TimeCheck = { bad: false }
  const totals = parseTotals(line['modelUsage'], counts)
  const origin = parseOrigin(line, fileSession, times)
  return { kind: 'cost-state', totals, origin, badValue: counts.bad, badTime: times.bad }
}
