import { readFileSync } from 'node:fs'
import type { UsageRecord } from '../../../src/core/usage.ts'
import type { FileContext } from '../../../src/sources/claude-code/file-context.ts'
import { LineReader } from '../../../src/sources/claude-code/line-reader.ts'
import { readLogPath } from '../../../src/sources/claude-code/log-path.ts'
import { QuickReader } from '../../../src/sources/claude-code/quick-reader.ts'
import { openScanner } from '../../../src/sources/claude-code/scanner.ts'
import { ScanOutput } from '../../../src/sources/files/format.ts'

export const MODIFIED_MS = Date.UTC(2026, 5, 1)

/** Reads lines as the product does. */
export const quickReader = () => new LineReader(new QuickReader())
/** Leaves every line to the parser: what the quick reader has to agree with. */
export const parsingReader = () => new LineReader({ read: () => null })

export function fileContext(relative: string, overrides: Partial<FileContext> = {}): FileContext {
  return {
    place: readLogPath(relative),
    billing: 'metered',
    modifiedMs: MODIFIED_MS,
    projectName: (cwd) => cwd.slice(cwd.lastIndexOf('/') + 1),
    agentType: () => '',
    now: () => MODIFIED_MS,
    ...overrides,
  }
}

/** Scans a whole file; every record in one output. */
export function scanBytes(bytes: Buffer, context = fileContext('-src-shop/s-file.jsonl'), reader = quickReader()) {
  const scanner = openScanner(context, null, reader)
  const out = new ScanOutput()
  for (let at = 0; at < bytes.length; ) {
    const batch = new ScanOutput()
    at = scanner.scan(bytes, at, bytes.length, batch)
    out.records.push(...batch.records)
    out.closed.push(...batch.closed)
    out.claims.push(...batch.claims)
    out.turns.push(...batch.turns)
    out.lines += batch.lines
    for (const [reason, count] of Object.entries(batch.rejected)) out.reject(reason as 'malformed', count)
  }
  return { ...out, state: scanner.state() }
}

export function scanLines(lines: readonly unknown[], context?: FileContext) {
  const text = lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join('')
  return scanBytes(Buffer.from(text), context)
}

export function scanFixture(name: string, context?: FileContext) {
  return scanBytes(readFileSync(new URL(`./fixtures/${name}.jsonl`, import.meta.url)), context)
}

/** Of several lines of one response, the one whose numbers count: see UsageRecord. */
export function winnerOf(records: readonly UsageRecord[]): UsageRecord | undefined {
  return records.toSorted(
    (a, b) =>
      b.winRank - a.winRank ||
      b.rankOutput - a.rankOutput ||
      b.rankTotal - a.rankTotal ||
      compareText(b.timestamp, a.timestamp) ||
      compareText(b.uuid, a.uuid),
  )[0]
}

/** Of several lines of one response, the one whose labels count: see UsageRecord. */
function ownerOf(records: readonly UsageRecord[]): UsageRecord | undefined {
  return records.toSorted(
    (a, b) =>
      a.ownerRank - b.ownerRank ||
      a.time - b.time ||
      a.fileTime - b.fileTime ||
      compareText(a.session, b.session) ||
      Number(a.agent !== 'none') - Number(b.agent !== 'none'),
  )[0]
}

/** The responses that a set of lines describes, each with its winning numbers and labels. */
export function responsesOf(records: readonly UsageRecord[]) {
  const identities = [...new Set(records.map(({ identity }) => identity))]
  return identities.map((wanted) => {
    const group = records.filter(({ identity }) => identity === wanted)
    const winner = winnerOf(group)
    const owner = ownerOf(group)
    return {
      tokens: winner?.parts[0]?.tokens,
      model: winner?.parts[0]?.model,
      session: group.find(({ paidBy }) => paidBy !== null)?.paidBy ?? owner?.session,
      agent: owner?.agent,
      flags: winner?.flags,
    }
  })
}

/** Token counts in the order input, output, 5 minute writes, 1 hour writes, reads. */
export function tokens(input: number, output: number, cacheWrite5m = 0, cacheWrite1h = 0, cacheRead = 0) {
  return { input, output, cacheWrite5m, cacheWrite1h, cacheRead }
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
