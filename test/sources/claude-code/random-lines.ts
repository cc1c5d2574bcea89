/** A reproducible stream of numbers: https://github.com/cprosche/mulberry32 (public domain). */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed
  }

  /** An integer from 0 to `limit - 1`. */
  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296) * limit)
  }

  /** True once in `odds` times. */
  oneIn(odds: number): boolean {
    return this.below(odds) === 0
  }

  pick<T>(values: readonly [T, ...T[]]): T {
    return values[this.below(values.length)] ?? values[0]
  }
}

/** JSON text in pieces, so that it may be spelled in unusual ways. */
type Node = string | readonly (readonly [key: string, value: Node])[]

const ODD_COUNTS = [
  'null',
  '0',
  '-0',
  '6.0',
  '1e3',
  '-1',
  '1.5',
  '007',
  '"12"',
  '[]',
  '{}',
  'true',
  '9007199254740991',
  '9007199254740993',
  '1e999',
  '123456789012345',
  '1234567890123456',
  '+1',
  '.5',
  '2.',
  'nul',
] as const
const ODD_TIMES = [
  '"2026-05-04"',
  '"soon"',
  '1777885964120',
  '"2026-02-30T00:00:00.000Z"',
  '" 2026-05-04T09:12:44.120Z"',
] as const
const ODD_TEXTS = [
  'null',
  '""',
  '"  "',
  '" x "',
  '12',
  'true',
  '{}',
  '[]',
  '"caf\\u00e9"',
  '"café"',
  '"\\ud800"',
  '"a\\"b"',
  '"C:\\\\Users\\\\x"',
  '"\\q"',
  '"tab\tinside"',
  '"nul\0inside"',
  `"${'long'.repeat(80)}"`,
  '"__proto__"',
  '"\x7f"',
] as const
const CONTENTS = [
  '[]',
  'null',
  '"plain text"',
  '[{"type":"text","text":"she said \\"usage\\":{\\"input_tokens\\":5} \\\\"}]',
  '[{"type":"tool_use","input":{"id":null,"usage":{"input_tokens":5},"message":{"usage":{"input_tokens":7}}}}]',
  '[{"type":"text","text":"\\\\\\\\\\"}],\\"usage\\":{"}]',
  '[{"type":"thinking","signature":"QUJD/+=","thinking":"é\\u0000\\n"}]',
  '[[[[[[[[]]]]]]]]',
  '{"type":"user","usage":{"output_tokens":9}}',
  '[1,-2.5e+3,0.0,true,false,null,{}]',
] as const
const TRAPS = [
  ...CONTENTS,
  `${'['.repeat(70)}${']'.repeat(70)}`,
  '[01]',
  '[1,]',
  '[1 ,2]',
  '{"a":1,}',
  '{,}',
  '[tru]',
  '["\\q"]',
  '["\\u12"]',
  '["\t"]',
  '"\\',
] as const

/** One line of a log: usual, unusual or broken. Never with a line feed. */
export function randomLine(random: Random): Buffer {
  const text = random.oneIn(12) ? otherLine(random) : spell(random, responseLine(random), random.oneIn(8))
  const bytes = Buffer.from(text)
  return random.oneIn(3) ? damage(random, bytes) : bytes
}

function responseLine(random: Random): Node {
  const isOdd = random.oneIn(3)
  const usage = usageNode(random, isOdd)
  const message = members(random, isOdd, [
    ['id', isOdd && random.oneIn(9) ? random.pick(ODD_TEXTS) : `"msg_01${hex(random, isOdd ? random.below(30) : 20)}"`],
    ['type', '"message"'],
    ['role', '"assistant"'],
    ['model', isOdd && random.oneIn(9) ? random.pick([...ODD_TEXTS, '"<synthetic>"']) : '"claude-opus-4-8"'],
    ['content', random.pick(isOdd ? TRAPS : CONTENTS)],
    ['stop_reason', random.pick(['null', '"tool_use"', '"end_turn"', '""'])],
    ['usage', isOdd && random.oneIn(9) ? random.pick(['null', '[]', '7', '"none"']) : usage],
  ])
  const odd = (usual: string): string => (isOdd && random.oneIn(6) ? random.pick(ODD_TEXTS) : usual)
  const lines: [string, Node][] = [
    ['parentUuid', random.oneIn(20) ? 'null' : uuid(random)],
    ['isSidechain', odd(random.pick(['false', 'false', 'true', 'null']))],
    ['cwd', odd('"/src/shop"')],
    ['sessionId', odd('"0b7a1111-2222-4333-8444-555566667777"')],
    ['version', odd('"2.1.126"')],
    ['gitBranch', odd('"main"')],
    ['message', isOdd && random.oneIn(20) ? random.pick(['null', '"text"', '[]']) : message],
    ['requestId', odd(`"req_011${hex(random, 12)}"`)],
    ['type', isOdd && random.oneIn(9) ? random.pick(['"user"', '"system"', 'null', '"progress"']) : '"assistant"'],
    ['uuid', odd(uuid(random))],
    ['timestamp', isOdd && random.oneIn(9) ? random.pick(ODD_TIMES) : timestamp(random)],
  ]
  if (random.oneIn(6)) lines.push(['agentId', odd('"a17f"')])
  if (random.oneIn(9)) lines.push(['requestSessionId', odd('"s-original"')])
  if (random.oneIn(9))
    lines.push(['forkedFrom', random.pick(['null', '"x"', '{"sessionId":"s-fork","messageUuid":"x"}', '{}'])])
  if (random.oneIn(9))
    lines.push(['isApiErrorMessage', random.pick(isOdd ? ['true', 'false', 'null', '1'] : ['false'])])
  if (random.oneIn(20)) lines.push(['costUSD', random.pick(['0.011436', '1e-7', '-1', 'null', '"1"', '0', '99999999'])])
  return members(random, isOdd, lines)
}

function usageNode(random: Random, isOdd: boolean): Node {
  const input = count(random, isOdd)
  const output = count(random, isOdd)
  const writes = count(random, isOdd)
  const reads = count(random, isOdd)
  const split = (): Node => [
    ['ephemeral_5m_input_tokens', isOdd ? random.pick(['0', writes, count(random, isOdd)]) : '0'],
    ['ephemeral_1h_input_tokens', isOdd ? random.pick(['0', writes, count(random, isOdd)]) : writes],
  ]
  const counts: [string, Node][] = [
    ['input_tokens', input],
    ['cache_creation_input_tokens', writes],
    ['cache_read_input_tokens', reads],
    ['output_tokens', output],
  ]
  const entry = (): Node => {
    const extra: [string, Node][] = random.oneIn(3) ? [['cache_creation', split()]] : []
    if (random.oneIn(20)) extra.push(['model', '"claude-haiku-4-5"'])
    const type = random.oneIn(20) ? random.pick(['"compaction"', '"advisor_message"', '"other"', 'null']) : '"message"'
    return members(random, isOdd, [...counts.slice(0, random.oneIn(5) ? 2 : 4), ...extra, ['type', type]])
  }
  const usage: [string, Node][] = [...counts, ['service_tier', random.pick(['"standard"', 'null', '"batch"'])]]
  if (!random.oneIn(4)) usage.push(['cache_creation', isOdd && random.oneIn(9) ? random.pick(ODD_COUNTS) : split()])
  if (random.oneIn(2))
    usage.push(['server_tool_use', [['web_search_requests', random.pick(isOdd ? ['0', '2', '"2"'] : ['0', '2'])]]])
  if (random.oneIn(2)) usage.push(['output_tokens_details', [['thinking_tokens', count(random, isOdd)]]])
  if (random.oneIn(2)) usage.push(['inference_geo', random.pick(['"us"', '""', 'null', '"global"'])])
  if (random.oneIn(2)) usage.push(['speed', random.pick(['"fast"', '"standard"', 'null'])])
  if (!random.oneIn(3)) {
    const entries = Array.from({ length: isOdd ? random.below(4) : 1 }, () => spell(random, entry(), false))
    usage.push([
      'iterations',
      random.oneIn(20) ? random.pick(['null', '{}', '[null]', '[1]']) : `[${entries.join(',')}]`,
    ])
  }
  return members(random, isOdd, usage)
}

function otherLine(random: Random): string {
  switch (random.below(9)) {
    case 0:
      return `{"parentUuid":${uuid(random)},"type":"user","message":{"role":"user","content":${random.pick(TRAPS)}}}`
    case 1:
      return `{"message":{"role":"user","usage":{}},"type":"user","toolUseResult":{"searchCount":${count(random, true)}}}`
    case 2:
      return `{"type":"user","uuid":${uuid(random)},"toolUseResult":{"searchCount":${random.below(3)},"lineCount":2}}`
    case 3:
      return `{"message":{},"type":"user","uuid":${uuid(random)},"toolUseResult":{"search\\u0043ount":3}}`
    case 4:
      return `{"type":"cost-state","sessionId":"s","modelUsage":{"m[1m]":{"inputTokens":${count(random, true)}},"__proto__":{}}}`
    case 5:
      return `{"type":"progress","data":{"type":"agent_progress","message":${spell(random, responseLine(random), false)}}}`
    case 6:
      return `{"snapshot":{"timestamp":${timestamp(random)}},"type":"file-history-snapshot"}`
    case 7:
      return '{"type":"user","type":"assistant","message":{"usage":{"input_tokens":5}}}'
    default:
      return random.pick(ODD_LINES)
  }
}

const ODD_LINES = [
  '',
  ' ',
  '\0\0',
  '[]',
  'null',
  '{}',
  '{',
  '}',
  '"x"',
  '\ufeff{}',
  'x "type":"user"}',
  '{"a":"b"}',
] as const

/** Sometimes in another order, sometimes with a member too many or too few. */
function members(random: Random, isOdd: boolean, all: readonly (readonly [string, Node])[]): Node {
  const result = [...all]
  if (!isOdd) return result
  if (random.oneIn(3)) result.splice(random.below(result.length), 1)
  const [again] = result.slice(random.below(result.length))
  if (again !== undefined && random.oneIn(4)) result.push(again)
  if (random.oneIn(3)) result.push(['extra', random.pick(TRAPS)])
  if (random.oneIn(2)) result.reverse()
  return result
}

function spell(random: Random, node: Node, isLoose: boolean): string {
  if (typeof node === 'string') return node
  const space = () => (isLoose && random.oneIn(4) ? random.pick([' ', '  ', '\t', '\r']) : '')
  const key = (name: string) => (isLoose && random.oneIn(9) ? `\\u${hexCode(name)}${name.slice(1)}` : name)
  const parts = node.map(
    ([name, value]) => `${space()}"${key(name)}"${space()}:${space()}${spell(random, value, isLoose)}`,
  )
  return `{${parts.join(`${space()},`)}${space()}}`
}

const DAMAGE = ['"', '\\', '{', '}', '[', ']', ',', ':', '\0', '\r', ' ', 'é', '0', 'n', '\x01', '\xff'] as const

function damage(random: Random, bytes: Buffer): Buffer {
  const at = random.below(bytes.length + 1)
  const head = bytes.subarray(0, at)
  const insert = Buffer.from(random.pick(DAMAGE), random.oneIn(2) ? 'utf8' : 'latin1')
  switch (random.below(6)) {
    case 0:
      return head
    case 1:
      return Buffer.concat([head, insert, bytes.subarray(at)])
    case 2:
      return Buffer.concat([head, insert, bytes.subarray(at + 1)])
    case 3:
      return Buffer.concat([head, bytes.subarray(at + 1 + random.below(9))])
    case 4:
      return Buffer.concat([head, bytes.subarray(random.below(at + 1))])
    default:
      return flipBit(random, bytes, at)
  }
}

function flipBit(random: Random, bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes)
  const flipped = (copy[at] ?? 0) ^ (1 << random.below(8))
  if (at < copy.length && flipped !== 0x0a) copy[at] = flipped
  return copy
}

function count(random: Random, isOdd: boolean): string {
  return isOdd && random.oneIn(5) ? random.pick(ODD_COUNTS) : String(random.below(random.pick([1, 5, 100, 60000])))
}

function timestamp(random: Random): string {
  return JSON.stringify(
    new Date(Date.UTC(2026, random.below(12), 1 + random.below(31), 0, 0, 0, random.below(86400000))),
  )
}

function uuid(random: Random): string {
  return `"${hex(random, 8)}-0000-4000-8000-${hex(random, 12)}"`
}

function hex(random: Random, length: number): string {
  let digits = ''
  while (digits.length < length) digits += random.below(0x1000000).toString(16).padStart(6, '0')
  return digits.slice(0, length)
}

function hexCode(name: string): string {
  return name.charCodeAt(0).toString(16).padStart(4, '0')
}
