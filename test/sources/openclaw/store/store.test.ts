import { rmSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { RECORDS_PER_BATCH } from '../../../../src/sources/files/format.ts'
import { openClawFormat } from '../../../../src/sources/openclaw/format.ts'
import type { SourceBatch } from '../../../../src/sources/source.ts'
import { zstdFrame } from '../../lib/zstd-frame.ts'
import { answer, brief, counted, header, lines, readFile } from '../../pi-log/support.ts'
import { AgentDatabase, agentPath, CREATED_MS, known, readAll, stateFolder, storeOf } from './support.ts'

const first = answer({ id: 'a1', at: '10:00:02.000' })
const second = answer({ id: 'a2', parentId: 'a1', at: '10:00:09.000' })
const third = answer({ id: 'a3', parentId: 'a2', at: '10:00:30.000' })

function recordsOf(batches: readonly SourceBatch[]) {
  return batches.flatMap(({ records }) => records)
}

function timesOf(batches: readonly SourceBatch[]): readonly string[] {
  return recordsOf(batches).map((record) => record.timestamp.slice(11, 19))
}

function envelopes(session: string, ...entries: readonly object[]): string {
  const events = entries.map((entry, seq) => ({ kind: 'event', row: { seq, event_json: JSON.stringify(entry) } }))
  return lines({ kind: 'header', version: 1, sessionId: session }, ...events)
}

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
      { path: agentPath(state), state: 'unreadable', problem: 'not a SQLite database, or an encrypted one' },
    ])
  })
})

describe('rows', () => {
  it('are read once, and later only what is new', async () => {
    const state = stateFolder()
    const database = new AgentDatabase(agentPath(state)).addSession('s1', header, first)
    const store = storeOf(state)
    expect(timesOf(await readAll(store))).toEqual(['10:00:02'])
    expect(await readAll(store)).toEqual([])
    database.append('s1', second).addSession('s2', header, third)
    expect(timesOf(await readAll(store))).toEqual(['10:00:09', '10:00:30'])
  })

  it('are read on from the cursor after a restart', async () => {
    const state = stateFolder()
    const database = new AgentDatabase(agentPath(state)).addSession('s1', header, first)
    const before = await readAll(storeOf(state))
    const restarted = storeOf(state)
    restarted.restore(known(before))
    expect(await readAll(restarted)).toEqual([])
    database.append('s1', second)
    const [batch] = await readAll(restarted)
    expect(batch?.expected).toBe(before.at(-1)?.cursor)
    expect(batch?.records).toMatchObject([{ project: 'shop', fileTime: 1_781_949_600_000, session: 's1' }])
  })

  it('are read again when an append failed and the cursors go back', async () => {
    const state = stateFolder()
    new AgentDatabase(agentPath(state)).addSession('s1', header, first)
    const store = storeOf(state)
    await readAll(store)
    store.restore([])
    expect(timesOf(await readAll(store))).toEqual(['10:00:02'])
  })

  it('are read from the start when the session was rewritten', async () => {
    const state = stateFolder()
    const database = new AgentDatabase(agentPath(state)).addSession('s1', header, first, second)
    const store = storeOf(state)
    await readAll(store)
    database.sql.exec(`UPDATE transcript_rewrite_watermarks SET generation = 'generation-2'`)
    expect(timesOf(await readAll(store))).toEqual(['10:00:02', '10:00:09'])
    expect(await readAll(store)).toEqual([])
  })

  it('are read from the start when there are fewer than before', async () => {
    const state = stateFolder()
    const database = new AgentDatabase(agentPath(state)).addSession('s1', header, first, second)
    const store = storeOf(state)
    await readAll(store)
    database.sql.exec('DELETE FROM transcript_events WHERE seq > 0')
    database.append('s1', third)
    expect(timesOf(await readAll(store))).toEqual(['10:00:30'])
  })

  it('come in batches of at most 500 records that chain their cursors', async () => {
    const state = stateFolder()
    const total = 2 * RECORDS_PER_BATCH + 7
    const entries = Array.from({ length: total }, (_, n) => answer({ id: `a${n}`, usage: { output: n } }))
    new AgentDatabase(agentPath(state)).addSession('s1', ...entries)
    const batches = await readAll(storeOf(state))
    expect(batches.map(({ records }) => records.length)).toEqual([500, 500, 7])
    expect(batches.map(({ expected }) => expected)).toEqual([null, batches[0]?.cursor, batches[1]?.cursor])
    expect(new Set(recordsOf(batches).map((record) => record.identity)).size).toBe(total)
  })

  it('that are compressed are read like others', async () => {
    const state = stateFolder()
    const database = new AgentDatabase(agentPath(state)).addSession('s1', header)
    database.addRow('s1', null, zstdFrame(JSON.stringify(first)))
    database.addRow('s1', null, zstdFrame(JSON.stringify(second), { declaredBytes: null, windowLog: 21 }))
    const batches = await readAll(storeOf(state))
    expect(timesOf(batches)).toEqual(['10:00:02', '10:00:09'])
    expect(batches.map(({ tally }) => tally.rejected)).toEqual([{}])
  })

  it('without a time of their own are dated by the database', async () => {
    const state = stateFolder()
    const entry = { type: 'message', id: 'n', message: { role: 'assistant', model: 'm', usage: { input: 1 } } }
    new AgentDatabase(agentPath(state)).addSession('s1', entry)
    expect(recordsOf(await readAll(storeOf(state)))).toMatchObject([{ time: CREATED_MS }])
  })

  it('belong to the agent of their session key: one database can serve several', async () => {
    const state = stateFolder()
    const database = new AgentDatabase(agentPath(state, 'main')).addSession('s1', first).addSession('s2', second)
    database.sql.exec(`
      UPDATE session_windows SET session_key = 'agent:ops:direct:s1' WHERE session_id = 's1';
      UPDATE session_windows SET session_key = 'global' WHERE session_id = 's2';`)
    expect(recordsOf(await readAll(storeOf(state))).map((record) => record.agent)).toEqual(['ops', 'main'])
  })

  it('of a first version, with fewer tables and columns, are read too', async () => {
    const state = stateFolder()
    const database = new AgentDatabase(
      agentPath(state),
      'CREATE TABLE transcript_events (session_id TEXT, seq INTEGER, event_json TEXT, PRIMARY KEY (session_id, seq))',
    )
    database.sql.prepare('INSERT INTO transcript_events VALUES (?, 0, ?)').run('s1', JSON.stringify(first))
    expect(recordsOf(await readAll(storeOf(state)))).toMatchObject([{ agent: 'main', session: 's1' }])
  })

  it('of trajectories are another format and count nothing', async () => {
    const state = stateFolder()
    const database = new AgentDatabase(agentPath(state)).addSession('s1', header)
    database.sql.exec('CREATE TABLE trajectory_runtime_events (session_id TEXT, seq INTEGER, event_json TEXT)')
    database.sql.prepare('INSERT INTO trajectory_runtime_events VALUES (?, 0, ?)').run('s1', JSON.stringify(first))
    expect(recordsOf(await readAll(storeOf(state)))).toEqual([])
  })

  it('are not read when a signal says stop', async () => {
    const state = stateFolder()
    const database = new AgentDatabase(agentPath(state))
    for (const session of ['s1', 's2', 's3']) database.addSession(session, first)
    const stop = new AbortController()
    const seen: string[] = []
    for await (const batch of storeOf(state).read({ signal: stop.signal })) {
      seen.push(batch.stream)
      stop.abort()
    }
    expect(seen).toHaveLength(1)
  })
})

describe('transcripts kept as blobs', () => {
  it.each([
    { encoding: 'identity', blob: (text: string) => Buffer.from(text) },
    { encoding: 'zstd', blob: (text: string) => zstdFrame(text) },
  ])('of deleted sessions are read, $encoding', async ({ encoding, blob }) => {
    const state = stateFolder()
    new AgentDatabase(agentPath(state)).addArchive('s1', encoding, blob(lines(header, first, second)))
    const store = storeOf(state)
    expect(recordsOf(await readAll(store))).toMatchObject([
      { session: 's1', agent: 'ops', project: 'shop', ownerRank: 2 },
      { session: 's1', agent: 'ops', project: 'shop', ownerRank: 2 },
    ])
    expect(await readAll(store)).toEqual([])
  })

  it('are read for each generation of a session', async () => {
    const state = stateFolder()
    const database = new AgentDatabase(agentPath(state)).addArchive('s1', 'identity', Buffer.from(lines(first)))
    const store = storeOf(state)
    await readAll(store)
    database.addArchive('s1', 'identity', Buffer.from(lines(second)), 'generation-2')
    expect(timesOf(await readAll(store))).toEqual(['10:00:09'])
  })

  it('of cold sessions are unwrapped, and left to the files when they are in one', async () => {
    const state = stateFolder()
    const database = new AgentDatabase(agentPath(state)).addSession('s1').addCold('s2', null)
    database.addCold('s1', zstdFrame(envelopes('s1', header, first)))
    expect(recordsOf(await readAll(storeOf(state)))).toMatchObject([{ session: 's1', agent: 'main', ownerRank: 4 }])
  })

  it('carry on in the middle after a restart', async () => {
    const state = stateFolder()
    const entries = Array.from({ length: RECORDS_PER_BATCH + 5 }, (_, n) =>
      answer({ id: `a${n}`, usage: { output: n } }),
    )
    new AgentDatabase(agentPath(state)).addArchive('s1', 'zstd', zstdFrame(lines(header, ...entries)))
    const whole = await readAll(storeOf(state))
    expect(whole.map(({ records }) => records.length)).toEqual([500, 5])
    const restarted = storeOf(state)
    restarted.restore(known(whole.slice(0, 1)))
    expect(recordsOf(await readAll(restarted))).toEqual(whole[1]?.records)
  })

  it('count once together with the rows they were made of', async () => {
    const state = stateFolder()
    const database = new AgentDatabase(agentPath(state)).addSession('s1', header, first)
    database.addArchive('s1', 'identity', Buffer.from(lines(header, first, second)))
    database.addCold('s1', zstdFrame(envelopes('s1', header, first)))
    const records = recordsOf(await readAll(storeOf(state)))
    expect(records).toHaveLength(4)
    expect(counted(records)).toHaveLength(2)
  })
})

describe('hostile content', () => {
  it.each([
    { what: 'no content', json: null, zstd: null, rejected: { undecodable: 1 } },
    { what: 'garbage for compressed data', json: null, zstd: Buffer.from('garbage'), rejected: { undecodable: 1 } },
    {
      what: 'a huge declared size',
      json: null,
      zstd: zstdFrame('{}', { declaredBytes: 2 ** 50 }),
      rejected: { undecodable: 1 },
    },
    { what: 'broken JSON', json: '{"type":"message","usage"', zstd: null, rejected: { malformed: 1 } },
    { what: 'deep nesting', json: `${'{"usage":'.repeat(50_000)}1${'}'.repeat(50_000)}`, zstd: null, rejected: {} },
  ])('$what is passed over', async ({ json, zstd, rejected }) => {
    const state = stateFolder()
    new AgentDatabase(agentPath(state)).addSession('s1', header).addRow('s1', json, zstd).append('s1', first)
    const batches = await readAll(storeOf(state))
    expect(timesOf(batches)).toEqual(['10:00:02'])
    expect(batches.map(({ tally }) => tally.rejected)).toEqual([rejected])
  })

  it('values of other types than declared are passed over', async () => {
    const state = stateFolder()
    const database = new AgentDatabase(
      agentPath(state),
      `CREATE TABLE transcript_events (session_id, seq INTEGER, event_json, created_at, event_zstd);
       CREATE TABLE session_windows (session_id, session_key);
       CREATE TABLE session_transcript_archives (session_id, generation, session_key, encoding, archive_blob, created_at);
       INSERT INTO session_windows VALUES ('s1', x'00ff'), ('s2', 5);
       INSERT INTO session_transcript_archives VALUES ('s1', 5, 6, 7, 8, 9), (x'ff', NULL, NULL, 'zstd', 'text', 'soon')`,
    )
    const add = database.sql.prepare('INSERT INTO transcript_events VALUES (?, ?, ?, ?, ?)')
    add.run('s1', 1, 5, 'soon', 6)
    add.run('s1', 2, Buffer.from(JSON.stringify(first)), -1, null)
    add.run('s1', 'three', JSON.stringify(second), null, null)
    add.run('s1', 2.5, JSON.stringify(second), null, null)
    add.run(null, 4, JSON.stringify(second), null, null)
    add.run(Buffer.from('s2'), 4, JSON.stringify(second), null, null)
    add.run('s2', 4, JSON.stringify(third), null, null)
    const store = storeOf(state)
    expect(timesOf(await readAll(store))).toContain('10:00:30')
    expect(store.status().roots).toMatchObject([{ state: 'ok' }])
    expect(recordsOf(await readAll(store))).toEqual([])
  })

  it('an archive that cannot be decoded is counted once and not tried again', async () => {
    const state = stateFolder()
    new AgentDatabase(agentPath(state)).addArchive('s1', 'zstd', Buffer.from('garbage')).addSession('s2', first)
    const store = storeOf(state)
    const batches = await readAll(store)
    expect(timesOf(batches)).toEqual(['10:00:02'])
    expect(batches.map(({ tally }) => tally.rejected)).toContainEqual({ undecodable: 1 })
    expect(await readAll(store)).toEqual([])
  })

  it('cursors that are not ours or broken mean a start from the beginning', async () => {
    const state = stateFolder()
    new AgentDatabase(agentPath(state)).addSession('s1', first).addArchive('s2', 'identity', Buffer.from(lines(second)))
    const streams = known(await readAll(storeOf(state)))
    for (const cursor of [
      '',
      'null',
      '[]',
      '{"generation":"generation-1","seq":"x"}',
      '{"print":"generation-1/1","offset":-1}',
    ]) {
      const store = storeOf(state)
      store.restore(streams.map((stream) => ({ ...stream, cursor })))
      expect(timesOf(await readAll(store))).toEqual(['10:00:02', '10:00:09'])
    }
  })
})

describe('databases that come and go', () => {
  it('are read in the state of the moment while OpenClaw writes', async () => {
    const state = stateFolder()
    const database = new AgentDatabase(agentPath(state)).addSession('s1', first)
    database.sql.exec('BEGIN IMMEDIATE')
    database.append('s1', second)
    const store = storeOf(state)
    expect(timesOf(await readAll(store))).toEqual(['10:00:02'])
    database.sql.exec('COMMIT')
    expect(timesOf(await readAll(store))).toEqual(['10:00:09'])
  })

  it('that are locked are reported and read at the next look, and their streams are not gone', async () => {
    const state = stateFolder()
    const database = new AgentDatabase(agentPath(state)).addSession('s1', first)
    const streams = known(await readAll(storeOf(state)))
    database.append('s1', second)
    database.sql.pragma('journal_mode = DELETE')
    database.sql.exec('BEGIN EXCLUSIVE')
    const store = storeOf(state)
    store.restore(streams)
    expect(await readAll(store)).toEqual([])
    expect(store.status().roots).toMatchObject([{ state: 'unreadable' }])
    expect(store.status().roots[0]?.problem).toContain('locked')
    expect(store.gone()).toEqual([])
    database.sql.exec('COMMIT')
    expect(timesOf(await readAll(store))).toEqual(['10:00:09'])
    expect(store.status().roots).toMatchObject([{ state: 'ok' }])
  })

  it('do not take the others with them', async () => {
    const state = stateFolder()
    writeFileSync(agentPath(state, 'broken'), 'no database'.repeat(100))
    new AgentDatabase(agentPath(state, 'main')).addSession('s1', first)
    const store = storeOf(state)
    expect(timesOf(await readAll(store))).toEqual(['10:00:02'])
    expect(store.status().roots.map((root) => root.state)).toEqual(['unreadable', 'ok'])
  })

  it('that are empty yet are no problem', async () => {
    const state = stateFolder()
    writeFileSync(agentPath(state), '')
    const store = storeOf(state)
    expect(await readAll(store)).toEqual([])
    expect(store.status().roots).toMatchObject([{ state: 'ok', problem: null }])
  })

  it('leave streams that are gone when a session or a whole database is', async () => {
    const state = stateFolder()
    const main = new AgentDatabase(agentPath(state, 'main')).addSession('s1', first).addSession('s2', second)
    const ops = new AgentDatabase(agentPath(state, 'ops')).addSession('s3', third)
    const streams = known(await readAll(storeOf(state)))
    const store = storeOf(state)
    store.restore([...streams, { stream: '/logs/s9.jsonl', path: '/logs/s9.jsonl', cursor: '1' }])
    main.sql.exec(`DELETE FROM transcript_events WHERE session_id = 's2'`)
    ops.sql.close()
    for (const end of ['', '-wal', '-shm']) rmSync(agentPath(state, 'ops') + end, { force: true })
    await readAll(store)
    expect(store.gone()).toEqual(streams.filter(({ stream }) => /"s[23]"/.test(stream)).map(({ stream }) => stream))
    expect(store.status().streams).toBe(1)
  })

  it('are looked at alone when their path is named, by itself or by its log', async () => {
    const state = stateFolder()
    new AgentDatabase(agentPath(state, 'main')).addSession('s1', first)
    new AgentDatabase(agentPath(state, 'ops')).addSession('s2', second)
    const store = storeOf(state)
    expect(await readAll(store, ['/elsewhere/s.jsonl'])).toEqual([])
    expect(timesOf(await readAll(store, [`${agentPath(state, 'ops')}-wal`]))).toEqual(['10:00:09'])
    expect(timesOf(await readAll(store, [agentPath(state, 'main')]))).toEqual(['10:00:02'])
  })
})
