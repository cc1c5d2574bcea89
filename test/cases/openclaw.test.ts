import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { zstdFrame } from '../sources/lib/zstd-frame.ts'
import { AgentDatabase } from '../sources/openclaw/store/support.ts'
import { answer, entry, header } from './entries.ts'
import { loadTree, type Tree } from './support.ts'

const SESSIONS = '.clawdbot/agents/main/sessions'
const at = (time: string) => `2026-06-20T${time}.000Z`

const first = answer({ timestamp: at('10:00:02'), usage: { input: 10, output: 20 } })
const second = answer({ timestamp: at('10:05:00'), usage: { input: 30, output: 40 } })
const third = answer({ timestamp: at('10:09:00'), usage: { input: 500, output: 600 } })

describe('copies of a transcript', () => {
  it('case 43: a live file and checkpoint copies: each response once, in the session of the live file', async () => {
    const tree = await loadTree({
      [`${SESSIONS}/s1.jsonl`]: [header(), first, second, third],
      [`${SESSIONS}/s1.checkpoint.0b7a51d0-9c1e-4f6a-8d2b-3e4f5a6b7c8d.jsonl`]: [header(), first],
      [`${SESSIONS}/s1.checkpoint.1c8b62e1-9c1e-4f6a-8d2b-3e4f5a6b7c8d.jsonl`]: [header(), first, second],
    })
    expect(await tree.usageBy('agent', 'session', 'project')).toEqual({
      'main s1 shop': { requests: 3, input: 540, output: 660 },
    })
  })

  it('case 44: a live file and a .jsonl.reset with different responses: both counted', async () => {
    const tree = await loadTree({
      [`${SESSIONS}/s1.jsonl.reset.2026-06-20T10-06-00.000Z`]: [header(), first, second],
      [`${SESSIONS}/s1.jsonl`]: [header(), third],
    })
    expect(await tree.usage()).toEqual({ requests: 3, input: 540, output: 660 })
  })

  it.each([{ suffix: 'bak-4711-1781949600000' }, { suffix: 'bak.2026-06-20' }, { suffix: 'backup' }])(
    'case 45: a response that is only in .jsonl.$suffix: counted',
    async ({ suffix }) => {
      const tree = await loadTree({
        [`${SESSIONS}/s1.jsonl`]: [header(), first],
        [`${SESSIONS}/s1.jsonl.${suffix}`]: [header(), first, second],
      })
      expect(await tree.usageBy('session')).toEqual({ s1: { requests: 2, input: 40, output: 60 } })
    },
  )

  it('case 45: the same in a compressed archive', async () => {
    const content = zstdFrame(`${header()}\n${first}\n${second}\n`)
    const name = `s1.jsonl.deleted.2026-06-20T10-06-00.000Z.${'0123456789abcdef'.repeat(2)}.zst`
    const tree = await loadTree({ [`${SESSIONS}/s1.jsonl`]: [header(), first], [`${SESSIONS}/${name}`]: content })
    expect(await tree.usageBy('session')).toEqual({ s1: { requests: 2, input: 40, output: 60 } })
  })
})

describe('what is no response', () => {
  it('case 46: .trajectory.jsonl and cron/runs/*.jsonl: nothing', async () => {
    const tree = await loadTree({
      [`${SESSIONS}/s1.jsonl`]: [header(), first],
      [`${SESSIONS}/s1.trajectory.jsonl`]: [header(), second],
      '.clawdbot/cron/runs/job-1.jsonl': [third],
      '.clawdbot/agents/main/session-sqlite-import-archive/agent_main_main.s1.trajectory.jsonl.imported-17': [third],
    })
    expect(await tree.usage()).toEqual({ requests: 1, input: 10, output: 20 })
    expect(tree.health('openclaw')).toMatchObject({ up: true, streams: 1, rejected: {} })
  })

  it.each([
    { provider: 'openclaw', model: 'delivery-mirror' },
    { provider: 'clawdbot', model: 'gateway-injected' },
  ])('case 47: $provider $model: nothing, and no model', async ({ provider, model }) => {
    const mirror = answer({ timestamp: at('10:00:03'), message: { provider, model } })
    const tree = await loadTree({ [`${SESSIONS}/s1.jsonl`]: [header(), first, mirror] })
    expect(await tree.usageBy('model')).toEqual({ 'claude-sonnet-4-6': { requests: 1, input: 10, output: 20 } })
    expect(tree.snapshot().modelInUse).toMatchObject([{ model: 'claude-sonnet-4-6' }])
  })

  it('case 51: all usage zero because the gateway did not report: counted as a request without usage', async () => {
    const tree = await loadTree({ [`${SESSIONS}/s1.jsonl`]: [header(), first, answer({ timestamp: at('10:01:00') })] })
    expect(await tree.usage()).toEqual({ requests: 2, input: 10, output: 20, no_usage: 1 })
    expect(tree.snapshot().perSource).toMatchObject([{ source: 'openclaw', noUsage: 1n }])
  })

  it('case 51: an error with zeros is no request: counted apart', async () => {
    const error = answer({ timestamp: at('10:01:00'), message: { stopReason: 'error', errorMessage: 'overloaded' } })
    const tree = await loadTree({ [`${SESSIONS}/s1.jsonl`]: [header(), first, error] })
    expect(await tree.usage()).toEqual({ requests: 1, input: 10, output: 20, errors: 1 })
  })
})

describe('the SQLite store', () => {
  /** The database of an agent, as OpenClaw 2026.9 makes it. */
  function database(tree: Tree, schema?: string): AgentDatabase {
    const folder = tree.path('.openclaw/agents/main/agent')
    mkdirSync(folder, { recursive: true })
    return new AgentDatabase(path.join(folder, 'openclaw-agent.sqlite'), schema)
  }
  const rows = (...texts: readonly string[]) => texts.map((text) => JSON.parse(text) as object)

  it('case 48: the same response in a JSONL archive and in SQLite: once, whichever is read first', async () => {
    const imported =
      '.openclaw/agents/main/session-sqlite-import-archive/agent_main_main.s1.jsonl.imported-1781949600000'
    const tree = await loadTree({ [imported]: [header(), first, second] })
    database(tree).addSession('s1', ...rows(header(), first, second, third))
    await tree.readAgain()
    expect(await tree.usageBy('agent', 'session')).toEqual({ 'main s1': { requests: 3, input: 540, output: 660 } })
    await tree.restart()
    expect(await tree.usage()).toEqual({ requests: 3, input: 540, output: 660 })
  })

  it('case 48: the same where only one of the two has the id of the response', async () => {
    const withId = answer({
      timestamp: at('10:00:02'),
      message: { responseId: 'msg_01XY' },
      usage: { input: 10, output: 20 },
    })
    const tree = await loadTree({ [`${SESSIONS}/s1.jsonl`]: [header(), first] })
    database(tree).addSession('s1', ...rows(header(), withId))
    await tree.readAgain()
    expect(await tree.usage()).toEqual({ requests: 1, input: 10, output: 20 })
  })

  it('case 49: only SQLite present: counted, and followed', async () => {
    const tree = await loadTree({})
    const store = database(tree).addSession('s1', ...rows(header(), first))
    await tree.readAgain()
    expect(await tree.usageBy('agent', 'session', 'project')).toEqual({
      'main s1 shop': { requests: 1, input: 10, output: 20 },
    })
    store.append('s1', ...rows(second))
    await tree.readAgain()
    expect(await tree.usage()).toEqual({ requests: 2, input: 40, output: 60 })
    expect(tree.health('openclaw').up).toBe(true)
  })

  it('case 49: a store that cannot be read: reported as unsupported, never a silent zero', async () => {
    const tree = await loadTree({})
    database(tree, 'CREATE TABLE conversation_log (id INTEGER)')
    await tree.readAgain()
    expect(await tree.usage()).toEqual({})
    expect(tree.health('openclaw').up).toBe(false)
    expect(tree.health('openclaw').roots).toContainEqual(
      expect.objectContaining({ state: 'unsupported', problem: expect.stringContaining('transcript_events') }),
    )
  })
})

describe('costs in the log', () => {
  const cost = async (fields: Parameters<typeof answer>[0]) => {
    const tree = await loadTree({ [`${SESSIONS}/s1.jsonl`]: [header(), answer(fields)] })
    return { cost: await tree.cost(), usage: await tree.usage() }
  }

  it('case 50: cost.total 0 with tokens on a priced model: calculated', async () => {
    // Sonnet 4.6: 1000 x 3 + 100 x 15
    expect(await cost({ usage: { input: 1000, output: 100, cost: { total: 0 } } })).toMatchObject({ cost: '0.0045' })
  })

  it('case 50: the same on a model without a price: unpriced, not free', async () => {
    const message = { provider: 'ollama', model: 'llama-3.3' }
    expect(await cost({ message, usage: { input: 1000, output: 100, cost: { total: 0 } } })).toEqual({
      cost: '0',
      usage: { requests: 1, input: 1000, output: 100, unpriced: 1100 },
    })
  })

  it.each([
    { what: 'an estimate above 0', recorded: { total: 0.011436 }, expected: '0.011436' },
    { what: '0 that the provider billed', recorded: { total: 0, totalOrigin: 'provider-billed' }, expected: '0' },
  ])('$what is taken, and nothing is added to it', async ({ recorded, expected }) => {
    expect(await cost({ usage: { input: 1000, output: 100, cost: recorded } })).toEqual({
      cost: expected,
      usage: { requests: 1, input: 1000, output: 100 },
    })
  })
})

describe('a line that cannot be used', () => {
  it('one bad line does not stop its file', async () => {
    const file = [header(), first, '{"type":"message","message":', entry({ type: 'usage', usage: 7 }), second]
    const tree = await loadTree({ [`${SESSIONS}/s1.jsonl`]: file })
    expect(await tree.usage()).toEqual({ requests: 2, input: 40, output: 60 })
    expect(tree.health('openclaw').rejected).toEqual({ malformed: 1 })
  })
})
