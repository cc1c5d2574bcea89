import { describe, expect, it } from 'vitest'
import { piFormat } from '../../../src/sources/pi/format.ts'
import { answer, brief, counted, header, lines, owner, ROOT, readFile } from '../pi-log/support.ts'

const format = piFormat({
  env: {},
  home: '/home/u',
  roots: [],
  billing: 'metered',
  projectName: (cwd) => cwd.split('/').at(-1) ?? '',
})
const SESSION = '--src-shop--/2026-06-20T10-00-00-000Z_session-1.jsonl'

const entry = { id: 'e1', parentId: null, timestamp: '2026-06-20T10:05:00.000Z' }
const usage = { input: 900, output: 700, cacheRead: 149_000, cacheWrite: 0 }

describe('files of pi', () => {
  it('are found by their extension', () => {
    expect(format.classify(ROOT, SESSION)).toMatchObject({ relative: SESSION, encoding: 'plain', kind: 'session' })
    expect(format.classify(ROOT, '--src-shop--/notes.txt')).toBeNull()
  })

  it('take session and project from the header', () => {
    const { records } = readFile(format, SESSION.replace('session-1', 'other'), lines(header, answer({})))
    expect(records).toMatchObject([{ session: 'session-1', project: 'shop', agent: 'none', source: 'pi' }])
  })

  it('take session and project from the name where there is no header', () => {
    const { records } = readFile(format, SESSION, lines(answer({})))
    expect(records).toMatchObject([{ session: 'session-1', project: 'src-shop' }])
  })

  it('of sub-agents belong to the session that they work for', () => {
    const file = '--src-shop--/2026-06-20T10-00-00-000Z_session-1/0-explore.jsonl'
    const { records } = readFile(format, file, lines({ ...header, id: 'child' }, answer({})))
    expect(records).toMatchObject([{ session: 'session-1', project: 'shop', agent: 'subagent' }])
  })
})

describe('edge cases', () => {
  it('52: fork of a 439-response session, 36 times: 439 once, plus each fork’s own', () => {
    const history = Array.from({ length: 439 }, (_, n) =>
      answer({
        id: `h${n}`,
        at: `10:${String(Math.floor(n / 60)).padStart(2, '0')}:${String(n % 60).padStart(2, '0')}.000`,
      }),
    )
    const original = readFile(format, SESSION, lines(header, ...history)).records
    const forks = Array.from({ length: 36 }, (_, n) => {
      const id = `fork-${n}`
      const timestamp = `2026-06-20T12:00:${String(n).padStart(2, '0')}.000Z`
      const own = answer({ id: 'own', at: `12:30:${String(n).padStart(2, '0')}.000` })
      const head = { ...header, id, timestamp, parentSession: '/logs/session-1.jsonl' }
      return readFile(format, SESSION.replace('session-1', id), lines(head, ...history, own)).records
    }).flat()
    const all = [...forks, ...original]
    expect(all).toHaveLength(36 * 440 + 439)
    expect(counted(all)).toHaveLength(439 + 36)
    const first = all.filter((record) => record.identity === original[0]?.identity)
    expect(owner(first)).toMatchObject({ session: 'session-1', ownerRank: 0 })
  })

  it('52: a fork of a fork whose original is gone belongs to the older fork', () => {
    const fork = (id: string, timestamp: string) =>
      readFile(format, SESSION, lines({ ...header, id, timestamp, parentSession: 'x' }, answer({}))).records
    expect(owner([...fork('young', '2026-06-22T00:00:00Z'), ...fork('old', '2026-06-21T00:00:00Z')])?.session).toBe(
      'old',
    )
  })

  it('53: version 1 file upgraded in place to 3: no double count', () => {
    const { version, ...oldHeader } = header
    const message = (id?: string) => {
      const { id: _, parentId: __, ...rest } = answer({}) as Record<string, unknown>
      return id === undefined ? rest : { ...rest, id, parentId: null }
    }
    const before = readFile(format, SESSION, lines(oldHeader, message())).records
    const after = readFile(format, SESSION, lines({ ...oldHeader, version }, message('0badcafe'))).records
    expect(after.map((record) => record.identity)).toEqual(before.map((record) => record.identity))
    expect(counted([...before, ...after])).toHaveLength(1)
  })

  it.each([
    {
      what: '`usage` entry kind `cache_warm`',
      one: {
        ...entry,
        type: 'usage',
        kind: 'cache_warm',
        provider: 'anthropic',
        model: 'claude-opus-4-8',
        usage: { cacheRead: 9700 },
      },
      is: 'claude-opus-4-8 0/0/0/0/9700',
    },
    {
      what: '`usage` entry of a kind nobody knows',
      one: {
        ...entry,
        type: 'usage',
        kind: 'dream',
        provider: 'anthropic',
        model: 'claude-opus-4-8',
        usage: { output: 7 },
      },
      is: 'claude-opus-4-8 0/7/0/0/0',
    },
    {
      what: 'compaction.usage',
      one: { ...entry, type: 'compaction', usage },
      is: 'claude-haiku-4-5 900/700/0/0/149000',
    },
    {
      what: 'branch_summary.usage',
      one: { ...entry, type: 'branch_summary', usage },
      is: 'claude-haiku-4-5 900/700/0/0/149000',
    },
    {
      what: 'toolResult.usage',
      one: { ...entry, type: 'message', message: { role: 'toolResult', timestamp: 1_781_949_900_000, usage } },
      is: 'claude-haiku-4-5 900/700/0/0/149000',
    },
  ])('54: $what: counted', ({ one, is }) => {
    const change = {
      type: 'model_change',
      id: 'm1',
      parentId: null,
      provider: 'anthropic',
      modelId: 'claude-haiku-4-5',
    }
    const { records } = readFile(format, SESSION, lines(header, change, one))
    expect(records.map(brief)).toEqual([is])
    expect(records).toMatchObject([{ provider: 'anthropic', time: 1_781_949_900_000, flags: 0 }])
  })

  it('54: a cache warming beside a compaction with the same counts is another call', () => {
    const entries = [
      { ...entry, type: 'usage', kind: 'cache_warm', usage },
      { ...entry, type: 'compaction', usage },
    ]
    expect(counted(readFile(format, SESSION, lines(...entries)).records)).toHaveLength(2)
  })

  describe('54: the model of a branch summary is the one at `fromId`, the leaf that was left', () => {
    const opus = { type: 'model_change', id: 'm1', parentId: null, provider: 'anthropic', modelId: 'claude-opus-4-8' }
    const question = { type: 'message', id: 'q1', parentId: 'm1', message: { role: 'user' } }
    const haiku = { type: 'model_change', id: 'm2', parentId: 'q1', provider: 'anthropic', modelId: 'claude-haiku-4-5' }
    const left = { type: 'message', id: 'q2', parentId: 'm2', message: { role: 'user' } }
    const sonnet = { type: 'model_change', id: 'm3', parentId: 'q1', provider: 'anthropic', modelId: 'claude-sonnet-5' }
    const summary = { ...entry, type: 'branch_summary', parentId: 'q1', fromId: 'q2', usage }
    const whole = readFile(format, SESSION, lines(header, opus, question, haiku, left, sonnet, summary)).records

    it('not the one at `parentId`, nor the last in the file', () => {
      expect(whole.map(brief)).toEqual(['claude-haiku-4-5 900/700/0/0/149000'])
    })

    it('and wins over the copy in a file without that leaf', () => {
      const extract = readFile(
        format,
        SESSION,
        lines({ ...header, parentSession: 'x' }, opus, question, summary),
      ).records
      expect(extract.map(brief)).toEqual(['claude-opus-4-8 900/700/0/0/149000'])
      expect(counted([...extract, ...whole]).map(brief)).toEqual(['claude-haiku-4-5 900/700/0/0/149000'])
    })

    it('while a compaction goes by its own path', () => {
      const compaction = { ...entry, type: 'compaction', parentId: 'q1', usage }
      const { records } = readFile(format, SESSION, lines(header, opus, question, haiku, left, compaction))
      expect(records.map(brief)).toEqual(['claude-opus-4-8 900/700/0/0/149000'])
    })
  })

  it('55: same 8-hex entry id in two unrelated sessions: two responses', () => {
    const one = readFile(format, SESSION, lines(header, answer({ id: '0badcafe', at: '10:00:02.000' }))).records
    const other = readFile(format, SESSION, lines(header, answer({ id: '0badcafe', at: '10:00:02.001' }))).records
    expect(counted([...one, ...other])).toHaveLength(2)
  })

  it('56: aborted with output 120: counted', () => {
    const aborted = answer({ usage: { output: 120 }, message: { stopReason: 'aborted' } })
    const { records } = readFile(format, SESSION, lines(header, aborted))
    expect(records.map(brief)).toEqual(['claude-sonnet-4-6 10/120/0/0/0'])
    expect(records).toMatchObject([{ flags: 0 }])
  })

  it('57: cacheWrite 1000, cacheWrite1h 400: 600 at 5m, 400 at 1h', () => {
    const { records } = readFile(
      format,
      SESSION,
      lines(header, answer({ usage: { cacheWrite: 1000, cacheWrite1h: 400 } })),
    )
    expect(records.map(brief)).toEqual(['claude-sonnet-4-6 10/20/600/400/0'])
  })

  it.each([
    {
      what: 'model_change',
      state: { type: 'model_change', id: 'm1', parentId: null, provider: 'openai', modelId: 'gpt-5.5' },
    },
    {
      what: 'model-snapshot',
      state: {
        type: 'custom',
        id: 'm1',
        parentId: null,
        customType: 'model-snapshot',
        data: { provider: 'openai', modelId: 'gpt-5.5' },
      },
    },
    {
      what: 'answer with a model',
      state: answer({ id: 'm1', at: '09:00:00.000', message: { provider: 'openai', model: 'gpt-5.5' } }),
    },
  ])('58: model missing on message: last $what', ({ state }) => {
    const nameless = answer({
      parentId: 'm1',
      message: { model: undefined, provider: undefined, api: 'openai-responses' },
    })
    const { records } = readFile(format, SESSION, lines(header, state, nameless))
    expect(records.map(brief).at(-1)).toBe('gpt-5.5 10/20/0/0/0')
    expect(records.at(-1)?.provider).toBe('openai')
  })

  it('58: model missing everywhere: unknown', () => {
    const { records } = readFile(format, SESSION, lines(header, answer({ message: { model: '', provider: '' } })))
    expect(records.map(brief)).toEqual(['unknown 10/20/0/0/0'])
    expect(records).toMatchObject([{ provider: 'unknown' }])
  })

  it('a copy without the response id is the shadow of the one with it', () => {
    const bare = readFile(format, SESSION, lines(header, answer({}))).records
    const full = readFile(format, SESSION, lines(header, answer({ message: { responseId: 'msg_1' } }))).records
    expect(full[0]?.shadows).toBe(bare[0]?.identity)
    expect(counted([...bare, ...full]).map((record) => record.identity)).toEqual([full[0]?.identity])
  })

  it('of two copies the one with a cost wins, and a billed cost over an estimate', () => {
    const rank = (cost?: object) =>
      readFile(format, SESSION, lines(answer({ usage: { cost } }))).records[0]?.winRank ?? -1
    const [none, estimate, billed] = [rank(), rank({ total: 0.1 }), rank({ total: 0.1, totalFromProvider: true })]
    expect(none).toBeLessThan(estimate ?? 0)
    expect(estimate).toBeLessThan(billed ?? 0)
  })
})
