// Reads a tree with the exporter's own reader and removes the copies, without a ledger. Prints what it found.
import { compareNumbers } from '../src/core/response.ts'
import { FLAG, type UsageRecord } from '../src/core/usage.ts'
import { createClaudeCodeFormat } from '../src/sources/claude-code/index.ts'
import { FileSource } from '../src/sources/files/file-source.ts'
import { noTokens } from './tree/truth.ts'

const NO_REQUEST = FLAG.error | FLAG.notARequest

const best = new Map<string, UsageRecord>()
const source = new FileSource(createClaudeCodeFormat())
source.restore([])
for await (const { records } of source.read({ signal: new AbortController().signal })) {
  for (const record of records) {
    const known = best.get(record.identity)
    if (known === undefined || compareNumbers(record, known) > 0) best.set(record.identity, record)
  }
}
console.log(JSON.stringify(total(best.values())))

function total(records: Iterable<UsageRecord>) {
  const tokens = noTokens()
  let responses = 0
  for (const { parts, flags } of records) {
    if ((flags & NO_REQUEST) === 0) responses++
    for (const part of parts) {
      tokens.input += part.tokens.input
      tokens.cacheWrite5m += part.tokens.cacheWrite5m
      tokens.cacheWrite1h += part.tokens.cacheWrite1h
      tokens.cacheRead += part.tokens.cacheRead
      tokens.output += part.tokens.output
    }
  }
  return { responses, tokens }
}
