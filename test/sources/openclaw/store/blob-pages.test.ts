import { describe, expect, it } from 'vitest'
import { RECORDS_PER_BATCH } from '../../../../src/sources/files/format.ts'
import { zstdFrame } from '../../lib/zstd-frame.ts'
import { answer, counted, header, lines } from '../../pi-log/support.ts'
import {
  AgentDatabase,
  agentPath,
  envelopes,
  first,
  known,
  readAll,
  recordsOf,
  second,
  stateFolder,
  storeOf,
  timesOf,
} from './support.ts'

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
