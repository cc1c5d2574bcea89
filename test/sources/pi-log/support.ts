import type { UsageRecord } from '../../../src/core/usage.ts'
import { type LineScanner, type LogFormat, type LogRoot, ScanOutput } from '../../../src/sources/files/format.ts'
import { FILE_CLASS, type TranscriptContext } from '../../../src/sources/pi-log/context.ts'
import { transcriptScanner } from '../../../src/sources/pi-log/line-scanner.ts'

export const ROOT: LogRoot = { path: '/logs', billing: 'metered', configured: false }
/** 2026-06-20T12:00:00Z */
export const MODIFIED_MS = 1_781_956_800_000

/** A log as text, one entry per line. */
export function lines(...entries: readonly object[]): string {
  return entries.map((entry) => `${JSON.stringify(entry)}\n`).join('')
}

/** Feeds whole lines to a scanner until it has consumed them. */
export function scanAll(scanner: LineScanner, text: string | Buffer, out = new ScanOutput()): ScanOutput {
  const block = Buffer.from(text)
  scanner.scan(block, 0, block.length, out)
  return out
}

/** Reads one file of a format as the shared file code would. */
export function readFile(format: LogFormat, relative: string, text: string | Buffer): ScanOutput {
  const file = format.classify(ROOT, relative)
  if (file === null) throw new Error(`no log: ${relative}`)
  return scanAll(format.open(file, null, MODIFIED_MS), text)
}

/** What is counted of records from any files in any order, in the order of time: the winner of each response. */
export function counted(records: readonly UsageRecord[]): readonly UsageRecord[] {
  const winners = new Map<string, UsageRecord>()
  for (const record of records) {
    const other = winners.get(record.identity)
    if (other === undefined || record.winRank > other.winRank) winners.set(record.identity, record)
  }
  const shadows = new Set(records.map((record) => record.shadows))
  return [...winners.values()]
    .filter((record) => !shadows.has(record.identity))
    .sort((a, b) => a.time - b.time || (a.identity < b.identity ? -1 : 1))
}

/** The record whose labels a response gets. */
export function owner(records: readonly UsageRecord[]): UsageRecord | undefined {
  return [...records].sort((a, b) => a.ownerRank - b.ownerRank || a.time - b.time || a.fileTime - b.fileTime)[0]
}

/** Model and counts of a record as one line: `model in/out/5m/1h/read`. */
export function brief(record: UsageRecord): string {
  const part = record.parts[0]
  const tokens = part?.tokens
  return `${part?.model} ${[tokens?.input, tokens?.output, tokens?.cacheWrite5m, tokens?.cacheWrite1h, tokens?.cacheRead].join('/')}`
}

export const header = {
  type: 'session',
  version: 3,
  id: 'session-1',
  timestamp: '2026-06-20T10:00:00.000Z',
  cwd: '/src/shop',
}

interface Answer {
  readonly id?: string
  readonly parentId?: string | null
  readonly at?: string
  readonly usage?: object | null
  readonly message?: object
}

/** An assistant message; `at` is the time of day on 2026-06-20. */
export function answer({ id = 'a1', parentId = null, at = '10:00:02.000', usage = {}, message = {} }: Answer): object {
  const timestamp = `2026-06-20T${at}Z`
  return {
    type: 'message',
    id,
    parentId,
    timestamp,
    message: {
      role: 'assistant',
      provider: 'anthropic',
      model: 'claude-sonnet-4-6',
      stopReason: 'stop',
      timestamp: Date.parse(timestamp),
      content: [],
      ...(usage === null ? {} : { usage: { input: 10, output: 20, cacheRead: 0, cacheWrite: 0, ...usage } }),
      ...message,
    },
  }
}

/** A question between the answers. */
export const user = {
  type: 'message',
  id: 'u1',
  parentId: null,
  timestamp: '2026-06-20T10:00:01.000Z',
  message: { role: 'user' },
}

export const context: TranscriptContext = {
  source: 'pi',
  fileClass: FILE_CLASS.primary,
  billing: 'metered',
  agent: 'none',
  session: 'from-name',
  trustsHeaderId: true,
  project: 'from-folder',
  projectName: (cwd) => cwd.split('/').at(-1) ?? '',
  modifiedMs: MODIFIED_MS,
  isHumans: () => true,
  now: () => MODIFIED_MS,
}

/** Reads a transcript as a whole. */
export function read(text: string | Buffer): ScanOutput {
  return scanAll(transcriptScanner(context, null), text)
}
