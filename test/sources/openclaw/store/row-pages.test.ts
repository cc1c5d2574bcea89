import { describe, expect, it } from 'vitest'
import { RECORDS_PER_BATCH } from '../../../../src/sources/files/format.ts'
import { zstdFrame } from '../../lib/zstd-frame.ts'
import { answer, header } from '../../pi-log/support.ts'
import {
  AgentDatabase,
  agentPath,
  CREATED_MS,
  first,
  known,
  readAll,
  recordsOf,
  second,
  stateFolder,
  storeOf,
  third,
  timesOf,
} from './support.ts'

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
