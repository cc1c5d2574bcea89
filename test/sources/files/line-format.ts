import path from 'node:path'
import type { LogFile, LogFormat, LogRoot } from '../../../src/sources/files/format.ts'
import type { SourceBatch } from '../../../src/sources/source.ts'
import { usageRecord } from '../../support/usage-record.ts'

export interface LineFormatOptions {
  readonly roots: readonly string[]
  readonly configured?: boolean
  readonly globs?: readonly string[]
}

/** The smallest format there is: every line is `{"id": ...}` and makes a record. The state is the number of lines. */
export function lineFormat({ roots, configured = false, globs = ['**/*.{jsonl,zst}'] }: LineFormatOptions): LogFormat {
  return {
    source: 'pi',
    roots: () => roots.map((root) => ({ path: root, billing: 'metered', configured })),
    globs,
    classify,
    open(_file, state) {
      let lines = Number(state ?? 0)
      return {
        state: () => String(lines),
        scan(block, start, end, out) {
          let at = start
          while (at < end && !out.isFull) {
            const feed = block.indexOf(0x0a, at)
            const to = feed === -1 || feed >= end ? end : feed
            const text = block.toString('utf8', at, to).replace(/^\0*\uFEFF?/, '')
            at = Math.min(to + 1, end)
            lines++
            out.lines++
            const id = idOf(text)
            if (id === null) out.reject('malformed')
            else out.records.push(usageRecord({ source: 'pi', identity: id }))
          }
          return at
        },
      }
    },
  }
}

function classify(root: LogRoot, relative: string): LogFile {
  const encoding = relative.endsWith('.zst') ? 'zstd' : 'plain'
  return { root, path: path.join(root.path, relative), relative, encoding, kind: 'log' }
}

function idOf(line: string): string | null {
  try {
    return String(JSON.parse(line).id)
  } catch {
    return null
  }
}

/** Lines with these ids, each with its line feed. */
export function lines(...ids: readonly (string | number)[]): string {
  return ids.map((id) => `{"id":"${id}"}\n`).join('')
}

export function idsOf(batches: readonly SourceBatch[]): string[] {
  return batches.flatMap(({ records }) => records.map(({ identity }) => identity))
}
