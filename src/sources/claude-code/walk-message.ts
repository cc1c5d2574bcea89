import { label } from '../lib/label.ts'
import { END_OF_OBJECT, type JsonCursor } from './json-cursor.ts'
import { KeyTable } from './key-table.ts'
import { RecentText } from './recent-text.ts'
import { UsageWalker, type WalkedUsage } from './walk-usage.ts'

export interface WalkedMessage {
  readonly id: string
  readonly model: string
  readonly isFinal: boolean
  /** Null where there is none, or one that only the parser can read. */
  readonly usage: WalkedUsage | null
}

const KEY = { id: 0, model: 1, stop_reason: 2, usage: 3 } as const
const KEYS = new KeyTable(KEY)

/** Reads `message` of an assistant's line with a cursor in front of it. */
export class MessageWalker {
  readonly #id = new RecentText(label)
  readonly #model = new RecentText(label)
  readonly #stopReason = new RecentText(label)
  readonly #usage = new UsageWalker()

  /** Null where there is no message. */
  walk(cursor: JsonCursor): WalkedMessage | null {
    if (!cursor.enterObject()) return null
    let id = ''
    let model = ''
    let stopReason = ''
    let usage: WalkedUsage | null = null
    for (let key = cursor.nextKey(KEYS); key !== END_OF_OBJECT; key = cursor.nextKey(KEYS)) {
      switch (key) {
        case KEY.id:
          id = cursor.text(this.#id)
          break
        case KEY.model:
          model = cursor.text(this.#model)
          break
        case KEY.stop_reason:
          stopReason = cursor.text(this.#stopReason)
          break
        case KEY.usage:
          usage = this.#usage.walk(cursor)
          break
        default:
          cursor.skip()
      }
    }
    return { id, model: model || 'unknown', isFinal: stopReason !== '', usage }
  }
}
