import { describe, expect, it } from 'vitest'
import { ScanOutput } from '../../../src/sources/files/format.ts'
import { coldScanner } from '../../../src/sources/openclaw/cold-scanner.ts'
import { FILE_CLASS, type TranscriptContext } from '../../../src/sources/pi-log/context.ts'
import { transcriptScanner } from '../../../src/sources/pi-log/line-scanner.ts'
import { answer, brief, header, lines, MODIFIED_MS, scanAll } from '../pi-log/support.ts'

const context: TranscriptContext = {
  source: 'openclaw',
  fileClass: FILE_CLASS.archive,
  billing: 'metered',
  agent: 'main',
  session: '',
  trustsHeaderId: false,
  project: 'unknown',
  projectName: () => 'shop',
  modifiedMs: MODIFIED_MS,
  isHumans: () => true,
  now: () => MODIFIED_MS,
}

const CREATED_MS = 1_781_949_700_000

function envelopes(...entries: readonly object[]): string {
  const events = entries.map((entry, seq) => ({
    kind: 'event',
    row: { seq, event_json: JSON.stringify(entry), created_at: CREATED_MS },
  }))
  return lines({ kind: 'header', version: 1, sessionId: 's1' }, ...events, {
    kind: 'identity',
    row: { event_id: 'a1' },
  })
}

describe('coldScanner', () => {
  it('unwraps the entries and takes the session from the envelope', () => {
    const { records, rejected } = scanAll(coldScanner(context, null), envelopes(header, answer({})))
    expect(records.map(brief)).toEqual(['claude-sonnet-4-6 10/20/0/0/0'])
    expect(records).toMatchObject([{ session: 's1', project: 'shop', ownerRank: 4 }])
    expect(rejected).toEqual({})
  })

  it('gives an entry the same identity as a plain transcript', () => {
    const entries = [
      header,
      answer({}),
      { type: 'usage', id: 'u', timestamp: '2026-06-20T10:00:00Z', kind: 'x', usage: { input: 1 } },
    ]
    const cold = scanAll(coldScanner(context, null), envelopes(...entries)).records
    const plain = scanAll(transcriptScanner(context, null), lines(...entries)).records
    expect(cold.map((record) => record.identity)).toEqual(plain.map((record) => record.identity))
  })

  it('dates an entry without a time by its row', () => {
    const entry = { type: 'message', id: 'a', message: { role: 'assistant', model: 'm', usage: { input: 1 } } }
    expect(scanAll(coldScanner(context, null), envelopes(entry)).records).toMatchObject([{ time: CREATED_MS }])
  })

  it('carries on with a saved state', () => {
    const text = envelopes(header, answer({}))
    const out = new ScanOutput()
    let state: string | null = null
    for (const line of text.split(/(?<=\n)/)) {
      const scanner = coldScanner(context, state)
      scanAll(scanner, line, out)
      state = scanner.state()
    }
    expect(out.records).toEqual(scanAll(coldScanner(context, null), text).records)
  })

  it.each([
    { when: 'no JSON', line: '{"kind":"event"\n', rejected: { malformed: 1 } },
    { when: 'no row', line: '{"kind":"event"}\n', rejected: { undecodable: 1 } },
    { when: 'no entry', line: '{"kind":"event","row":{"event_json":5}}\n', rejected: { undecodable: 1 } },
    { when: 'a broken entry', line: '{"kind":"event","row":{"event_json":"{"}}\n', rejected: { malformed: 1 } },
    { when: 'another kind', line: '{"kind":"fts","row":5}\n', rejected: {} },
  ])('passes over $when', ({ line, rejected }) => {
    const out = scanAll(coldScanner(context, null), line + envelopes(header, answer({})))
    expect(out.rejected).toEqual(rejected)
    expect(out.records).toHaveLength(1)
  })
})
