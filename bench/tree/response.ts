import type { Random } from './random.ts'
import type { Release } from './releases.ts'
import type { Session, Transcript } from './session.ts'
import { type LoggedUsage, sumTokens, type Tokens } from './truth.ts'

/** Chance of 1, 2, ... 8 lines for a response; 2.0 on average. */
const LINE_COUNTS = [42, 33, 14, 6, 2.5, 1.2, 0.8, 0.5].map((weight, index) => ({ lines: index + 1, weight }))
const COMPACT_LINE_COUNTS = [
  { lines: 1, weight: 90 },
  { lines: 2, weight: 10 },
]
const SYSTEM_PROMPT_TOKENS = 14_000

/** A tool that a response called, for the line with its result. */
export interface ToolCall {
  readonly id: string
  readonly name: string
}

/** What the transcript of a parent repeats of a sub-agent's response. */
export interface Echo {
  readonly message: string
  readonly requestId: string
  readonly timestamp: string
  readonly uuid: string
}

export interface WrittenResponse {
  readonly toolCalls: readonly ToolCall[]
  readonly echo: Echo
}

/** Writes one response of the API: one line per content block, each with its own copy of the usage. */
export function writeResponse(transcript: Transcript, isLastOfTurn: boolean): WrittenResponse {
  const { session, random, log } = transcript
  const { release, model } = session
  const messageId = `msg_01${random.base62(22)}`
  const requestId = model.isProxied ? '' : `req_011C${random.base62(20)}`
  const finalTokens = drawTokens(transcript)
  const lineCount = random.pickWeighted(session.isCompact ? COMPACT_LINE_COUNTS : LINE_COUNTS).lines
  const toolCount = isLastOfTurn ? 0 : 1 + random.below(Math.max(1, lineCount - 1))
  const stopReason = isLastOfTurn ? '"end_turn"' : '"tool_use"'
  const endIsLogged = release.finalCounts !== 'never' && random.chance(0.93)
  const placeholder = placeholderOf(finalTokens, model.isProxied, random)
  const toolCalls: ToolCall[] = []
  const usages: LoggedUsage[] = []
  let echo: Echo | undefined
  transcript.pass(6)
  for (let line = 0; line < lineCount; line++) {
    const isLastLine = line === lineCount - 1
    const isFinal =
      release.finalCounts === 'all lines' && !model.isProxied ? true : isLastLine && (endIsLogged || model.isProxied)
    const tokens = isFinal ? finalTokens : placeholder
    const head = messageHead(messageId, model.id)
    const tail = messageTail(isFinal ? stopReason : 'null', tokens, session)
    transcript.begin()
    log.ascii(`"message":${head}`)
    if (lineCount - line <= toolCount) toolCalls.push(writeToolUse(transcript))
    else if (line === 0 && lineCount > 1) writeThinking(transcript)
    else writeText(transcript)
    log.ascii(`${tail}${requestId === '' ? '' : `,"requestId":"${requestId}"`}${payer(session)},"type":"assistant"`)
    transcript.finish(true)
    const { timestamp, uuid } = transcript
    usages.push({ tokens, isFinal, timestamp, uuid })
    echo ??= { message: `${head}{"type":"text","text":""}${tail}`, requestId, timestamp, uuid }
    transcript.pass(0.4)
  }
  transcript.responses++
  transcript.book?.add(model.id, usages)
  if (echo === undefined) throw new Error('a response has at least one line')
  return { toolCalls, echo }
}

/** Counts of a request in a conversation that grows and is cached as it grows. */
function drawTokens(transcript: Transcript): Tokens {
  const { random, session } = transcript
  const isFirst = transcript.cachedTokens === 0
  const added = Math.round(random.logNormal(900, 1.2)) + (isFirst ? SYSTEM_PROMPT_TOKENS : 0)
  const cacheRead = transcript.cachedTokens
  const output = Math.max(1, Math.round(random.logNormal(180, 1.3)))
  transcript.cachedTokens += added
  return {
    input: 1 + random.below(12),
    cacheWrite5m: session.cacheLifetime === '5m' ? added : 0,
    cacheWrite1h: session.cacheLifetime === '1h' ? added : 0,
    cacheRead,
    output,
  }
}

/** What a stream's opening message says; gateways guess the input as well. */
function placeholderOf(final: Tokens, isProxied: boolean, random: Random): Tokens {
  if (isProxied) return { ...final, input: final.input + random.below(3000), output: 0 }
  return { ...final, output: Math.min(final.output, 1 + random.below(9)) }
}

function messageHead(id: string, model: string): string {
  return `{"model":"${model}","id":"${id}","type":"message","role":"assistant","content":[`
}

function messageTail(stopReason: string, tokens: Tokens, session: Session): string {
  const details = session.release.envelope === 'last' ? ',"stop_details":null' : ''
  return `],"stop_reason":${stopReason},"stop_sequence":null${details},"usage":${usageJson(tokens, session.release)}}`
}

function usageJson(tokens: Tokens, release: Release): string {
  const { input, cacheWrite5m, cacheWrite1h, cacheRead, output } = tokens
  const prompt = `"input_tokens":${input},"cache_creation_input_tokens":${cacheWrite5m + cacheWrite1h},"cache_read_input_tokens":${cacheRead}`
  if (!release.hasIterations) {
    const split = `"cache_creation":{"ephemeral_5m_input_tokens":${cacheWrite5m},"ephemeral_1h_input_tokens":${cacheWrite1h}}`
    return `{${prompt},${split},"output_tokens":${output},"service_tier":"standard","inference_geo":"not_available"}`
  }
  const split = `"cache_creation":{"ephemeral_1h_input_tokens":${cacheWrite1h},"ephemeral_5m_input_tokens":${cacheWrite5m}}`
  const searches = '"server_tool_use":{"web_search_requests":0,"web_fetch_requests":0}'
  const iteration = `{"input_tokens":${input},"output_tokens":${output},"cache_read_input_tokens":${cacheRead},"cache_creation_input_tokens":${cacheWrite5m + cacheWrite1h},${split},"type":"message"}`
  return `{${prompt},"output_tokens":${output},${searches},"service_tier":"standard",${split},"inference_geo":"","iterations":[${sumTokens(tokens) === 0 ? '' : iteration}],"speed":"standard"}`
}

function payer({ copyOf, release }: Session): string {
  return copyOf !== null && release.hasRequestSession ? `,"requestSessionId":"${copyOf}"` : ''
}

function writeThinking(transcript: Transcript): void {
  const { log, random } = transcript
  log.ascii('{"type":"thinking","thinking":"')
  transcript.text(300, 1)
  log.ascii('","signature":"')
  log.base64(random.logNormal(500, 0.5) * transcript.textScale, random)
  log.ascii('"}')
}

function writeText(transcript: Transcript): void {
  transcript.log.ascii('{"type":"text","text":"')
  transcript.text(220, 1.1)
  transcript.log.ascii('"}')
}

const TOOLS = [
  { name: 'Bash', weight: 35, argument: 'command', median: 90 },
  { name: 'Read', weight: 25, argument: 'file_path', median: 60 },
  { name: 'Edit', weight: 18, argument: 'new_string', median: 900 },
  { name: 'Grep', weight: 12, argument: 'pattern', median: 32 },
  { name: 'Write', weight: 6, argument: 'content', median: 3500 },
  { name: 'TodoWrite', weight: 4, argument: 'todos', median: 600 },
] as const

function writeToolUse(transcript: Transcript): ToolCall {
  const { log, random } = transcript
  const { name, argument, median } = random.pickWeighted(TOOLS)
  const id = `toolu_01${random.base62(22)}`
  log.ascii(`{"type":"tool_use","id":"${id}","name":"${name}","input":{"${argument}":"`)
  transcript.text(median, 1.1)
  const caller = transcript.session.release.envelope === 'last' ? ',"caller":{"type":"direct"}' : ''
  log.ascii(`"}${caller}}`)
  return { id, name }
}
