import { appendFileSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { claudeLine } from '../../support/claude-line.ts'

/** What a team used; each response once, on however many machines its line stands. */
export interface Use {
  readonly requests: bigint
  readonly input: bigint
  readonly output: bigint
}

interface ResponseOptions {
  readonly session?: string
  /** Epoch milliseconds. */
  readonly time: number
  /** Tokens; by default another number each time. */
  readonly output?: number
}

/** The logs of several machines, and what they come to. Counts differ from response to response. */
export class TeamLogs {
  readonly #use: { requests: bigint; input: bigint; output: bigint } = { requests: 0n, input: 0n, output: 0n }
  #made = 0

  /** A copy of what was used so far. */
  get use(): Use {
    return { ...this.#use }
  }

  /** One response, whose line is appended in each of these homes. */
  respond(homes: readonly string[], options: ResponseOptions): void {
    this.#made += 1
    const input = 1 + (this.#made % 7)
    const { session = 's1', time, output = 10 + (this.#made % 101) } = options
    const line = claudeLine({ id: String(this.#made), session, time, input, output })
    for (const home of homes) append(sessionFile(home, session), line)
    this.#use.requests += 1n
    this.#use.input += BigInt(input)
    this.#use.output += BigInt(output)
  }
}

function sessionFile(home: string, session: string): string {
  return join(home, '.claude', 'projects', '-src-shop', `${session}.jsonl`)
}

function append(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  appendFileSync(path, text)
}
