import fc from 'fast-check'
import type { RejectReason } from '../../src/core/usage.ts'
import { assistantLine, line } from './claude-lines.ts'
import { answer } from './entries.ts'

/** A line that somebody meant to do harm with, and what it has to count as. */
export interface HostileLine {
  readonly bytes: Buffer
  /** Why something in it is rejected; null where the line is odd but legal. */
  readonly reason: RejectReason | null
  readonly requests: 0 | 1
  readonly output: 0 | 1
}

/** Makes the n-th line; `n` keeps their ids apart. */
type Maker = (n: number) => HostileLine

const NO_COUNT = [
  '-1',
  '1.5',
  '9007199254740992',
  '1e308',
  '1e999',
  '-99999999999999999999999999',
  '"12"',
  '""',
  'true',
  '[1]',
  '{"valueOf":1}',
]
const NO_COST = ['-1', '1e12', '1e999', '"0.5"', 'true', '{}']
const NO_TIME = ['"yesterday"', '"2026-13-45T99:99:99Z"', `"${'9'.repeat(5000)}"`, '-5', '0', '1e300', 'true', '{}']
const NO_OBJECT = [
  '[]',
  '"text"',
  '42',
  'null',
  'true',
  '{',
  '}',
  '{"type":"assistant"',
  '{"type":"assistant",}',
  "{'a':1}",
]
/** Keys that mean something to JavaScript. */
const PROTOTYPE = '{"__proto__":{"output_tokens":9,"output":9},"constructor":{"prototype":{"output":9}},"toString":1}'
const ODD_VALUES = [PROTOTYPE, 'null', '[]', '1e999', '"\\ud800"', ...[100, 10_000, 100_000].map(nested)]

function nested(depth: number): string {
  return '['.repeat(depth) + ']'.repeat(depth)
}

/** Stands where a value goes that JSON.stringify would not write. */
const HOLE = 'hole'

function fill(text: string, value: string): Buffer {
  return Buffer.from(text.replace(`"${HOLE}"`, () => value))
}

const counted = (bytes: Buffer, output: 0 | 1): HostileLine => ({ bytes, reason: null, requests: 1, output })
const rejected = (bytes: Buffer, reason: RejectReason, output: 0 | 1): HostileLine => ({
  bytes,
  reason,
  requests: 1,
  output,
})
const malformed = (bytes: Buffer): HostileLine => ({ bytes, reason: 'malformed', requests: 0, output: 0 })
const nothing = (bytes: Buffer): HostileLine => ({ bytes, reason: null, requests: 0, output: 0 })

type Line = (n: number, fields: Readonly<Record<string, unknown>>) => string

function making<T>(values: fc.Arbitrary<T>, make: (value: T, n: number) => HostileLine): fc.Arbitrary<Maker> {
  return values.map((value) => (n) => make(value, n))
}

const oneOf = (values: readonly string[]) => fc.constantFrom(...values)

const notJson = making(oneOf(NO_OBJECT), (text) => malformed(Buffer.from(text)))

/** Anything but a line feed, not beginning like JSON. */
const binary = making(fc.uint8Array({ maxLength: 200 }), (bytes) => {
  const tail = Buffer.from(bytes.map((byte) => (byte === 0x0a ? 0x0b : byte)))
  return malformed(Buffer.concat([Buffer.from('%'), tail]))
})

const torn = (line: Line) =>
  making(fc.integer({ min: 1, max: 98 }), (percent, n) => {
    const whole = Buffer.from(line(n, {}))
    return malformed(whole.subarray(0, Math.ceil((whole.length * percent) / 100)))
  })

const badCount = (line: Line, names: readonly string[]) =>
  making(fc.tuple(oneOf(names), oneOf(NO_COUNT)), ([name, value], n) =>
    rejected(fill(line(n, { usage: { [name]: HOLE } }), value), 'bad_value', 0),
  )

/** A key that the line has, or has not, with a value that does not belong there. */
const oddField = (line: Line, names: readonly string[]) =>
  making(fc.tuple(oneOf(names), oneOf(ODD_VALUES)), ([name, value], n) =>
    counted(fill(line(n, {}).replace('"type"', `"${name}":"${HOLE}","type"`), value), 1),
  )

const prototypeUsage = (line: Line) =>
  fc.constant<Maker>((n) => counted(fill(line(n, { usage: { constructor: HOLE } }), PROTOTYPE), 0))

const claude: Line = (n, fields) =>
  assistantLine({
    sessionId: 'hostile',
    cwd: '/src/hostile',
    message: { id: `msg_hostile_${String(n).padStart(16, '0')}` },
    usage: { output_tokens: 1 },
    ...fields,
  })
const CLAUDE_COUNTS = ['input_tokens', 'output_tokens', 'cache_creation_input_tokens', 'cache_read_input_tokens']
const CLAUDE_FIELDS = ['isSidechain', 'gitBranch', 'version', 'agentId', 'forkedFrom', 'toolUseResult', '__proto__']
const anything = fc.oneof(fc.jsonValue(), fc.constant({ usage: { output_tokens: 7 } }))

export const claudeLines: fc.Arbitrary<Maker> = fc.oneof(
  notJson,
  binary,
  torn(claude),
  badCount(claude, CLAUDE_COUNTS),
  making(oneOf(NO_TIME), (value, n) => rejected(fill(claude(n, { timestamp: HOLE }), value), 'bad_time', 1)),
  oddField(claude, CLAUDE_FIELDS),
  prototypeUsage(claude),
  making(oneOf(['"text"', '[]', '7', 'true']), (value) =>
    malformed(fill(line({ type: 'assistant', message: { usage: HOLE } }), value)),
  ),
  making(fc.tuple(fc.string(), anything), ([type, value]) =>
    nothing(Buffer.from(line({ type: `x-${type}`, message: value, data: value }))),
  ),
)

/** Keys of pi and OpenClaw are made of time and counts: each line has a millisecond of its own. */
const pi: Line = (n, fields) =>
  answer({ timestamp: new Date(Date.UTC(2026, 5, 20) + n).toISOString(), usage: { output: 1 }, ...fields })
const PI_COUNTS = ['input', 'output', 'cacheRead', 'cacheWrite', 'cacheWrite1h', 'totalTokens', 'reasoning']

export const piLines: fc.Arbitrary<Maker> = fc.oneof(
  notJson,
  binary,
  torn(pi),
  badCount(pi, PI_COUNTS),
  making(oneOf(NO_COST), (value, n) =>
    rejected(fill(pi(n, { usage: { output: 1, cost: { total: HOLE } } }), value), 'bad_value', 1),
  ),
  making(oneOf(NO_TIME), (value, n) => rejected(fill(pi(n, { message: { timestamp: HOLE } }), value), 'bad_time', 1)),
  oddField(pi, ['id', 'parentId', 'details', '__proto__']),
  prototypeUsage(pi),
)
