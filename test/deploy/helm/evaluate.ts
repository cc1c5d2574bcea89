import { isTrue, type Value } from './functions.ts'
import type { Block, Node, Operand, Pipe } from './parse.ts'

export type Functions = Readonly<Record<string, (...args: readonly Value[]) => Value>>

/** What a template of this name or place writes for this data. Throws where the engine of Helm would. */
export function evaluate(nodes: readonly Node[], data: Value, functions: Functions): string {
  return write(nodes, { dot: data, variables: new Scope(null, [['$', data]]) }, functions)
}

interface Place {
  readonly dot: Value
  readonly variables: Scope
}

class Scope {
  readonly #own: Map<string, Value>
  readonly #outer: Scope | null

  constructor(outer: Scope | null, own: readonly (readonly [string, Value])[] = []) {
    this.#outer = outer
    this.#own = new Map(own)
  }

  get(name: string): Value {
    if (this.#own.has(name)) return this.#own.get(name) ?? null
    if (this.#outer === null) throw new Error(`no variable ${name}`)
    return this.#outer.get(name)
  }

  declare(name: string, value: Value): void {
    this.#own.set(name, value)
  }

  assign(name: string, value: Value): void {
    if (this.#own.has(name)) this.#own.set(name, value)
    else if (this.#outer === null) throw new Error(`no variable ${name}`)
    else this.#outer.assign(name, value)
  }
}

function write(nodes: readonly Node[], place: Place, functions: Functions): string {
  return nodes.map((node) => writeNode(node, place, functions)).join('')
}

function writeNode(node: Node, place: Place, functions: Functions): string {
  switch (node.kind) {
    case 'text':
      return node.text
    case 'output': {
      const value = resultOf(node.pipe, place, functions)
      if (value !== null && typeof value === 'object') throw new Error('only text can be written')
      return value === null ? '' : String(value)
    }
    case 'set': {
      const value = resultOf(node.pipe, place, functions)
      if (node.isNew) place.variables.declare(node.name, value)
      else place.variables.assign(node.name, value)
      return ''
    }
    case 'block':
      return node.word === 'define' ? '' : writeBlock(node, place, functions)
  }
}

function writeBlock({ word, names, pipe, body, otherwise }: Block, place: Place, functions: Functions): string {
  const value = resultOf(pipe, place, functions)
  const within = (dot: Value, own: readonly (readonly [string, Value])[] = []) => ({
    dot,
    variables: new Scope(place.variables, own),
  })
  if (!isTrue(value)) return write(otherwise, within(place.dot), functions)
  if (word === 'if') return write(body, within(place.dot), functions)
  if (word === 'with') return write(body, within(value), functions)
  const [key, element] = names.length === 2 ? names : [undefined, names[0]]
  return entriesOf(value)
    .map(([index, each]) => {
      const own = [
        [key, index],
        [element, each],
      ].flatMap(([name, given]) => (typeof name === 'string' ? [[name, given ?? null] as const] : []))
      return write(body, within(each, own), functions)
    })
    .join('')
}

function entriesOf(value: Value): readonly (readonly [Value, Value])[] {
  if (Array.isArray(value)) return value.map((each, index) => [index, each])
  if (value === null || typeof value !== 'object') throw new Error(`range over ${typeof value}`)
  return Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
}

function resultOf(pipe: Pipe, place: Place, functions: Functions): Value {
  let last: readonly Value[] = []
  for (const [first, ...others] of pipe) {
    if (first === undefined) continue
    const args = () => [...others.map((operand) => operandValue(operand, place, functions)), ...last]
    if (first.kind === 'function') last = [called(functions, first.name, args())]
    else {
      const value = operandValue(first, place, functions)
      // A method, such as .Files.Get.
      if (typeof value === 'function') last = [value(...args())]
      else if (others.length + last.length > 0) throw new Error('a value takes no arguments')
      else last = [value]
    }
  }
  return last[0] ?? null
}

function operandValue(operand: Operand, place: Place, functions: Functions): Value {
  switch (operand.kind) {
    case 'value':
      return operand.value
    case 'function':
      return called(functions, operand.name, [])
    case 'pipe':
      return resultOf(operand.pipe, place, functions)
    case 'path': {
      let value = operand.variable === null ? place.dot : place.variables.get(operand.variable)
      for (const field of operand.fields) {
        if (value === null || typeof value !== 'object') throw new Error(`nil pointer evaluating .${field}`)
        value = Object.hasOwn(value, field) ? ((Reflect.get(value, field) as Value | undefined) ?? null) : null
      }
      return value
    }
  }
}

function called(functions: Functions, name: string, args: readonly Value[]): Value {
  const found = functions[name]
  if (found === undefined) throw new Error(`function "${name}" is not known here`)
  return found(...args)
}
