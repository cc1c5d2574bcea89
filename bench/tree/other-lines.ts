import type { Echo, ToolCall } from './response.ts'
import type { Transcript } from './session.ts'

/** The share of tool results that are as long as a picture or the output of a build. */
const HUGE_LINE_CHANCE = 0.004

/** The end of a sub-agent's work, as its parent's transcript tells of it. */
export interface AgentResult {
  readonly agentId: string
  readonly echoes: readonly Echo[]
}

export function writePrompt(transcript: Transcript): void {
  const { log } = transcript
  transcript.pass(45)
  transcript.begin()
  log.ascii('"type":"user","message":{"role":"user","content":"')
  transcript.text(150, 1.3)
  log.ascii('"},"thinkingMetadata":{"maxThinkingTokens":31999},"todos":[],"permissionMode":"default"')
  transcript.finish()
}

/** The result stands twice on the line: as the model saw it and as the client keeps it. */
export function writeToolResult(transcript: Transcript, call: ToolCall, assistantUuid: string): void {
  const { log, random, session } = transcript
  transcript.pass(2)
  transcript.begin()
  log.ascii(
    `"type":"user","message":{"role":"user","content":[{"tool_use_id":"${call.id}","type":"tool_result","content":`,
  )
  if (random.chance(HUGE_LINE_CHANCE) && session.hasHugeLines) {
    log.ascii('[{"type":"image","source":{"type":"base64","data":"')
    log.base64(300_000 + random.below(1_600_000), random)
    log.ascii('","media_type":"image/png"}}]}]},"toolUseResult":{"type":"image"}')
  } else {
    log.ascii('"')
    transcript.text(900, 1.45)
    log.ascii(`","is_error":false}]},"toolUseResult":{"stdout":"`)
    transcript.text(900, 1.45)
    log.ascii('","stderr":"","interrupted":false,"isImage":false,"noOutputExpected":false}')
  }
  log.ascii(`,"sourceToolAssistantUUID":"${assistantUuid}"`)
  transcript.finish()
}

/** Usage on such lines is a repetition: what a sub-agent used stands in its own transcript. */
export function writeAgentResult(transcript: Transcript, { agentId, echoes }: AgentResult): void {
  const { log, random, session } = transcript
  const toolId = `toolu_01${random.base62(22)}`
  if (session.release.hasAgentProgress) {
    for (const { message, requestId, timestamp, uuid } of echoes) {
      transcript.begin()
      log.ascii(
        `"type":"progress","data":{"message":{"type":"assistant","timestamp":"${timestamp}","message":${message},"requestId":"${requestId}","uuid":"${uuid}"},"normalizedMessages":[],"type":"agent_progress","prompt":"`,
      )
      transcript.text(300, 1)
      log.ascii(`","agentId":"${agentId}"},"toolUseID":"agent_${toolId}","parentToolUseID":"${toolId}"`)
      transcript.finish()
    }
  }
  transcript.pass(60)
  transcript.begin()
  log.ascii(
    `"type":"user","message":{"role":"user","content":[{"tool_use_id":"${toolId}","type":"tool_result","content":"`,
  )
  transcript.text(1500, 0.8)
  log.ascii(
    `"}]},"toolUseResult":{"status":"completed","agentId":"${agentId}","totalDurationMs":${random.below(600_000)},"totalTokens":${random.below(90_000)},"totalToolUseCount":${random.below(40)},"usage":{"input_tokens":${random.below(10)},"cache_creation_input_tokens":${random.below(3000)},"cache_read_input_tokens":${random.below(90_000)},"output_tokens":${random.below(2000)},"service_tier":"standard"}}`,
  )
  transcript.finish()
}

/** Client, hook and history lines, which a reader passes over. */
export function writeSideLines(transcript: Transcript, call: ToolCall): void {
  const { random } = transcript
  if (random.chance(0.16)) writeHookProgress(transcript, call)
  if (random.chance(0.1)) writeCommandProgress(transcript, call)
  if (random.chance(0.05)) writeAttachment(transcript)
  if (random.chance(0.05)) writeFileHistory(transcript)
}

export function writeTurnEnd(transcript: Transcript): void {
  const { log, random } = transcript
  transcript.begin()
  log.ascii(`"type":"system","subtype":"turn_duration","durationMs":${random.below(400_000)},"isMeta":false`)
  transcript.finish()
  if (random.chance(0.3)) writeFileHistory(transcript)
  if (random.chance(0.2)) writeQueueOperation(transcript)
}

/** The context is summarised and starts small again. */
export function writeCompaction(transcript: Transcript): void {
  const { log } = transcript
  transcript.begin()
  log.ascii(
    `"type":"system","subtype":"compact_boundary","content":"Conversation compacted","isMeta":false,"level":"info","compactMetadata":{"trigger":"auto","preTokens":${transcript.cachedTokens}}`,
  )
  transcript.finish()
  transcript.begin()
  log.ascii('"type":"user","message":{"role":"user","content":"')
  transcript.text(9000, 0.4)
  log.ascii('"},"isVisibleInTranscriptOnly":true,"isCompactSummary":true')
  transcript.finish()
  transcript.cachedTokens = 0
}

/** An error that the client words as a message: all zeros, and no model was asked. */
export function writeApiError(transcript: Transcript): void {
  const { log, random } = transcript
  transcript.begin()
  log.ascii(
    `"type":"assistant","message":{"id":"${random.uuid()}","container":null,"model":"<synthetic>","role":"assistant","stop_reason":"stop_sequence","stop_sequence":"","type":"message","usage":{"input_tokens":0,"output_tokens":0,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"server_tool_use":{"web_search_requests":0,"web_fetch_requests":0},"service_tier":null,"cache_creation":{"ephemeral_1h_input_tokens":0,"ephemeral_5m_input_tokens":0}},"content":[{"type":"text","text":"API Error: 529 overloaded"}],"context_management":null},"isApiErrorMessage":true`,
  )
  transcript.finish()
}

function writeHookProgress(transcript: Transcript, { id, name }: ToolCall): void {
  transcript.begin()
  transcript.log.ascii(
    `"type":"progress","data":{"type":"hook_progress","hookEvent":"PostToolUse","hookName":"PostToolUse:${name}","command":"callback"},"parentToolUseID":"${id}","toolUseID":"${id}"`,
  )
  transcript.finish()
}

function writeCommandProgress(transcript: Transcript, { id }: ToolCall): void {
  const { log, random } = transcript
  transcript.begin()
  log.ascii('"type":"progress","data":{"type":"bash_progress","output":"')
  transcript.text(300, 1)
  log.ascii(`","fullOutput":"`)
  transcript.text(600, 1.2)
  log.ascii(
    `","elapsedTimeSeconds":${1 + random.below(60)},"totalLines":${random.below(90)}},"toolUseID":"bash-progress-${random.below(40)}","parentToolUseID":"${id}"`,
  )
  transcript.finish()
}

function writeAttachment(transcript: Transcript): void {
  const { log } = transcript
  transcript.begin()
  log.ascii('"type":"attachment","attachment":{"type":"edited_text_file","filename":"src/index.ts","snippet":"')
  transcript.text(1200, 1)
  log.ascii('"}')
  transcript.finish()
}

function writeFileHistory({ log, random, timestamp, textScale }: Transcript): void {
  const id = random.uuid()
  const backups = Array.from({ length: Math.ceil((1 + random.below(12)) * textScale) }, (_, file) => {
    const name = `${random.hex(16)}@v${1 + random.below(9)}`
    return `"src/part-${file}/index.ts":{"backupFileName":"${name}","version":${1 + random.below(9)},"backupTime":"${timestamp}"}`
  })
  log.ascii(
    `{"type":"file-history-snapshot","messageId":"${id}","snapshot":{"messageId":"${id}","trackedFileBackups":{${backups.join(',')}},"timestamp":"${timestamp}"},"isSnapshotUpdate":false}`,
  )
  log.endLine()
}

function writeQueueOperation({ log, timestamp, session }: Transcript): void {
  log.ascii(`{"type":"queue-operation","operation":"dequeue","timestamp":"${timestamp}","sessionId":"${session.id}"}`)
  log.endLine()
}
