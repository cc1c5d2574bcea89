import { damage } from './damage.ts'
import { CONTENTS, ODD_CONTENTS, ODD_COUNTS, ODD_LINES, ODD_TEXTS, ODD_TIMES } from './odd-json.ts'
import type { Random } from './random.ts'

/** JSON text, or the members of an object, which may be spelled in several ways. */
type Node = string | readonly Member[]
type Member = readonly [key: string, value: Node]

/** How rare oddities are on one line: none, hardly any, many. */
const ODDS = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 40, 6] as const
/** Lines in a row that have the same optional members, as those of one release do. */
const LINES_PER_SHAPE = 200

/** Makes lines of a log: usual, unusual and broken ones. */
export class LineGenerator {
  readonly #random: Random
  #lines = 0
  /** A bit for each optional member. */
  #shape = 0
  #odds: number = ODDS[0]

  constructor(random: Random) {
    this.#random = random
  }

  next(): Buffer {
    const random = this.#random
    if (this.#lines++ % LINES_PER_SHAPE === 0) this.#shape = random.below(1 << 12)
    this.#odds = random.pick(ODDS)
    const isLoose = this.#isOdd()
    const line = Buffer.from(random.oneIn(12) ? this.#otherLine() : this.#spell(this.#response(), isLoose))
    return random.oneIn(4) ? damage(random, line) : line
  }

  #isOdd(): boolean {
    return Number.isFinite(this.#odds) && this.#random.oneIn(this.#odds)
  }

  #hasMember(bit: number): boolean {
    return (this.#shape & (1 << bit)) !== 0 || this.#isOdd()
  }

  #text(usual: string): string {
    return this.#isOdd() ? this.#random.pick(ODD_TEXTS) : usual
  }

  #count(): string {
    const random = this.#random
    return this.#isOdd() ? random.pick(ODD_COUNTS) : String(random.below(random.pick([5, 100, 60000])))
  }

  #content(): string {
    return this.#random.pick(this.#isOdd() ? ODD_CONTENTS : CONTENTS)
  }

  #uuid(): string {
    return `"${this.#random.hex(8)}-0000-4000-8000-${this.#random.hex(12)}"`
  }

  #time(): string {
    const random = this.#random
    const time = Date.UTC(2026, random.below(12), 1 + random.below(31), 0, 0, 0, random.below(86_400_000))
    return this.#isOdd() ? random.pick(ODD_TIMES) : `"${new Date(time).toISOString()}"`
  }

  #response(): Node {
    const random = this.#random
    const message = this.#members([
      ['id', this.#text(`"msg_01${random.hex(this.#isOdd() ? random.below(30) : 20)}"`)],
      ['type', '"message"'],
      ['role', '"assistant"'],
      ['model', this.#text('"claude-opus-4-8"')],
      ['content', this.#content()],
      ['stop_reason', this.#text(random.pick(['null', '"tool_use"', '"end_turn"']))],
      ['usage', this.#isOdd() ? this.#text('[]') : this.#usage()],
    ])
    const line: Member[] = [
      ['parentUuid', random.oneIn(20) ? 'null' : this.#uuid()],
      ['isSidechain', this.#text('false')],
      ['cwd', this.#text('"/src/shop"')],
      ['sessionId', this.#text('"0b7a1111-2222-4333-8444-555566667777"')],
      ['version', this.#text('"2.1.126"')],
      ['gitBranch', this.#text('"main"')],
      ['message', this.#isOdd() ? this.#text('{}') : message],
      ['requestId', this.#text(`"req_011${random.hex(12)}"`)],
      ['type', this.#isOdd() ? random.pick(['"user"', '"system"', 'null', '"progress"']) : '"assistant"'],
      ['uuid', this.#text(this.#uuid())],
      ['timestamp', this.#time()],
    ]
    if (this.#hasMember(0)) line.push(['agentId', this.#text('"a17f"')])
    if (this.#hasMember(1)) line.push(['requestSessionId', this.#text('"s-original"')])
    if (this.#hasMember(2)) line.push(['forkedFrom', this.#text('{"sessionId":"s-fork","messageUuid":"line-1"}')])
    if (this.#isOdd()) line.push(['isApiErrorMessage', random.pick(['true', 'false', 'null', '1'])])
    if (this.#isOdd()) line.push(['costUSD', random.pick(['0.011436', '1e-7', '-1', 'null', '"1"', '0', '99999999'])])
    return this.#members(line)
  }

  #usage(): Node {
    const isEmpty = this.#random.oneIn(30)
    const [input, output, writes, reads] = [0, 0, 0, 0].map(() => (isEmpty ? '0' : this.#count())) as [
      string,
      string,
      string,
      string,
    ]
    const split = this.#members([
      ['ephemeral_5m_input_tokens', this.#isOdd() ? this.#count() : '0'],
      ['ephemeral_1h_input_tokens', this.#isOdd() ? this.#count() : writes],
    ])
    const usage: Member[] = [
      ['input_tokens', input],
      ['cache_creation_input_tokens', writes],
      ['cache_read_input_tokens', reads],
      ['output_tokens', output],
      ['service_tier', this.#text('"standard"')],
    ]
    if (this.#hasMember(3)) usage.push(['cache_creation', this.#isOdd() ? this.#count() : split])
    if (this.#hasMember(4)) usage.push(['server_tool_use', [['web_search_requests', this.#count()]]])
    if (this.#hasMember(5)) usage.push(['output_tokens_details', [['thinking_tokens', this.#count()]]])
    if (this.#hasMember(6)) usage.push(['inference_geo', this.#text(this.#random.pick(['"us"', '""', 'null']))])
    if (this.#hasMember(7)) usage.push(['speed', this.#text(this.#random.pick(['"fast"', '"standard"', 'null']))])
    if (this.#hasMember(8)) usage.push(['iterations', this.#iterations(usage.slice(0, 4), split)])
    return this.#members(usage)
  }

  #iterations(counts: readonly Member[], split: Node): string {
    const random = this.#random
    if (this.#isOdd()) return random.pick(['null', '[]', '{}', '[null]', '[1]'])
    const entry = (): string => {
      const members: Member[] = counts.map(([key, value]) => [
        key,
        this.#isOdd() ? random.pick(['null', this.#count()]) : value,
      ])
      if (this.#hasMember(9)) members.push(['cache_creation', split])
      if (this.#isOdd()) members.push(['model', '"claude-haiku-4-5"'])
      const type = this.#isOdd() ? random.pick(['"compaction"', '"advisor_message"', '"other"', 'null']) : '"message"'
      return this.#spell(this.#members([...members, ['type', type]]), false)
    }
    return `[${entry()}${this.#isOdd() ? `,${entry()}` : ''}]`
  }

  #otherLine(): string {
    const echoed = (): string => this.#spell(this.#response(), false)
    switch (this.#random.below(7)) {
      case 0:
        return `{"parentUuid":${this.#uuid()},"type":"user","message":{"role":"user","content":${this.#content()}}}`
      case 1:
        return `{"message":{"usage":{}},"type":"user","toolUseResult":{"searchCount":${this.#count()}}}`
      case 2:
        return `{"type":"user","uuid":${this.#uuid()},"toolUseResult":{"lineCount":2,"searchCount":${this.#count()}}}`
      case 3:
        return `{"type":"cost-state","modelUsage":{"m[1m]":{"inputTokens":${this.#count()}},"__proto__":{}}}`
      case 4:
        return `{"type":"progress","data":{"type":"agent_progress","message":${echoed()}}}`
      case 5:
        return `{"snapshot":{"timestamp":${this.#time()}},"type":"file-history-snapshot"}`
      default:
        return this.#random.pick(ODD_LINES)
    }
  }

  /** Sometimes in another order, sometimes with a member too many or too few. */
  #members(usual: readonly Member[]): Node {
    const members = [...usual]
    if (this.#isOdd()) members.splice(this.#random.below(members.length), 1)
    if (this.#isOdd()) members.push(this.#again(members[this.#random.below(members.length)]))
    if (this.#isOdd()) members.push(['extra', this.#content()])
    if (this.#isOdd()) members.reverse()
    return members
  }

  /** A member that is there already, with another value. */
  #again([key, value]: Member = ['extra', 'null']): Member {
    const random = this.#random
    if (typeof value !== 'string') return [key, value.slice(1 + random.below(value.length))]
    return [key, random.pick([this.#count(), random.pick(ODD_TEXTS), this.#content()])]
  }

  #spell(node: Node, isLoose: boolean): string {
    if (typeof node === 'string') return node
    const random = this.#random
    const space = () => (isLoose && random.oneIn(4) ? random.pick([' ', '  ', '\t', '\r']) : '')
    const key = (name: string) =>
      isLoose && random.oneIn(9) ? `\\u00${name.charCodeAt(0).toString(16)}${name.slice(1)}` : name
    const members = node.map(
      ([name, value]) => `${space()}"${key(name)}"${space()}:${space()}${this.#spell(value, isLoose)}`,
    )
    return `{${members.join(`${space()},`)}${space()}}`
  }
}
