import type { DemoCall } from '../world.ts'
import { entryCost } from './entry-cost.ts'
import { hexId, uuidOf } from './log-ids.ts'

const PROMPT_BEFORE_MS = 1_500
const TOOL_BEFORE_MS = 300
/** How jobs and other agents of OpenClaw begin what they say; a person's messages have a kind of their own. */
const MACHINE_PROMPT = { openclaw: '[cron:demo] A job of the demo.', pi: 'A job of the demo.' }

/** The entries of a call as pi and OpenClaw write them: what was said or done before it, and what the model answered. */
export function entryLines(call: DemoCall, isFirst: boolean): readonly string[] {
  const id = call.source === 'pi' ? (text: string) => hexId(text, 8) : uuidOf
  const before = id(`${call.id}/before`)
  return [
    JSON.stringify({ type: 'message', id: before, parentId: null, ...whatCameBefore(call, isFirst) }),
    JSON.stringify({
      type: 'message',
      id: id(`${call.id}/answer`),
      parentId: before,
      timestamp: iso(call.time),
      message: answer(call),
    }),
  ]
}

type Fields = Readonly<Record<string, unknown>>

function whatCameBefore(call: DemoCall, isFirst: boolean): Fields {
  if (!call.followsHuman && !isFirst) {
    const time = call.time - TOOL_BEFORE_MS
    const result = { toolCallId: `toolu_01${hexId(call.id, 22)}`, toolName: 'bash', isError: false }
    const message = { role: 'toolResult', ...result, content: [{ type: 'text', text: 'ok' }], timestamp: time }
    return { timestamp: iso(time), message }
  }
  const time = call.time - PROMPT_BEFORE_MS
  const text = call.followsHuman ? 'A prompt of the demo.' : MACHINE_PROMPT[call.source === 'pi' ? 'pi' : 'openclaw']
  const provenance = call.source === 'openclaw' && call.followsHuman ? { provenance: { kind: 'external_user' } } : {}
  return {
    timestamp: iso(time),
    message: { role: 'user', content: [{ type: 'text', text }], ...provenance, timestamp: time },
  }
}

function answer(call: DemoCall): Fields {
  const { tokens } = call
  const cacheWrite = tokens.cacheWrite5m + tokens.cacheWrite1h
  return {
    role: 'assistant',
    content: [{ type: 'text', text: 'An answer of the demo.' }],
    api: call.provider === 'anthropic' ? 'anthropic-messages' : 'openai-completions',
    provider: call.provider,
    model: call.model,
    responseId: call.id,
    usage: {
      input: tokens.input,
      output: tokens.output,
      cacheRead: tokens.cacheRead,
      cacheWrite,
      ...(tokens.cacheWrite1h > 0 ? { cacheWrite1h: tokens.cacheWrite1h } : {}),
      totalTokens: tokens.input + tokens.output + tokens.cacheRead + cacheWrite,
      cost: entryCost(call),
    },
    stopReason: 'stop',
    timestamp: call.time,
  }
}

function iso(time: number): string {
  return new Date(time).toISOString()
}
