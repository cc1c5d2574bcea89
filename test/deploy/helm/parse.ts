/** The part of Go's template language that the chart keeps to. Anything else is refused. */
export type Node =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'output'; readonly pipe: Pipe }
  | { readonly kind: 'set'; readonly name: string; readonly isNew: boolean; readonly pipe: Pipe }
  | Block

export interface Block {
  readonly kind: 'block'
  readonly word: 'if' | 'with' | 'range' | 'define'
  /** Variables of `range`. */
  readonly names: readonly string[]
  readonly pipe: Pipe
  readonly body: Node[]
  readonly otherwise: Node[]
}

/** Each gets the result of the one before as its last argument. */
export type Pipe = readonly (readonly Operand[])[]

export type Operand =
  | { readonly kind: 'value'; readonly value: string | number | boolean }
  | { readonly kind: 'function'; readonly name: string }
  | { readonly kind: 'path'; readonly variable: string | null; readonly fields: readonly string[] }
  | { readonly kind: 'pipe'; readonly pipe: Pipe }

const ACTION = /\{\{(-(?=\s))?\s*(\/\*[\s\S]*?\*\/|(?:"(?:[^"\\]|\\.)*"|[^"}]|\}(?!\}))*?)\s*((?<=\s)-)?\}\}/g
const TOKEN = /\s*("(?:[^"\\]|\\.)*"|-?\d+(?![\w.])|:=|[=|(),]|\$?\w*(?:\.\w+)+|\.|\$\w*|\w+)/y

/** Throws with the file and the action for what it does not know. */
export function parseTemplate(text: string, file: string): Node[] {
  const top: Node[] = []
  const open: { readonly into: Node[]; readonly block: Block | null }[] = [{ into: top, block: null }]
  const add = (node: Node) => open.at(-1)?.into.push(node)
  let at = 0
  let isTrimming = false
  const addText = (piece: string, isTrimmedAfter: boolean) => {
    const start = isTrimming ? piece.trimStart() : piece
    const trimmed = isTrimmedAfter ? start.trimEnd() : start
    if (trimmed !== '') add({ kind: 'text', text: trimmed })
  }
  for (const match of text.matchAll(ACTION)) {
    const [whole, before, action = '', after] = match
    addText(text.slice(at, match.index), before !== undefined)
    at = match.index + whole.length
    isTrimming = after !== undefined
    if (action.startsWith('/*')) continue
    const tokens = tokensOf(action, file)
    const [word = ''] = tokens
    if (word === 'end') {
      if (open.length === 1) throw new Error(`${file}: an end too many`)
      open.pop()
    } else if (word === 'else') elseOf(open, tokens, file)
    else if (word === 'if' || word === 'with' || word === 'range' || word === 'define') {
      const block = blockOf(word, tokens.slice(1), file)
      add(block)
      open.push({ into: block.body, block })
    } else add(actionOf(tokens, file))
  }
  addText(text.slice(at), false)
  if (open.length !== 1) throw new Error(`${file}: a block has no end`)
  return top
}

function elseOf(open: { into: Node[]; block: Block | null }[], tokens: readonly string[], file: string): void {
  const current = open.pop()
  if (!current?.block) throw new Error(`${file}: else of nothing`)
  if (tokens.length === 1) {
    open.push({ into: current.block.otherwise, block: current.block })
    return
  }
  // The outer block ends with the inner one.
  if (tokens[1] !== 'if') throw new Error(`${file}: else ${tokens[1]}`)
  const inner = blockOf('if', tokens.slice(2), file)
  current.block.otherwise.push(inner)
  open.push({ into: inner.body, block: inner })
}

function blockOf(word: Block['word'], tokens: readonly string[], file: string): Block {
  const assigned = tokens.indexOf(':=')
  const names = assigned < 0 ? [] : tokens.slice(0, assigned).filter((token) => token !== ',')
  return { kind: 'block', word, names, pipe: pipeOf(tokens.slice(assigned + 1), file), body: [], otherwise: [] }
}

function actionOf(tokens: readonly string[], file: string): Node {
  const [name = '', sign] = tokens
  if (sign === ':=' || sign === '=') {
    return { kind: 'set', name, isNew: sign === ':=', pipe: pipeOf(tokens.slice(2), file) }
  }
  return { kind: 'output', pipe: pipeOf(tokens, file) }
}

function tokensOf(action: string, file: string): string[] {
  const tokens: string[] = []
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < action.trimEnd().length) {
    const found = TOKEN.exec(action)
    if (found === null) throw new Error(`${file}: not known here: ${action}`)
    tokens.push(found[1] ?? '')
  }
  return tokens
}

function pipeOf(tokens: readonly string[], file: string): Pipe {
  const rest = [...tokens]
  const pipe = takePipe(rest, file)
  if (rest.length > 0) throw new Error(`${file}: not known here: ${tokens.join(' ')}`)
  return pipe
}

function takePipe(rest: string[], file: string): Pipe {
  const commands: Operand[][] = [[]]
  while (rest.length > 0 && rest[0] !== ')') {
    const token = rest.shift() ?? ''
    if (token === '|') commands.push([])
    else commands.at(-1)?.push(token === '(' ? parenthesis(rest, file) : operandOf(token, file))
  }
  if (commands.some((command) => command.length === 0)) throw new Error(`${file}: an empty command`)
  return commands
}

function parenthesis(rest: string[], file: string): Operand {
  const pipe = takePipe(rest, file)
  if (rest.shift() !== ')') throw new Error(`${file}: a parenthesis is open`)
  return { kind: 'pipe', pipe }
}

function operandOf(token: string, file: string): Operand {
  if (token.startsWith('"')) return { kind: 'value', value: JSON.parse(token) as string }
  if (/^-?\d+$/.test(token)) return { kind: 'value', value: Number(token) }
  if (token === 'true' || token === 'false') return { kind: 'value', value: token === 'true' }
  const [first = '', ...fields] = token.split('.')
  if (token === '.') return { kind: 'path', variable: null, fields: [] }
  if (first === '' || first.startsWith('$')) return { kind: 'path', variable: first === '' ? null : first, fields }
  if (fields.length > 0 || !/^[a-zA-Z]\w*$/.test(first)) throw new Error(`${file}: not known here: ${token}`)
  return { kind: 'function', name: token }
}
