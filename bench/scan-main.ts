// Reads a tree with the exporter's own reader and removes the copies, without a ledger. Prints what it found.
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { compareNumbers } from '../src/core/response.ts'
import { FLAG, type UsageRecord } from '../src/core/usage.ts'
import { claudeCodeFormat } from '../src/sources/claude-code/format.ts'
import { FileSource } from '../src/sources/files/file-source.ts'
import { createProjectName } from '../src/sources/project-name.ts'
import { noTokens } from './tree/truth.ts'

const NO_REQUEST = FLAG.error | FLAG.notARequest

const best = new Map<string, UsageRecord>()
const format = claudeCodeFormat({
  env: process.env,
  home: homedir(),
  roots: [],
  billing: 'metered',
  isFolder: (path) => existsSync(path),
  projectName: createProjectName({}),
})
const source = new FileSource(format)
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
