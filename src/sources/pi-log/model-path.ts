import { asObject } from '../lib/json.ts'
import { label } from '../lib/label.ts'

export interface ModelName {
  readonly provider: string
  readonly model: string
}

/** The model in force at an entry. */
export interface ModelAt {
  /** Null while the log has named none. */
  readonly name: ModelName | null
  /** False where the entry is not known in this file and the last model above stands in. */
  readonly isExact: boolean
}

/** Entries whose model is remembered. The leaf a summary is about is nearly always among the last of them. */
const ENTRY_LIMIT = 64
const MODEL_LIMIT = 64
/** The random end of an id: 8 hex digits in pi, the last 8 of a UUID in OpenClaw. */
const ID_TAIL_CHARS = 8
const ENTRY_ID = /^[\w-]+$/

/**
 * Which model an entry was made under. Sessions are trees, so the model is the last one on the way from the root to the
 * entry, not the last one in the file. Only the most recent entries are remembered, so that the state of a scan stays
 * short; anything older falls back to the last model above it in the file.
 */
export class ModelPath {
  #names: ModelName[] = []
  /** Index of the last model in file order; -1 for none. */
  #last = -1
  /** Tail of an entry id to the index of the model on its path, oldest first. */
  readonly #byEntry = new Map<string, number>()

  at(entryId: unknown): ModelAt {
    const key = entryKey(entryId)
    const index = key === null ? undefined : this.#byEntry.get(key)
    return {
      name: this.#names[index === undefined || index < 0 ? this.#last : index] ?? null,
      isExact: index !== undefined,
    }
  }

  /** Takes note of the next entry of the file and of the model it names, if any. */
  add(entryId: unknown, parentId: unknown, named: ModelName | null): void {
    if (named !== null) this.#last = this.#indexOf(named)
    const key = entryKey(entryId)
    if (key === null) return
    const parent = entryKey(parentId)
    const inherited = parent === null ? undefined : this.#byEntry.get(parent)
    this.#remember(key, named === null ? (inherited ?? this.#last) : this.#last)
  }

  /** Everything remembered as plain JSON, a few hundred characters. */
  toJSON(): unknown {
    const entries: [number, string][] = []
    for (const [key, index] of this.#byEntry) {
      const run = entries.at(-1)
      if (run?.[0] === index) run[1] += ` ${key}`
      else entries.push([index, key])
    }
    return { names: this.#names.map(({ provider, model }) => [provider, model]), last: this.#last, entries }
  }

  static fromJSON(value: unknown): ModelPath {
    const path = new ModelPath()
    const saved = asObject(value)
    for (const pair of list(saved?.['names'])) {
      const [provider, model] = list(pair)
      path.#names.push({ provider: label(provider), model: label(model) })
    }
    path.#last = path.#validIndex(saved?.['last'])
    for (const run of list(saved?.['entries'])) {
      const [index, keys] = list(run)
      for (const key of typeof keys === 'string' ? keys.split(' ') : []) path.#remember(key, path.#validIndex(index))
    }
    return path
  }

  #validIndex(value: unknown): number {
    return typeof value === 'number' && this.#names[value] !== undefined ? value : -1
  }

  #remember(key: string, index: number): void {
    this.#byEntry.set(key, index)
    if (this.#byEntry.size <= ENTRY_LIMIT) return
    for (const oldest of this.#byEntry.keys()) {
      this.#byEntry.delete(oldest)
      return
    }
  }

  #indexOf({ provider, model }: ModelName): number {
    const known = this.#names.findIndex((name) => name.provider === provider && name.model === model)
    if (known !== -1) return known
    if (this.#names.length === MODEL_LIMIT) {
      this.#names = []
      this.#byEntry.clear()
    }
    return this.#names.push({ provider, model }) - 1
  }
}

function entryKey(id: unknown): string | null {
  return typeof id === 'string' && ENTRY_ID.test(id) ? id.slice(-ID_TAIL_CHARS) : null
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
