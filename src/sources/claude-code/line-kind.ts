import { equalBytes } from './bytes.ts'
import { ForwardSearch } from './forward-search.ts'
import { JsonCursor, OTHER_KEY } from './json-cursor.ts'
import { KeyTable } from './key-table.ts'
import { LineFields, TEXT, textReaders } from './line-fields.ts'

/** What a line may hold. Lines whose first bytes do not tell have to be read to the end, as responses are. */
export type LineKind = 'response' | 'user' | 'attachment' | 'progress' | 'cost-state' | 'other'

const KEY = { type: 0, message: 1 } as const
const KEYS = new KeyTable(KEY)

const OPEN_BRACE = 0x7b
const OPEN_BRACKET = 0x5b
const BACKSLASH = 0x5c
const TYPE = Buffer.from('"type":"')
const MESSAGE = Buffer.from('"message":')
const TYPES: readonly (readonly [bytes: Buffer, kind: LineKind])[] = [
  [Buffer.from('user"'), 'user'],
  [Buffer.from('assistant"'), 'response'],
  [Buffer.from('progress"'), 'progress'],
  [Buffer.from('cost-state"'), 'cost-state'],
  [Buffer.from('attachment"'), 'attachment'],
]

/**
 * Tells the kind of a line from its first bytes: all types but the assistant's have `type` in front of their content.
 * Where `type` stands twice, the first one counts.
 */
export class LineKindReader {
  readonly #cursor = new JsonCursor(textReaders())
  readonly #fields = new LineFields()
  readonly #types = new ForwardSearch(TYPE)
  readonly #braces = new ForwardSearch(OPEN_BRACE)
  readonly #brackets = new ForwardSearch(OPEN_BRACKET)
  readonly #backslashes = new ForwardSearch(BACKSLASH)
  #block: Buffer = Buffer.alloc(0)

  start(block: Buffer): void {
    this.#block = block
    for (const search of [this.#types, this.#braces, this.#brackets, this.#backslashes]) search.start(block)
  }

  /** The kind of the line in `[start, end)`, asked in ascending order. */
  read(start: number, end: number): LineKind {
    // Without a backslash every quote is structure, and without a brace or bracket it is that of the line itself.
    const type = this.#types.from(start)
    const brace = this.#braces.from(start + 1)
    const flatEnd = Math.min(end, this.#brackets.from(start), this.#backslashes.from(start))
    if (this.#block[start] !== OPEN_BRACE) return 'response'
    if (type < flatEnd && type < brace) return this.#kindAt(type + TYPE.length)
    if (brace < flatEnd && equalBytes(MESSAGE, this.#block, brace - MESSAGE.length)) return 'response'
    return this.#readKeys(start, end)
  }

  #kindAt(position: number): LineKind {
    for (const [bytes, kind] of TYPES) if (equalBytes(bytes, this.#block, position)) return kind
    return 'other'
  }

  /** For lines that begin with an object of another name, or with the escapes of a Windows path. */
  #readKeys(start: number, end: number): LineKind {
    const cursor = this.#cursor
    cursor.start(this.#block, start, end, this.#fields)
    if (!cursor.enterObject()) return 'response'
    let key = cursor.nextKey(KEYS)
    while (key === OTHER_KEY) {
      cursor.skip()
      key = cursor.nextKey(KEYS)
    }
    if (key !== KEY.type) return 'response'
    const type = cursor.text(TEXT.type)
    return cursor.failed ? 'response' : kindOf(type)
  }
}

function kindOf(type: string): LineKind {
  switch (type) {
    case 'assistant':
      return 'response'
    case 'user':
    case 'attachment':
    case 'progress':
    case 'cost-state':
      return type
    default:
      return 'other'
  }
}
