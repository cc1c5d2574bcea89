import { expect } from 'vitest'
import { runLine } from './fake-io.ts'
import { homeWith, SAMPLE, type Use } from './sample.ts'

/** The document a report prints for a ledger that holds these responses. */
export async function jsonReport(line: string, uses: readonly Use[] = SAMPLE) {
  return JSON.parse(await textReport(`${line} --json`, uses))
}

/** What a report prints for a ledger that holds these responses. */
export async function textReport(line: string, uses: readonly Use[] = SAMPLE): Promise<string> {
  const { out, err, exitCode } = await runLine(line, { home: await homeWith(uses) })
  expect({ err, exitCode }).toEqual({ err: '', exitCode: 0 })
  return out
}
