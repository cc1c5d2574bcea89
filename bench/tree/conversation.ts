import {
  type AgentResult,
  writeAgentResult,
  writeApiError,
  writeCompaction,
  writePrompt,
  writeSideLines,
  writeToolResult,
  writeTurnEnd,
} from './other-lines.ts'
import { type Echo, writeResponse } from './response.ts'
import type { Transcript } from './session.ts'

/** The client compacts before the context window is full. */
const COMPACT_AT_TOKENS = 165_000
const ECHOES_PER_AGENT = 3
const COMPACT_RESULT_CHANCE = 0.2

/** How long a transcript gets: whichever of the two is reached first. */
export interface Length {
  readonly bytes: number
  readonly responses: number
}

/** Writes turns of prompt, responses and tool results until the length is reached; at least one response. */
export function writeConversation(transcript: Transcript, length: Length, agents: readonly AgentResult[]): Echo[] {
  const { random, log } = transcript
  const pending = [...agents]
  const echoes: Echo[] = []
  let isTurnOpen = false
  do {
    if (transcript.cachedTokens > COMPACT_AT_TOKENS) writeCompaction(transcript)
    if (!isTurnOpen) writePrompt(transcript)
    isTurnOpen = random.chance(0.93)
    const { toolCalls, echo } = writeResponse(transcript, !isTurnOpen)
    if (echoes.length < ECHOES_PER_AGENT) echoes.push(echo)
    const assistantUuid = transcript.uuid
    const isResultLogged = !transcript.session.isCompact || random.chance(COMPACT_RESULT_CHANCE)
    for (const call of isResultLogged ? toolCalls : []) {
      writeSideLines(transcript, call)
      writeToolResult(transcript, call, assistantUuid)
    }
    if (!isTurnOpen) writeTurnEnd(transcript)
    if (random.chance(0.002)) writeApiError(transcript)
    const agent = random.chance(0.2) ? pending.shift() : undefined
    if (agent) writeAgentResult(transcript, agent)
  } while (log.fileBytes < length.bytes && transcript.responses < length.responses)
  for (const agent of pending) writeAgentResult(transcript, agent)
  return echoes
}
