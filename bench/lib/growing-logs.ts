import { appendFileSync, readFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Random } from '../tree/random.ts'
import type { Tree } from './lab.ts'
import { sumSeries } from './scrape.ts'

const OUTPUT_TOKENS = 100

interface GrowingLog {
  readonly path: string
  /** A line of a finished response, to make more of. */
  readonly line: string
}

/** Some logs of a tree, to which finished responses are appended as an agent would. */
export class GrowingLogs {
  readonly #logs: readonly GrowingLog[]
  readonly #random = new Random(7)

  private constructor(logs: readonly GrowingLog[]) {
    this.#logs = logs
  }

  static async in(tree: Tree, count: number): Promise<GrowingLogs> {
    const folder = join(tree.folder, 'projects')
    const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.jsonl')).toSorted()
    const logs: GrowingLog[] = []
    for (const name of names) {
      const path = join(folder, name)
      const line = readFileSync(path, 'utf8').split('\n').findLast(isFinished)
      if (line !== undefined) logs.push({ path, line })
      if (logs.length === count) break
    }
    return new GrowingLogs(logs)
  }

  /** Appends one response, with the labels of others in the same log. Returns its output tokens. */
  append(): number {
    const { path, line } = this.#random.pick(this.#logs)
    appendFileSync(path, nextResponse(line, this.#random))
    return OUTPUT_TOKENS
  }

  /** A pause of up to `ms`, so that appends meet the exporter at any point of its work. */
  pauseMs(ms: number): number {
    return this.#random.below(ms)
  }
}

/** All output tokens that are served. */
export function servedOutput(body: string): number {
  return sumSeries(body, 'claude_tokens_total', 'token_type="output"')
}

/** Only lines of the log's own session are taken, no copies or echoes: those belong to others. */
function isFinished(line: string): boolean {
  return (
    /"stop_reason":"\w+"/.test(line) &&
    /"id":"msg_\w{20,}"/.test(line) &&
    !/requestSessionId|forkedFrom|agent_progress/.test(line)
  )
}

function nextResponse(line: string, random: Random): string {
  const entry = JSON.parse(line) as {
    uuid: string
    timestamp: string
    message: { id: string; usage: Record<string, unknown> }
  }
  entry.uuid = random.uuid()
  entry.timestamp = new Date().toISOString()
  entry.message.id = `msg_01${random.base62(22)}`
  entry.message.usage = {
    input_tokens: 3,
    cache_creation_input_tokens: 500,
    cache_read_input_tokens: 40_000,
    cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 500 },
    output_tokens: OUTPUT_TOKENS,
    service_tier: 'standard',
  }
  return `${JSON.stringify(entry)}\n`
}
