import { renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  AgentDatabase,
  agentPath,
  first,
  known,
  readAll,
  second,
  stateFolder,
  storeOf,
  third,
  timesOf,
} from './support.ts'

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

  it('are not gone when their folder cannot be looked into', async () => {
    const state = stateFolder()
    new AgentDatabase(agentPath(state)).addSession('s1', first)
    const store = storeOf(state)
    store.restore(known(await readAll(storeOf(state))))
    renameSync(path.join(state, 'agents'), path.join(state, 'moved'))
    symlinkSync(path.join(state, 'agents'), path.join(state, 'agents'))
    expect(await readAll(store)).toEqual([])
    expect(store.status().roots).toMatchObject([{ state: 'unreadable' }])
    expect(store.gone()).toEqual([])
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
