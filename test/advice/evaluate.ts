/** An exact fraction. */
interface Fraction {
  readonly over: bigint
  readonly under: bigint
}

/** What stands left of `=` in a formula, times 10^12, rounded down; words and units are passed over. */
export function picoOfFormula(formula: string): bigint {
  const [left = ''] = formula.split(' = ')
  const text = left
    .replaceAll('cache write 5m', '')
    .replaceAll('cache write 1h', '')
    .replaceAll('1 M', '1000000')
    .replaceAll(' x ', ' * ')
    .replaceAll(/[a-z$,]/g, '')
  const tokens = text.match(/\d+(?:\.\d+)?|[()*/+-]/g) ?? []
  const { over, under } = sum(tokens)
  if (tokens.length > 0) throw new Error(`"${formula}" cannot be read from "${tokens.join(' ')}" on`)
  return (over * 10n ** 12n) / under
}

function sum(tokens: string[]): Fraction {
  let value = product(tokens)
  while (tokens[0] === '+' || tokens[0] === '-') {
    const sign = tokens.shift() === '+' ? 1n : -1n
    const { over, under } = product(tokens)
    value = { over: value.over * under + sign * over * value.under, under: value.under * under }
  }
  return value
}

function product(tokens: string[]): Fraction {
  let value = atom(tokens)
  while (tokens[0] === '*' || tokens[0] === '/') {
    const isTimes = tokens.shift() === '*'
    const { over, under } = atom(tokens)
    value = isTimes
      ? { over: value.over * over, under: value.under * under }
      : { over: value.over * under, under: value.under * over }
  }
  return value
}

function atom(tokens: string[]): Fraction {
  const token = tokens.shift() ?? ''
  if (token === '(') {
    const value = sum(tokens)
    tokens.shift()
    return value
  }
  const [whole = '', places = ''] = token.split('.')
  return { over: BigInt(whole + places), under: 10n ** BigInt(places.length) }
}
