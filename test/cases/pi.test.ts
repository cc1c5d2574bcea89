import { describe, expect, it } from 'vitest'
import { answer, entry, header } from './entries.ts'
import { loadTree } from './support.ts'

const FOLDER = '.pi/agent/sessions/--src-shop--'
const file = (id: string) => `${FOLDER}/2026-06-20T10-00-00-000Z_${id}.jsonl`
const at = (time: string) => `2026-06-20T${time}.000Z`

describe('copies of a session', () => {
  it('case 52: a session of 439 responses forked 36 times: 439 once, plus what each fork has of its own', async () => {
    const history = Array.from({ length: 439 }, (_, n) => {
      const timestamp = new Date(Date.parse(at('10:00:00')) + n * 1000).toISOString()
      return answer({ id: n.toString(16).padStart(8, '0'), timestamp, usage: { input: 1, output: 2 } })
    })
    const forks = Array.from({ length: 36 }, (_, n) => {
      const id = `fork-${n}`
      const parent = { id, parentSession: file('original') }
      const own = answer({
        timestamp: new Date(Date.parse(at('12:00:00')) + n * 1000).toISOString(),
        usage: { output: 5 },
      })
      return [file(id), [header(parent), ...history, own]] as const
    })
    const tree = await loadTree({
      ...Object.fromEntries(forks),
      [file('original')]: [header({ id: 'original' }), ...history],
    })
    expect(await tree.usage()).toEqual({ requests: 439 + 36, input: 439, output: 2 * 439 + 5 * 36 })
    const bySession = await tree.usageBy('session')
    expect(bySession['original']).toEqual({ requests: 439, input: 439, output: 878 })
    expect(bySession['fork-17']).toEqual({ requests: 1, output: 5 })
    expect(tree.health('pi').duplicates).toBe(36 * 439)
  })

  it('case 53: a version 1 file upgraded in place to 3, with entry ids made up: nothing twice', async () => {
    const usage = { input: 10, output: 20 }
    const times = [at('10:00:02'), at('10:05:00')]
    const old = times.map((timestamp) => answer({ id: undefined, parentId: undefined, timestamp, usage }))
    const upgraded = times.map((timestamp, n) => answer({ id: `0000000${n}`, timestamp, usage }))
    const added = answer({ id: '00000002', timestamp: at('10:09:00'), usage })
    const tree = await loadTree({ [file('s1')]: [header({ version: undefined }), ...old] })
    tree.write(file('s1'), [header({ version: 3 }), ...upgraded, added])
    await tree.readAgain()
    expect(await tree.usageBy('session')).toEqual({ s1: { requests: 3, input: 30, output: 60 } })
    expect(tree.counters()).toEqual({ requests: 3, input: 30, output: 60 })
  })

  it('case 55: the same 8-hex entry id in two unrelated sessions: two responses', async () => {
    const same = { id: 'a1b2c3d4', usage: { input: 10, output: 20 } }
    const tree = await loadTree({
      [file('s1')]: [header({ id: 's1' }), answer({ ...same, timestamp: at('10:00:02') })],
      [file('s2')]: [header({ id: 's2' }), answer({ ...same, timestamp: at('10:00:03') })],
    })
    expect(await tree.usageBy('session')).toEqual({
      s1: { requests: 1, input: 10, output: 20 },
      s2: { requests: 1, input: 10, output: 20 },
    })
  })
})

describe('what is counted', () => {
  it('case 54: a usage entry of kind cache_warm, compaction, branch_summary, toolResult: all', async () => {
    const common = { timestamp: at('10:05:00') }
    const result = {
      role: 'toolResult',
      toolCallId: 't1',
      timestamp: Date.parse(at('10:06:00')),
      usage: { input: 1000 },
    }
    const tree = await loadTree({
      [file('s1')]: [
        header(),
        answer({ id: 'a', usage: { input: 1 } }),
        entry({
          ...common,
          type: 'usage',
          kind: 'cache_warm',
          id: 'b',
          parentId: 'a',
          model: 'claude-opus-4-8',
          usage: { input: 10 },
        }),
        entry({
          ...common,
          type: 'compaction',
          id: 'c',
          parentId: 'b',
          summary: '',
          tokensBefore: 150_000,
          usage: { input: 100 },
        }),
        entry({ ...common, type: 'message', id: 'd', parentId: 'c', message: result }),
        entry({
          ...common,
          type: 'branch_summary',
          id: 'e',
          parentId: null,
          fromId: 'd',
          summary: '',
          usage: { input: 10_000 },
        }),
      ],
    })
    expect(await tree.usageBy('model')).toEqual({
      'claude-sonnet-4-6': { requests: 4, input: 11_101 },
      'claude-opus-4-8': { requests: 1, input: 10 },
    })
  })

  it('case 56: aborted with output 120: counted', async () => {
    const aborted = answer({ message: { stopReason: 'aborted' }, usage: { input: 10, output: 120 } })
    const tree = await loadTree({ [file('s1')]: [header(), aborted] })
    expect(await tree.usage()).toEqual({ requests: 1, input: 10, output: 120 })
  })

  it('case 57: cacheWrite 1000, cacheWrite1h 400: 600 at 5m, 400 at 1h', async () => {
    const tree = await loadTree({
      [file('s1')]: [header(), answer({ usage: { cacheWrite: 1000, cacheWrite1h: 400 } })],
    })
    expect(await tree.usage()).toEqual({ requests: 1, cache_write_5m: 600, cache_write_1h: 400 })
    // Sonnet 4.6: 600 x 3.75 + 400 x 6 = 2250 + 2400
    expect(await tree.cost()).toBe('0.00465')
  })

  it('case 57: cacheWrite missing with cacheWrite1h 400: 400 at 1h', async () => {
    const usage = { cacheWrite: undefined, cacheWrite1h: 400 }
    const tree = await loadTree({ [file('s1')]: [header(), answer({ usage })] })
    expect(await tree.usage()).toEqual({ requests: 1, cache_write_1h: 400 })
  })

  it('case 58: a message without a model: the last model_change', async () => {
    const change = (id: string, parentId: string | null, modelId: string) =>
      entry({ type: 'model_change', id, parentId, timestamp: at('10:00:00'), provider: 'anthropic', modelId })
    const nameless = { message: { model: undefined, provider: undefined }, usage: { output: 20 } }
    const tree = await loadTree({
      [file('s1')]: [
        header(),
        change('a', null, 'claude-haiku-4-5'),
        change('b', 'a', 'claude-opus-4-8'),
        answer({ id: 'c', parentId: 'b', ...nameless }),
        // Another branch, that left before the second change.
        answer({ id: 'd', parentId: 'a', timestamp: at('10:07:00'), ...nameless }),
      ],
    })
    expect(await tree.usageBy('provider', 'model')).toEqual({
      'anthropic claude-opus-4-8': { requests: 1, output: 20 },
      'anthropic claude-haiku-4-5-20251001': { requests: 1, output: 20 },
    })
  })

  it('tokens that only totalTokens knows: outside the classes, not priced, counted apart', async () => {
    const tree = await loadTree({ [file('s1')]: [header(), answer({ usage: { output: 20, totalTokens: 120 } })] })
    expect(await tree.usage()).toEqual({ requests: 1, output: 20, unsplit: 100 })
    // Sonnet 4.6: 20 x 15
    expect(await tree.cost()).toBe('0.0003')
  })
})
