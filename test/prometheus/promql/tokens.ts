/** A piece of a PromQL expression. A range (`[5m]`, `[7d:1h]`) is one piece, and so is a string, with its quotes. */
export type Token = string

const TOKEN =
  /\s+|(\[[^\]]*\]|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\d+(?:\.\d+)?|[a-zA-Z_:][\w:]*|==|!=|=~|!~|>=|<=|[-+*/%^><=(){},])/y

export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = []
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex
    const match = TOKEN.exec(text)
    if (match === null) throw new Error(`not PromQL: ${text.slice(at)}`)
    if (match[1] !== undefined) tokens.push(match[1])
  }
  return tokens
}
