import { type Token, tokensOf } from './tokens.ts'

export type Expr =
  | { readonly kind: 'constant' }
  | { readonly kind: 'selector'; readonly name: string; readonly matchers: readonly Matcher[] }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expr[]; readonly texts: readonly string[] }
  | { readonly kind: 'aggregation'; readonly grouping: Grouping; readonly keepsAll: boolean; readonly of: Expr }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Expr; readonly right: Expr; readonly on: On }

export interface Matcher {
  readonly label: string
  readonly operator: string
  readonly value: string
}

export interface Grouping {
  readonly by: boolean
  readonly labels: readonly string[]
}

/** How two vectors are matched; null labels: by all of them. */
export interface On {
  readonly labels: readonly string[] | null
  readonly keepsLeft: boolean
  /** Labels that are copied from the right side. */
  readonly copied: readonly string[]
}

const PRECEDENCE: Readonly<Record<string, number>> = {
  or: 1,
  and: 2,
  unless: 2,
  '==': 3,
  '!=': 3,
  '<=': 3,
  '<': 3,
  '>=': 3,
  '>': 3,
  '+': 4,
  '-': 4,
  '*': 5,
  '/': 5,
}
const AGGREGATIONS = new Set(['sum', 'max', 'min', 'avg', 'count', 'topk'])

/** Reads the part of PromQL that the rules use; anything else is an error. */
export function parse(text: string): Expr {
  const tokens = [...tokensOf(text)]
  const expr = binary(tokens, 1)
  if (tokens.length > 0) throw new Error(`not understood: ${tokens.join(' ')}`)
  return expr
}

function binary(tokens: Token[], least: number): Expr {
  let left = unary(tokens)
  for (;;) {
    const operator = tokens[0] ?? ''
    const precedence = PRECEDENCE[operator]
    if (precedence === undefined || precedence < least) return left
    tokens.shift()
    const on = matching(tokens)
    left = { kind: 'binary', operator, left, right: binary(tokens, precedence + 1), on }
  }
}

function matching(tokens: Token[]): On {
  if (!takeIf(tokens, 'on')) return { labels: null, keepsLeft: false, copied: [] }
  const labels = names(tokens)
  if (!takeIf(tokens, 'group_left')) return { labels, keepsLeft: false, copied: [] }
  return { labels, keepsLeft: true, copied: names(tokens) }
}

function unary(tokens: Token[]): Expr {
  const token = tokens.shift()
  if (token === undefined) throw new Error('ends too early')
  if (token === '-') return unary(tokens)
  if (/^\d/.test(token)) return { kind: 'constant' }
  if (token === '(') {
    const inner = binary(tokens, 1)
    take(tokens, ')')
    return withRange(tokens, inner)
  }
  if (AGGREGATIONS.has(token)) return aggregation(token, tokens)
  if (tokens[0] === '(') return withRange(tokens, call(token, tokens))
  const matchers = tokens[0] === '{' ? matchersOf(tokens) : []
  return withRange(tokens, { kind: 'selector', name: token, matchers })
}

function withRange(tokens: Token[], expr: Expr): Expr {
  if (tokens[0]?.startsWith('[')) tokens.shift()
  if (takeIf(tokens, 'offset')) tokens.splice(0, 2)
  return expr
}

function aggregation(operator: Token, tokens: Token[]): Expr {
  const word = tokens.shift()
  if (word !== 'by' && word !== 'without') throw new Error('an aggregation must say by or without what')
  const labels = names(tokens)
  take(tokens, '(')
  // The number of series that topk keeps, and of their labels all.
  if (operator === 'topk') tokens.splice(0, 2)
  const of = binary(tokens, 1)
  take(tokens, ')')
  return { kind: 'aggregation', grouping: { by: word === 'by', labels }, keepsAll: operator === 'topk', of }
}

function call(name: string, tokens: Token[]): Expr {
  const args: Expr[] = []
  const texts: string[] = []
  take(tokens, '(')
  while (tokens[0] !== ')') {
    if (tokens[0]?.startsWith('"')) texts.push(unquoted(tokens.shift() ?? ''))
    else args.push(binary(tokens, 1))
    if (tokens[0] === ',') tokens.shift()
  }
  take(tokens, ')')
  return { kind: 'call', name, args, texts }
}

function matchersOf(tokens: Token[]): readonly Matcher[] {
  const matchers: Matcher[] = []
  take(tokens, '{')
  while (tokens[0] !== '}') {
    const [label = '', operator = '', value = ''] = tokens.splice(0, 3)
    matchers.push({ label, operator, value: unquoted(value) })
    if (tokens[0] === ',') tokens.shift()
  }
  take(tokens, '}')
  return matchers
}

function names(tokens: Token[]): readonly string[] {
  take(tokens, '(')
  const end = tokens.indexOf(')')
  return tokens.splice(0, end + 1).filter((token) => token !== ',' && token !== ')')
}

function take(tokens: Token[], expected: string): void {
  const token = tokens.shift()
  if (token !== expected) throw new Error(`expected ${expected}, found ${token} ${tokens.slice(0, 5).join(' ')}`)
}

function takeIf(tokens: Token[], expected: string): boolean {
  if (tokens[0] !== expected) return false
  tokens.shift()
  return true
}

function unquoted(text: string): string {
  return text.slice(1, -1)
}
