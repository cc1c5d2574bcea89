import { JsonCursor, OTHER_KEY } from './json-cursor.ts'
import { KeyTable } from './key-table.ts'
import { asIs, RecentText } from './recent-text.ts'

/** What a line may hold. Lines whose first bytes do not tell have to be read to the end, as responses are. */
export type LineKind = 'response' | 'user' | 'progress' | 'cost-state' | 'other'

const KEY = { type: 0, message: 1 } as const
const KEYS = new KeyTable(KEY)

/**
 * Tells the kind of a line from its first bytes: all types but the assistant's have `type` in front of their content.
 * Where `type` stands twice, the first one counts.
 */
export class LineKindReader {
  readonly #cursor = new JsonCursor()
  readonly #type = new RecentText(asIs)

  /** The kind of the line in `[start, end)`. */
  read(block: Buffer, start: number, end: number): LineKind {
    const cursor = this.#cursor
    cursor.start(block, start, end)
    if (!cursor.enterObject()) return 'response'
    let key = cursor.nextKey(KEYS)
    while (key === OTHER_KEY) {
      cursor.skip()
      key = cursor.nextKey(KEYS)
    }
    if (key !== KEY.type) return 'response'
    const type = cursor.text(this.#type)
    return cursor.failed ? 'response' : kindOf(type)
  }
}

function kindOf(type: string): LineKind {
  switch (type) {
    case 'assistant':
      return 'response'
    case 'user':
    case 'progress':
    case 'cost-state':
      return type
    default:
      return 'other'
  }
}
