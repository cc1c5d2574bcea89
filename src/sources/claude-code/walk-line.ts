import { END_OF_OBJECT, type JsonCursor } from './json-cursor.ts'
import { KeyTable } from './key-table.ts'
import { type LineFields, TEXT } from './line-fields.ts'
import { walkUsage } from './walk-usage.ts'

const KEY = {
  type: 0,
  message: 1,
  uuid: 2,
  timestamp: 3,
  sessionId: 4,
  requestSessionId: 5,
  forkedFrom: 6,
  isSidechain: 7,
  agentId: 8,
  cwd: 9,
  gitBranch: 10,
  isApiErrorMessage: 11,
  costUSD: 12,
} as const
const KEYS = new KeyTable(KEY)

/**
 * Reads a line of the assistant with the cursor at its start. What is not wanted, the content above all, is passed over
 * without being decoded.
 */
export function walkLine(cursor: JsonCursor, fields: LineFields): void {
  if (!cursor.enterObject()) return
  for (let key = cursor.nextKey(KEYS); key !== END_OF_OBJECT; key = cursor.nextKey(KEYS)) {
    switch (key) {
      case KEY.type:
        cursor.text(TEXT.type)
        break
      case KEY.message:
        walkMessage(cursor, fields)
        break
      case KEY.uuid:
        cursor.text(TEXT.uuid)
        break
      case KEY.timestamp:
        cursor.text(TEXT.timestamp)
        break
      case KEY.sessionId:
        cursor.text(TEXT.session)
        break
      case KEY.requestSessionId:
        cursor.text(TEXT.payer)
        break
      case KEY.forkedFrom:
        walkFork(cursor, fields)
        break
      case KEY.isSidechain:
        fields.isSidechain = cursor.flag()
        break
      case KEY.agentId:
        cursor.text(TEXT.agentId)
        break
      case KEY.cwd:
        cursor.text(TEXT.cwd)
        break
      case KEY.gitBranch:
        cursor.text(TEXT.branch)
        break
      case KEY.isApiErrorMessage:
        if (cursor.flag()) cursor.fail()
        break
      case KEY.costUSD:
        fields.costUsd = cursor.number()
        break
      default:
        cursor.skip()
    }
  }
}

const MESSAGE_KEY = { id: 0, model: 1, stop_reason: 2, usage: 3 } as const
const MESSAGE_KEYS = new KeyTable(MESSAGE_KEY)

function walkMessage(cursor: JsonCursor, fields: LineFields): void {
  if (!cursor.enterObject()) return
  for (let key = cursor.nextKey(MESSAGE_KEYS); key !== END_OF_OBJECT; key = cursor.nextKey(MESSAGE_KEYS)) {
    switch (key) {
      case MESSAGE_KEY.id:
        cursor.text(TEXT.id)
        break
      case MESSAGE_KEY.model:
        cursor.text(TEXT.model)
        break
      case MESSAGE_KEY.stop_reason:
        cursor.text(TEXT.stopReason)
        break
      case MESSAGE_KEY.usage:
        walkUsage(cursor, fields)
        break
      default:
        cursor.skip()
    }
  }
}

const FORK_KEYS = new KeyTable({ sessionId: 0 })

/** Reads what a branch says about the session it was made from. */
function walkFork(cursor: JsonCursor, fields: LineFields): void {
  if (!cursor.enterObject()) return
  fields.isFork = true
  for (let key = cursor.nextKey(FORK_KEYS); key !== END_OF_OBJECT; key = cursor.nextKey(FORK_KEYS)) {
    if (key === 0) cursor.text(TEXT.forkSession)
    else cursor.skip()
  }
}
