import { describe, expect, it } from 'vitest'
import { coldScanner } from '../../../src/sources/openclaw/cold-scanner.ts'
import { openClawFormat } from '../../../src/sources/openclaw/format.ts'
import { transcriptScanner } from '../../../src/sources/pi-log/line-scanner.ts'
import { answer, context, header, lines, MODIFIED_MS, readFile, scanAll } from '../pi-log/support.ts'
import { AgentDatabase, agentPath, envelopes, known, readAll, stateFolder, storeOf } from './store/support.ts'

/** An entry of role user at a time of day on 2026-06-20. */
function said(at: string, words = 'Book a table.', message: object = {}) {
  const timestamp = `2026-06-20T${at}.000Z`
  return {
    type: 'message',
    id: `u-${at}`,
    parentId: null,
    timestamp,
    message: { role: 'user', content: [{ type: 'text', text: words }], timestamp: Date.parse(timestamp), ...message },
  }
}

const turn = (session: string, at: string) => ({
  source: 'openclaw',
  session,
  time: Date.parse(`2026-06-20T${at}.000Z`),
})
const job = (at: string) => said(at, '[cron:1 Status] Check the mentions.')

describe('turns in the files of OpenClaw', () => {
  const format = openClawFormat({
    env: {},
    home: '/home/someone',
    roots: [],
    billing: 'metered',
    projectName: () => 'shop',
    now: () => MODIFIED_MS,
  })

  it('are those of humans, not of jobs and heartbeats', () => {
    const text = lines(header, said('10:00:00'), job('11:00:00'), said('11:30:00', 'Reply HEARTBEAT_OK.'))
    expect(readFile(format, 'agents/main/sessions/s1.jsonl', text).turns).toEqual([turn('s1', '10:00:00')])
  })

  it('are unknown in a session with nothing but the prompts of a job', () => {
    const text = lines(header, job('10:00:00'), job('11:00:00'))
    expect(readFile(format, 'agents/main/sessions/s1.jsonl', text).turns).toEqual([])
  })

  it('are found in cold storage', () => {
    const cold = { ...context, source: 'openclaw', trustsHeaderId: false, session: '' } as const
    const scanner = coldScanner(cold, null)
    const { turns } = scanAll(scanner, envelopes('s2', header, said('10:00:00'), said('11:00:00')))
    expect(turns.at(-1)).toEqual(turn('s2', '11:00:00'))
    expect(scanAll(coldScanner(cold, scanner.state()), envelopes('s2', said('11:30:00'))).turns).toEqual([
      turn('s2', '11:30:00'),
    ])
  })

  it('are the same in cold storage and in a plain transcript', () => {
    const entries = [header, said('10:00:00'), said('nonsense'), answer({})]
    const plain = scanAll(transcriptScanner(context, null), lines(...entries)).turns
    expect(scanAll(coldScanner(context, null), envelopes('session-1', ...entries)).turns).toEqual(plain)
    expect(plain).toHaveLength(1)
  })
})

describe('turns in the store of OpenClaw', () => {
  it('are the newest of each session, and later what is new', async () => {
    const state = stateFolder()
    const database = new AgentDatabase(agentPath(state))
      .addSession('s1', header, said('10:00:00'), said('10:30:00'), job('11:00:00'))
      .addSession('s2', header, said('09:00:00'))
    const store = storeOf(state)
    const first = await readAll(store)
    expect(first.flatMap(({ turns }) => turns)).toEqual([turn('s1', '10:30:00'), turn('s2', '09:00:00')])
    const restarted = storeOf(state)
    restarted.restore(known(first))
    database.append('s2', said('12:00:00'))
    expect((await readAll(restarted)).map(({ turns, records }) => ({ turns, records }))).toEqual([
      { turns: [turn('s2', '12:00:00')], records: [] },
    ])
  })

  it.each(['agent:main:cron:1', 'agent:main:subagent:1', 'agent:main:main:heartbeat'])(
    'are unknown in session %s, whatever its entries look like',
    async (key) => {
      const state = stateFolder()
      const database = new AgentDatabase(agentPath(state)).addSession('s1', header, said('10:00:00'))
      database.sql.prepare('UPDATE session_windows SET session_key = ?').run(key)
      expect((await readAll(storeOf(state))).flatMap(({ turns }) => turns)).toEqual([])
    },
  )

  it('are found in the archive of a deleted session', async () => {
    const state = stateFolder()
    const blob = Buffer.from(lines(header, said('10:00:00')))
    new AgentDatabase(agentPath(state)).addArchive('s1', 'identity', blob)
    expect((await readAll(storeOf(state))).flatMap(({ turns }) => turns)).toEqual([turn('s1', '10:00:00')])
  })
})
