import type { SessionTurn } from '../../core/usage.ts'
import { TURN_LIMIT_BYTES } from '../lib/turns.ts'
import type { FileContext } from './file-context.ts'
import { humanTurn } from './human-turn.ts'

/** Results of tools have this key near their start. In the text of a prompt its quotes would be escaped. */
const TOOL_RESULT_KEY = Buffer.from('"tool_use_id":')
const HEAD_BYTES = 1024

/**
 * Finds the newest human turn in a block of the main transcript. Most lines of type `user` are results of tools: they
 * are told by their first bytes and never parsed, and nor is anything in front of the newest turn.
 */
export class TurnSearch {
  readonly #file: FileContext
  /** Start and end of each candidate, one behind the other. Kept from block to block, because most lines are one. */
  readonly #bounds: number[] = []
  #used = 0

  constructor(file: FileContext) {
    this.#file = file
  }

  /** To be called before the lines of a block. */
  start(): void {
    this.#used = 0
  }

  /** A line that may be a human's. What stands in the transcript of a sub-agent never is. */
  note(start: number, end: number): void {
    if (this.#file.place.isSubagent) return
    this.#bounds[this.#used] = start
    this.#bounds[this.#used + 1] = end
    this.#used += 2
  }

  /** To be called behind the lines of a block, while it is there. */
  newest(block: Buffer): SessionTurn | null {
    for (let at = this.#used - 2; at >= 0; at -= 2) {
      const turn = this.#read(block, this.#bounds[at] ?? 0, this.#bounds[at + 1] ?? 0)
      if (turn !== null) return turn
    }
    return null
  }

  #read(block: Buffer, start: number, end: number): SessionTurn | null {
    if (end - start > TURN_LIMIT_BYTES) return null
    if (block.subarray(start, Math.min(end, start + HEAD_BYTES)).includes(TOOL_RESULT_KEY)) return null
    return humanTurn(block.toString('utf8', start, end), this.#file.place.session, this.#file.now())
  }
}
