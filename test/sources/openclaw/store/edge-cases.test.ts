import { writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { openClawFormat } from '../../../../src/sources/openclaw/format.ts'
import { answer, brief, header, lines, readFile } from '../../pi-log/support.ts'
import { AgentDatabase, agentPath, first, readAll, recordsOf, second, stateFolder, storeOf } from './support.ts'

describe('edge cases', () => {
  it('48: same response in JSONL archive and SQLite: once', async () => {
    const state = stateFolder()
    const usage = { type: 'usage', id: 'u', timestamp: '2026-06-20T10:00:00Z', kind: 'x', usage: { input: 1 } }
    const tool = {
      type: 'message',
      id: 't',
      message: { role: 'toolResult', timestamp: 1_781_949_600_000, usage: { input: 1 } },
    }
    const timeless = { type: 'message', id: 'n', message: { role: 'assistant', model: 'm', usage: { input: 1 } } }
    const entries = [header, first, usage, tool, timeless, answer({ message: { responseId: 'msg_1' } })]
    new AgentDatabase(agentPath(state)).addSession('s1', ...entries)
    const format = openClawFormat({ env: {}, home: state, roots: [], billing: 'metered', projectName: () => '' })
    const file = 'agents/main/session-sqlite-import-archive/agent_main_main.s1.jsonl.imported-17'
    const archived = readFile(format, file, lines(...entries)).records
    const live = recordsOf(await readAll(storeOf(state)))
    expect(live.map((record) => record.identity)).toEqual(archived.map((record) => record.identity))
    expect(live.map((record) => record.shadows)).toEqual(archived.map((record) => record.shadows))
    expect(live.map((record) => record.ownerRank)).toEqual([0, 0, 0, 0, 0])
    expect(archived.map((record) => record.ownerRank)).toEqual([4, 4, 4, 4, 4])
  })

  it('49: only SQLite present: counted', async () => {
    const state = stateFolder()
    new AgentDatabase(agentPath(state)).addSession('s1', header, first, second)
    const store = storeOf(state)
    const records = recordsOf(await readAll(store))
    expect(records.map(brief)).toEqual(['claude-sonnet-4-6 10/20/0/0/0', 'claude-sonnet-4-6 10/20/0/0/0'])
    expect(records).toMatchObject([
      { source: 'openclaw', agent: 'main', session: 's1', project: 'shop', fileTime: 1_781_949_600_000 },
      { source: 'openclaw', agent: 'main', session: 's1', project: 'shop' },
    ])
    expect(store.status()).toMatchObject({
      roots: [{ path: agentPath(state), state: 'ok', problem: null }],
      streams: 1,
    })
  })

  it.each([
    { what: 'other tables', schema: 'CREATE TABLE conversation_log (id INTEGER)' },
    { what: 'other columns', schema: 'CREATE TABLE transcript_events (session_id TEXT, position INTEGER, body TEXT)' },
    {
      what: 'a sequence that is no number',
      schema: 'CREATE TABLE transcript_events (session_id TEXT, seq TEXT, event_json TEXT)',
    },
    { what: 'a view', schema: `CREATE VIEW transcript_events AS SELECT '' AS session_id, 1 AS seq, '' AS event_json` },
    {
      what: 'computed columns',
      schema: 'CREATE TABLE transcript_events (session_id TEXT, seq INTEGER, event_json TEXT AS (session_id))',
    },
  ])(
    '49: only SQLite present: a store with $what is reported as unsupported, never silent zero',
    async ({ schema }) => {
      const state = stateFolder()
      new AgentDatabase(agentPath(state), schema)
      const store = storeOf(state)
      expect(await readAll(store)).toEqual([])
      expect(store.status().roots).toMatchObject([{ path: agentPath(state), state: 'unsupported' }])
      expect(store.status().roots[0]?.problem).toContain('transcript_events')
    },
  )

  it('49: only SQLite present: a file that cannot be read is reported', async () => {
    const state = stateFolder()
    writeFileSync(agentPath(state), 'this is no database at all, but it is long enough to look like one'.repeat(20))
    const store = storeOf(state)
    expect(await readAll(store)).toEqual([])
    expect(store.status().roots).toEqual([
      { path: agentPath(state), state: 'unreadable', problem: 'This is not a SQLite database, or an encrypted one.' },
    ])
  })
})
