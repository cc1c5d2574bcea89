import type { SessionTurn } from '../../core/usage.ts'
import { asObject, parseObject } from '../lib/json.ts'
import { TURN_LIMIT_BYTES, turnTime } from '../lib/turns.ts'
import { NO_SESSION, type TranscriptContext } from './context.ts'

/** The role of every message of a user. In a text its quotes would be escaped. */
const ROLE = '"user"'
export const USER_ROLE = Buffer.from(ROLE)

/** The turn that an entry stands for, if a human wrote it. `session` is that of the transcript. */
export function humanTurn(text: string, session: string, context: TranscriptContext): SessionTurn | null {
  const mayBeUsers = session !== NO_SESSION && text.length <= TURN_LIMIT_BYTES && text.includes(ROLE)
  const entry = mayBeUsers ? parseObject(text) : null
  const message = asObject(entry?.['message'])
  if (entry?.['type'] !== 'message' || message?.['role'] !== 'user' || !context.isHumans(message)) return null
  const now = context.now()
  const time = turnTime(message['timestamp'], now) ?? turnTime(entry['timestamp'], now)
  return time === null ? null : { source: context.source, session, time }
}
