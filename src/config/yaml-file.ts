import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml'
import { type KeyPath, type Layer, pathText } from './layer.ts'
import type { Problem } from './problem.ts'

const MAX_CHARACTERS = 1_048_576
/** How many nodes the aliases of a file may stand for; a few lines could otherwise unfold to gigabytes. */
const MAX_ALIASED_NODES = 1_000

/** The settings of a YAML 1.2 file without tags. */
export function yamlLayer(file: string, folder: string, text: string): Layer {
  const lines = new LineCounter()
  const place = (offset: number) => {
    const { line, col } = lines.linePos(offset)
    return `${file}:${line}:${col}`
  }
  const refused = (offset: number, what: string): Layer => ({
    values: {},
    where: () => file,
    folder,
    problems: [{ text: `${place(offset)}: ${what}` }],
  })
  if (text.length > MAX_CHARACTERS) return refused(0, `expected at most ${MAX_CHARACTERS} characters`)
  try {
    const document = parseDocument(text, {
      lineCounter: lines,
      prettyErrors: false,
      stringKeys: true,
      logLevel: 'silent',
    })
    const problems = [...document.errors, ...document.warnings].map(
      (error): Problem => ({ text: `${place(error.pos[0])}: ${error.message}` }),
    )
    return {
      values: problems.length === 0 ? (document.toJS({ maxAliasCount: MAX_ALIASED_NODES }) ?? {}) : {},
      where: (path, part) => `${place(offsetOf(document, path, part))}: ${pathText(path)}`,
      folder,
      problems,
    }
  } catch (error) {
    // Out of stack or out of aliases: the parser's answers to files made to exhaust it.
    return refused(0, error instanceof RangeError ? 'nested too deeply' : String(error))
  }
}

/** Offset of a value or its key; of the nearest thing around it that exists. */
function offsetOf(document: Document.Parsed, path: KeyPath, part: 'key' | 'value'): number {
  let node: unknown = document.contents
  let offset = document.contents?.range[0] ?? 0
  for (const [index, key] of path.entries()) {
    if (isAlias(node)) node = node.resolve(document)
    const next = entryOf(node, key)
    if (next === undefined) return offset
    const wanted = part === 'key' && index === path.length - 1 ? next.key : (next.value ?? next.key)
    offset = startOf(wanted) ?? offset
    node = next.value
  }
  return offset
}

function entryOf(node: unknown, key: PropertyKey): { key: unknown; value: unknown } | undefined {
  if (isSeq(node)) return { key: node.items[Number(key)], value: node.items[Number(key)] }
  if (isMap(node)) return node.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === String(key))
  return undefined
}

function startOf(node: unknown): number | undefined {
  return isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? node.range?.[0] : undefined
}
