import { asObject, type JsonObject } from '../lib/json.ts'
import { isPrompt } from '../lib/prompt.ts'

/**
 * How the prompts of jobs, of other sessions and of OpenClaw itself begin, in releases that do not say where a message
 * comes from; with the time in front of it that gateways add.
 */
const MACHINE_TEXT =
  /^\s*(?:\[\w{3} \d{4}-\d\d-\d\d[^\]]{0,40}\]\s*)?(?:\[cron:|\[OpenClaw heartbeat|\[Subagent (?:Context|Task)\]|\[Inter-session message\]|\[System(?: Message)?\]|<<<BEGIN_OPENCLAW_INTERNAL_CONTEXT>>>|Continue the OpenClaw runtime event|An async command |A scheduled reminder has been triggered|Pre-compaction memory flush)/
/** What a heartbeat asks to be answered with; events of the system may stand in front of it. */
const HEARTBEAT_ANSWER = 'HEARTBEAT_OK'
const LOOKED_AT_CHARS = 4096
/** Sessions of jobs, sub-agents, hooks and isolated heartbeats: `agent:<agent>:cron:<job>` and the like. */
const MACHINE_SESSION = /^(?:agent:[^:]+:)?(?:cron|subagent|hook):|:heartbeat(?::|$)/i

/** Whether a human wrote a message of role `user`, as far as it tells. Newer releases say what they wrote themselves. */
export function isHumanMessage(message: JsonObject): boolean {
  const provenance = message['provenance']
  const isDeclared = provenance !== undefined && provenance !== null
  if (isDeclared && asObject(provenance)?.['kind'] !== 'external_user') return false
  return isPrompt(message['content'], isMachines)
}

/** Whether humans write in a session with this key. A key that is not known does not tell against it. */
export function isHumanSession(key: unknown): boolean {
  return typeof key !== 'string' || !MACHINE_SESSION.test(key)
}

function isMachines(text: string): boolean {
  const start = text.slice(0, LOOKED_AT_CHARS)
  return MACHINE_TEXT.test(start) || start.includes(HEARTBEAT_ANSWER)
}
