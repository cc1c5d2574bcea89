export interface ParsedSample {
  readonly name: string
  readonly labels: ReadonlyMap<string, string>
  readonly value: string
}

/** Reads the samples of text 0.0.4 one character at a time, sharing nothing with the writer. Throws on anything odd. */
export function parseSamples(text: string): ParsedSample[] {
  const samples: ParsedSample[] = []
  for (const line of text.split('\n')) {
    if (line !== '' && !line.startsWith('#')) samples.push(parseSample(line))
  }
  return samples
}

/** Name and labels, unambiguous and independent of the order of the labels. */
export function seriesKey({ name, labels }: ParsedSample): string {
  return JSON.stringify([name, [...labels].sort()])
}

function parseSample(line: string): ParsedSample {
  const name = /^[a-z_][a-z0-9_]*/.exec(line)?.[0] ?? ''
  const labels = new Map<string, string>()
  let at = name.length
  if (line[at] === '{') {
    do {
      const label = /^[a-z_]+="/.exec(line.slice(at + 1))?.[0]
      if (label === undefined) throw new Error(`no label at ${at}: ${line}`)
      const [value, end] = parseQuoted(line, at + 1 + label.length)
      if (labels.has(label)) throw new Error(`label twice: ${line}`)
      labels.set(label.slice(0, -2), value)
      at = end
    } while (line[at] === ',')
    if (line[at] !== '}') throw new Error(`labels do not end at ${at}: ${line}`)
    at += 1
  }
  const value = line.slice(at + 1)
  if (name === '' || line[at] !== ' ' || !/^[+-]?(\d+(\.\d+)?(e[+-]\d+)?|Inf|NaN)$/.test(value)) {
    throw new Error(`no sample: ${line}`)
  }
  return { name, labels, value }
}

function parseQuoted(line: string, start: number): [value: string, end: number] {
  let value = ''
  for (let at = start; at < line.length; at++) {
    const char = line[at]
    if (char === '"') return [value, at + 1]
    if (char === '\\') {
      at += 1
      const escaped = { n: '\n', '\\': '\\', '"': '"' }[line[at] ?? '']
      if (escaped === undefined) throw new Error(`unknown escape: ${line}`)
      value += escaped
    } else {
      value += char
    }
  }
  throw new Error(`quote does not end: ${line}`)
}
