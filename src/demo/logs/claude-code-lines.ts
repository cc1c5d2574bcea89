import type { TokenCounts } from '../../core/usage.ts'
import { createRandom } from '../world/random.ts'
import type { DemoCall } from '../world.ts'
import { hexId, shareOf, uuidOf } from './log-ids.ts'
import { subagentId, workingDirectory } from './log-place.ts'

/** A release that writes the blocks of a response as they come, and one that waits for its end. */
const STREAMING_VERSION = '2.1.92'
const WAITING_VERSION = '2.1.329'
/** Of the sessions, and of their responses, those that come in two blocks. */
const STREAMING_SHARE = 0.3
const TWO_BLOCKS_SHARE = 0.35
/** What stands in the first line of a response while it is streamed. */
const PLACEHOLDER_OUTPUT = 3
const BLOCK_MS = 40
/** Of the responses, those before which an attempt failed, and those whose last line was cut off when it was written again. */
const FAILED_SHARE = 0.006
const TORN_SHARE = 0.0006
const TORN_LENGTH = 400
/** Sessions get their titles from this model, and no line tells of it. */
const TITLE_MODEL = 'claude-haiku-4-5-20251001'
const TITLE_TOKENS = { input: [900, 5_000], output: [15, 60] } as const
const FAILED_BEFORE_MS = 200
const STATE_AFTER_MS = 60
const NO_TOKENS: TokenCounts = { input: 0, cacheWrite5m: 0, cacheWrite1h: 0, cacheRead: 0, output: 0 }
const PROMPT_BEFORE_MS = 1_500
const TOOL_BEFORE_MS = 300

/**
 * The lines of a call as Claude Code writes them: what was said or done before it, and what the model answered. `isFirst`:
 * the first of its file.
 */
export function claudeCodeLines(call: DemoCall, isFirst: boolean): readonly string[] {
  const isStreaming = shareOf(call.session) < STREAMING_SHARE
  const hasTwoBlocks = shareOf(call.id) < TWO_BLOCKS_SHARE
  const [before, first, second] = [lineId(call, 'before'), lineId(call, 'first'), lineId(call, 'second')]
  const frame = frameOf(call, isStreaming)
  const lines = [
    call.followsHuman ? prompt(call, before) : toolResult(call, before),
    ...(shareOf(`failed/${call.id}`) < FAILED_SHARE ? [failure(call, before)] : []),
    answer(call, { uuid: first, parentUuid: before, block: 'text', isFinal: !(isStreaming && hasTwoBlocks) }),
    ...(hasTwoBlocks ? [answer(call, { uuid: second, parentUuid: first, block: 'tool_use', isFinal: true })] : []),
  ].map((fields) => JSON.stringify({ ...frame, ...fields }))
  const torn = shareOf(`torn/${call.id}`) < TORN_SHARE ? lines.slice(-1).map((line) => line.slice(0, TORN_LENGTH)) : []
  return [...lines, ...torn, ...(isFirst && call.agent === null ? [costState(call)] : [])]
}

type Fields = Readonly<Record<string, unknown>>

/** What all lines of a call have in common. */
function frameOf(call: DemoCall, isStreaming: boolean): Fields {
  const agentId = subagentId(call)
  return {
    isSidechain: agentId !== null,
    ...(agentId === null ? {} : { agentId }),
    userType: 'external',
    entrypoint: 'cli',
    cwd: workingDirectory(call.project),
    sessionId: call.session,
    version: isStreaming ? STREAMING_VERSION : WAITING_VERSION,
    gitBranch: 'main',
  }
}

function prompt(call: DemoCall, uuid: string): Fields {
  return {
    parentUuid: null,
    type: 'user',
    message: { role: 'user', content: 'A prompt of the demo.' },
    origin: { kind: 'human' },
    promptSource: 'typed',
    uuid,
    timestamp: iso(call.time - PROMPT_BEFORE_MS),
  }
}

function toolResult(call: DemoCall, uuid: string): Fields {
  const result = { tool_use_id: toolId(call), type: 'tool_result', content: 'ok', is_error: false }
  return {
    parentUuid: null,
    type: 'user',
    message: { role: 'user', content: [result] },
    toolUseResult: { stdout: 'ok', stderr: '', interrupted: false },
    uuid,
    timestamp: iso(call.time - TOOL_BEFORE_MS),
  }
}

interface Block {
  readonly uuid: string
  readonly parentUuid: string
  readonly block: 'text' | 'tool_use'
  /** False where the stream was not at its end when the block was written. */
  readonly isFinal: boolean
}

function answer(call: DemoCall, { uuid, parentUuid, block, isFinal }: Block): Fields {
  const stop = block === 'text' ? 'end_turn' : 'tool_use'
  return {
    parentUuid,
    message: {
      model: call.model,
      id: call.id,
      type: 'message',
      role: 'assistant',
      content: [
        block === 'text'
          ? { type: 'text', text: 'An answer of the demo.' }
          : { type: 'tool_use', id: toolId(call), name: 'Bash', input: {} },
      ],
      stop_reason: isFinal ? stop : null,
      stop_sequence: null,
      usage: usage(call, isFinal),
    },
    requestId: `req_01${hexId(call.id, 22)}`,
    type: 'assistant',
    uuid,
    timestamp: iso(call.time + (block === 'text' ? 0 : BLOCK_MS)),
  }
}

/** An attempt that was not answered. */
function failure(call: DemoCall, parentUuid: string): Fields {
  return {
    parentUuid,
    message: {
      id: lineId(call, 'failed message'),
      model: '<synthetic>',
      type: 'message',
      role: 'assistant',
      content: [{ type: 'text', text: 'API Error: 529 Overloaded' }],
      stop_reason: 'stop_sequence',
      stop_sequence: '',
      usage: { input_tokens: 0, output_tokens: 0, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 },
    },
    type: 'assistant',
    isApiErrorMessage: true,
    uuid: lineId(call, 'failed'),
    timestamp: iso(call.time - FAILED_BEFORE_MS),
  }
}

/** What the session has come to: of the model that names it, more than the lines tell. */
function costState({ session, time, tokens, model }: DemoCall): string {
  const { within } = createRandom(`title/${session}`)
  const logged = model === TITLE_MODEL ? tokens : NO_TOKENS
  const [input, output] = [logged.input + within(TITLE_TOKENS.input), logged.output + within(TITLE_TOKENS.output)]
  const title = {
    inputTokens: input,
    outputTokens: output,
    cacheReadInputTokens: logged.cacheRead,
    cacheCreationInputTokens: logged.cacheWrite5m + logged.cacheWrite1h,
    webSearchRequests: 0,
    costUSD: titleCost({ ...logged, input, output }),
  }
  return JSON.stringify({
    type: 'cost-state',
    sessionId: session,
    timestamp: iso(time + STATE_AFTER_MS),
    modelUsage: { [TITLE_MODEL]: title },
  })
}

/** Dollars at the list price of the model. */
function titleCost({ input, cacheWrite5m, cacheWrite1h, cacheRead, output }: TokenCounts): number {
  return Number(((input + 1.25 * cacheWrite5m + 2 * cacheWrite1h + 0.1 * cacheRead + 5 * output) / 1e6).toFixed(9))
}

function usage({ tokens, webSearches }: DemoCall, isFinal: boolean): Fields {
  return {
    input_tokens: tokens.input,
    cache_creation_input_tokens: tokens.cacheWrite5m + tokens.cacheWrite1h,
    cache_read_input_tokens: tokens.cacheRead,
    cache_creation: {
      ephemeral_5m_input_tokens: tokens.cacheWrite5m,
      ephemeral_1h_input_tokens: tokens.cacheWrite1h,
    },
    output_tokens: isFinal ? tokens.output : Math.min(PLACEHOLDER_OUTPUT, tokens.output),
    server_tool_use: { web_search_requests: isFinal ? webSearches : 0, web_fetch_requests: 0 },
    service_tier: 'standard',
    inference_geo: 'global',
    speed: 'standard',
  }
}

function toolId(call: DemoCall): string {
  return `toolu_01${hexId(`tool/${call.id}`, 22)}`
}

function lineId(call: DemoCall, part: string): string {
  return uuidOf(`${call.id}/${part}`)
}

function iso(time: number): string {
  return new Date(time).toISOString()
}
