import { JsonCursor, OTHER_KEY } from './json-cursor.ts'
import { KeyTable } from './key-table.ts'
import { LineFields, TEXT, textReaders } from './line-fields.ts'
import { LineTemplate } from './line-template.ts'
import { TemplateCache } from './template-cache.ts'

/** What a line may hold. Lines whose first bytes do not tell have to be read to the end, as responses are. */
export type LineKind = 'response' | 'user' | 'progress' | 'cost-state' | 'other'

const KEY = { type: 0, message: 1 } as const
const KEYS = new KeyTable(KEY)

/**
 * Tells the kind of a line from its first bytes: all types but the assistant's have `type` in front of their content.
 * Where `type` stands twice, the first one counts.
 */
export class LineKindReader {
  readonly #readers = textReaders()
  readonly #cursor = new JsonCursor(this.#readers)
  readonly #fields = new LineFields()
  readonly #templates = new TemplateCache<LineKind>()

  /** The kind of the line in `[start, end)`. */
  read(block: Buffer, view: DataView, start: number, end: number): LineKind {
    return this.#templates.find(block, view, start, end, false) ?? this.#readKind(block, start, end)
  }

  #readKind(block: Buffer, start: number, end: number): LineKind {
    const cursor = this.#cursor
    cursor.start(block, start, end, this.#fields)
    if (!cursor.enterObject()) return 'response'
    let key = cursor.nextKey(KEYS)
    while (key === OTHER_KEY) {
      cursor.skip()
      key = cursor.nextKey(KEYS)
    }
    const kind = key === KEY.type ? kindOf(cursor.text(TEXT.type)) : 'response'
    if (cursor.failed || key < 0) return 'response'
    this.#templates.add(
      new LineTemplate(kind, this.#fields, this.#readers, block, start, cursor.position, cursor.holes),
    )
    return kind
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
