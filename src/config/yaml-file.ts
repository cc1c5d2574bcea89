import { type Document, isAlias, isMap, isScalar, isSeq, Lexer, LineCounter, Parser, parseDocument } from 'yaml'
import { type KeyPath, type Layer, pathText } from './layer.ts'
import type { Problem } from './problem.ts'

const MAX_CHARACTERS = 1_048_576
/** How many nodes the aliases of a file may stand for; a few lines could otherwise unfold to gigabytes. */
const MAX_ALIASED_NODES = 1_000

/** The composer of the parser is recursive; V8 aborts the process when a regular expression meets the end of the stack. */
const MAX_DEPTH = 50

/** Where the parser speaks to programmers. */
const WORDING = new Map<string, string>([
  ['DUPLICATE_KEY', 'this key stands in the same mapping twice'],
  ['MULTIPLE_DOCS', 'only one YAML document is read'],
  ['NON_STRING_KEY', 'keys must be text'],
  ['TAG_RESOLVE_FAILED', 'tags are not supported'],
])

/** The settings of a YAML 1.2 file without tags. */
export function yamlLayer(file: string, folder: string, text: string): Layer {
  const lines = new LineCounter()
  const place = (offset: number) => {
    const { line, col } = lines.linePos(offset)
    return `${file}:${line}:${col}`
  }
  const refused = (problems: readonly Problem[]): Layer => ({ values: {}, where: () => file, folder, problems })
  if (text.length > MAX_CHARACTERS) return refused([{ text: `${file}: longer than ${MAX_CHARACTERS} characters` }])
  if (isDeeperThan(MAX_DEPTH, text)) return refused([{ text: `${file}: nested more than ${MAX_DEPTH} times` }])
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    stringKeys: true,
    resolveKnownTags: false,
  })
  const complaints = [...document.errors, ...document.warnings]
  if (complaints.length > 0) {
    return refused(
      complaints.map(({ pos, code, message }) => ({ text: `${place(pos[0])}: ${WORDING.get(code) ?? message}` })),
    )
  }
  try {
    return {
      values: plainValues(document) ?? {},
      where: (path, part) =>
        [place(offsetOf(document, path, part)), ...(path.length > 0 ? [pathText(path)] : [])].join(': '),
      folder,
      problems: [],
    }
  } catch (error) {
    const reason = error instanceof TypeError ? 'an alias stands inside its own anchor' : 'aliases for too many values'
    return refused([{ text: `${file}: ${reason}` }])
  }
}

function isDeeperThan(limit: number, text: string): boolean {
  const parser = new Parser()
  for (const lexeme of new Lexer().lex(text)) {
    Array.from(parser.next(lexeme)) // runs it; what counts is what it has not finished
    if (parser.stack.length > limit) return true
  }
  return false
}

function plainValues(document: Document.Parsed): unknown {
  const values: unknown = document.toJS({ maxAliasCount: MAX_ALIASED_NODES })
  JSON.stringify(values) // throws a TypeError for a value that contains itself
  return values
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
