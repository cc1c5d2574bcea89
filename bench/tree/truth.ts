/** Token counts of one log line or the sum of many, by the five disjoint classes. */
export interface Tokens {
  input: number
  cacheWrite5m: number
  cacheWrite1h: number
  cacheRead: number
  output: number
}

/** What one line says of a response, as far as it decides which line counts. */
export interface LoggedUsage {
  readonly tokens: Tokens
  readonly isFinal: boolean
  readonly timestamp: string
  readonly uuid: string
}

export interface ModelTruth {
  responses: number
  readonly tokens: Tokens
}

/**
 * Keeps the right totals of what is generated. It shares no code with the exporter: agreement of the two is the proof
 * that a benchmark measured the whole job.
 */
export class TruthBook {
  readonly models = new Map<string, ModelTruth>()
  unfinalResponses = 0

  /** Takes all lines of one response; called once per response, never for copies. */
  add(model: string, lines: readonly LoggedUsage[]): void {
    const winner = lines.reduce((best, line) => (isBetter(line, best) ? line : best))
    const entry = this.models.get(model) ?? { responses: 0, tokens: noTokens() }
    entry.responses++
    addTokens(entry.tokens, winner.tokens)
    this.models.set(model, entry)
    if (!winner.isFinal) this.unfinalResponses++
  }

  total(): ModelTruth {
    const total = { responses: 0, tokens: noTokens() }
    for (const { responses, tokens } of this.models.values()) {
      total.responses += responses
      addTokens(total.tokens, tokens)
    }
    return total
  }
}

export function noTokens(): Tokens {
  return { input: 0, cacheWrite5m: 0, cacheWrite1h: 0, cacheRead: 0, output: 0 }
}

export function sumTokens({ input, cacheWrite5m, cacheWrite1h, cacheRead, output }: Tokens): number {
  return input + cacheWrite5m + cacheWrite1h + cacheRead + output
}

function addTokens(sum: Tokens, tokens: Tokens): void {
  sum.input += tokens.input
  sum.cacheWrite5m += tokens.cacheWrite5m
  sum.cacheWrite1h += tokens.cacheWrite1h
  sum.cacheRead += tokens.cacheRead
  sum.output += tokens.output
}

/** A stop reason comes with the final counts; without one, output only grows, then the sum, then the newest line. */
function isBetter(line: LoggedUsage, best: LoggedUsage): boolean {
  if (line.isFinal !== best.isFinal) return line.isFinal
  if (line.tokens.output !== best.tokens.output) return line.tokens.output > best.tokens.output
  const difference = sumTokens(line.tokens) - sumTokens(best.tokens)
  if (difference !== 0) return difference > 0
  if (line.timestamp !== best.timestamp) return line.timestamp > best.timestamp
  return line.uuid > best.uuid
}
