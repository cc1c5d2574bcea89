import { describe, expect, it } from 'vitest'
import { answer } from '../../pi-log/support.ts'
import { AgentDatabase, agentPath, readAll, stateFolder, storeOf } from './support.ts'

/** The first paths that a store reports after `act`. */
async function reported(state: string, act: () => void): Promise<readonly string[] | null> {
  const store = storeOf(state)
  const reports: (readonly string[] | null)[] = []
  const stop = await store.follow((paths) => reports.push(paths))
  expect(store.status().tailMode).toBe('polling')
  act()
  await expect.poll(() => reports.length).toBeGreaterThan(0)
  await stop()
  expect(store.status().tailMode).toBe('off')
  return reports[0] ?? null
}

describe('following', () => {
  it('reports a database whose write-ahead log grew', async () => {
    const state = stateFolder()
    const database = new AgentDatabase(agentPath(state)).addSession('s1')
    expect(await reported(state, () => database.append('s1', answer({})))).toEqual([agentPath(state)])
  })

  it('reports a new database', async () => {
    const state = stateFolder()
    expect(await reported(state, () => new AgentDatabase(agentPath(state)))).toEqual([agentPath(state)])
  })

  it('leads to the rows that are new', async () => {
    const state = stateFolder()
    const database = new AgentDatabase(agentPath(state)).addSession('s1', answer({}))
    const store = storeOf(state)
    await readAll(store)
    const paths = await reported(state, () => database.append('s1', answer({ at: '11:00:00.000' })))
    const batches = await readAll(store, paths ?? [])
    expect(batches.flatMap(({ records }) => records)).toMatchObject([{ timestamp: '2026-06-20T11:00:00.000Z' }])
  })
})
