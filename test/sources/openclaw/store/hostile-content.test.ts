import { describe, expect, it } from 'vitest'
import { zstdFrame } from '../../lib/zstd-frame.ts'
import { header, lines } from '../../pi-log/support.ts'
import {
  AgentDatabase,
  agentPath,
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
