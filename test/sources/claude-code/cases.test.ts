import { describe, expect, it } from 'vitest'
import { FLAG } from '../../../src/core/usage.ts'
import { fileContext, MODIFIED_MS, responsesOf, scanFixture, tokens, winnerOf } from './support.ts'

const SUBAGENT = fileContext('-src-shop/s-1/subagents/agent-a17f.jsonl')

describe('edge cases of Claude Code logs', () => {
  it('1: three lines, same id, output 3, 3, 412, last has stop_reason: one response, output 412', () => {
    const { records } = scanFixture('01-lines-of-one-response')
    expect(responsesOf(records)).toMatchObject([{ tokens: tokens(6, 412, 1800, 0, 52310), flags: 0 }])
    expect(records.at(-1)?.settled).toBe(true)
  })

  it('2: same, all stop_reason null, output 9, 9, 159: output 159, not proven final', () => {
    const { records } = scanFixture('02-no-stop-reason')
    expect(responsesOf(records)).toMatchObject([{ tokens: tokens(6, 159), flags: FLAG.unfinal }])
    expect(records.some(({ settled }) => settled)).toBe(false)
  })

  it('3: placeholder input 24741/out 0 then 22700/out 540 end_turn: 22700/540', () => {
    const { records } = scanFixture('03-placeholder-input')
    expect(responsesOf(records)).toMatchObject([{ tokens: tokens(22700, 540), model: 'glm-5.1' }])
    expect(records.map(({ settled }) => settled)).toEqual([false, true])
  })

  it('4: lines of one id in reverse order: same result as 1', () => {
    const forward = responsesOf(scanFixture('01-lines-of-one-response').records)
    expect(responsesOf(scanFixture('04-lines-in-reverse-order').records)).toEqual(forward)
  })

  it.each(['05-fork-copy', '05-fork-session-copy'])(
    '5: same id and requestId in two session files (%s): counted once, owned by the original session',
    (copy) => {
      const records = [...scanFixture(copy).records, ...scanFixture('05-fork-original').records]
      expect(responsesOf(records)).toMatchObject([
        { tokens: tokens(6, 20), session: 's-1' },
        { tokens: tokens(7, 30), session: copy === '05-fork-copy' ? 's-2' : 's-3' },
      ])
    },
  )

  it.each(['05-fork-copy', '05-fork-session-copy'])(
    '6: fork whose original file is gone (%s): counted once, owned by the session of the original',
    (copy) => {
      expect(responsesOf(scanFixture(copy).records)[0]).toMatchObject({ tokens: tokens(6, 20), session: 's-1' })
    },
  )

  it("7: subagent file starts with replayed parent lines: replay adds nothing, the agent's own responses count", () => {
    const parent = scanFixture('01-lines-of-one-response').records
    const agent = scanFixture('07-subagent-replays-parent', SUBAGENT).records
    expect(responsesOf([...agent, ...parent])).toMatchObject([
      { tokens: tokens(6, 412, 1800, 0, 52310), agent: 'none', session: 's-1' },
      { tokens: tokens(9, 40), agent: 'subagent', session: 's-1' },
    ])
  })

  it('8: same id, different requestId, one sidechain: one response', () => {
    expect(responsesOf(scanFixture('08-same-id-other-request').records)).toHaveLength(1)
  })

  it('9: non-API id such as `1`, different requestIds: two responses', () => {
    expect(responsesOf(scanFixture('09-proxy-counter-ids').records)).toHaveLength(2)
  })

  it('10: no requestId, API id, several lines: one response', () => {
    expect(responsesOf(scanFixture('10-no-request-id').records)).toMatchObject([{ tokens: tokens(6, 44) }])
  })

  it('11: requestId "": treated as missing, counted', () => {
    const { records } = scanFixture('11-empty-request-id')
    expect(responsesOf(records)).toMatchObject([{ session: 's-1' }, { session: 's-2' }])
  })

  it('12: no message.id, no requestId: counted once per uuid', () => {
    const { records } = scanFixture('12-no-ids')
    expect(records).toHaveLength(3)
    expect(responsesOf(records)).toHaveLength(2)
  })

  it('13: agent_progress echo and subagent file: counted once', () => {
    const agent = scanFixture('13-echoed-subagent', SUBAGENT).records
    const records = [...scanFixture('13-echo-in-parent').records, ...agent]
    expect(records).toHaveLength(3)
    expect(responsesOf(records)).toMatchObject([{ tokens: tokens(9, 40), agent: 'subagent' }])
  })

  it('14: agent_progress echo, subagent file deleted: counted from the echo', () => {
    const { records, rejected } = scanFixture('13-echo-in-parent')
    expect(responsesOf(records)).toMatchObject([
      { tokens: tokens(9, 2), model: 'claude-haiku-4-5', agent: 'subagent', session: 's-1' },
    ])
    expect(records[0]).toMatchObject({ time: Date.UTC(2026, 4, 4, 9, 12, 1), uuid: 'line-1', settled: false })
    expect(rejected).toEqual({})
  })

  it('15: user line with toolUseResult.usage: nothing', () => {
    expect(scanFixture('15-tool-result-usage')).toMatchObject({ records: [], claims: [], rejected: {} })
  })

  it('16: <synthetic> with zero usage: no tokens, no model label; error event if isApiErrorMessage', () => {
    const { records } = scanFixture('16-synthetic')
    expect(
      records.map(({ parts, flags }) => ({ model: parts[0]?.model, output: parts[0]?.tokens.output, flags })),
    ).toEqual([
      { model: 'none', output: 0, flags: FLAG.error },
      { model: 'claude-opus-4-8', output: 20, flags: 0 },
      { model: 'claude-opus-4-8', output: 0, flags: FLAG.error },
      { model: 'claude-opus-4-8', output: 0, flags: FLAG.noUsage },
    ])
  })

  it('17: cost-state line: no tokens', () => {
    expect(responsesOf(scanFixture('17-cost-state').records)).toMatchObject([{ tokens: tokens(6, 20) }])
  })

  it("18: tool input contains usage: the line's own usage counts, the inner one does not", () => {
    expect(responsesOf(scanFixture('18-usage-in-tool-input').records)).toMatchObject([{ tokens: tokens(6, 20) }])
  })

  it.each([
    { row: '19: cache_creation total 1000, split 600/400', fixture: '19-cache-split', writes: [[600, 400]] },
    {
      row: '20: total 1000, split 0/0 or missing',
      fixture: '20-no-cache-split',
      writes: [
        [1000, 0],
        [1000, 0],
      ],
    },
    { row: '21: total 0, split 300/700', fixture: '21-split-without-total', writes: [[300, 700]] },
    { row: '22: split larger than total', fixture: '22-split-above-total', writes: [[0, 1000]] },
  ])('$row: $writes at 5m and 1h', ({ fixture, writes }) => {
    const { records } = scanFixture(fixture)
    expect(records.map(({ parts }) => [parts[0]?.tokens.cacheWrite5m, parts[0]?.tokens.cacheWrite1h])).toEqual(writes)
  })

  it('23: speed fast: fast list', () => {
    expect(scanFixture('23-fast').records[0]?.terms).toEqual({ speed: 'fast', usInference: false, tier: 'standard' })
  })

  it('24: inference_geo us, one web search: told apart for pricing', () => {
    const [record] = scanFixture('24-us-and-web-search').records
    expect(record?.terms).toEqual({ speed: 'standard', usInference: true, tier: 'standard' })
    expect(record?.parts[0]?.webSearches).toBe(1)
  })

  it('27: iterations compaction + message, message equals top level: top level + compaction tokens', () => {
    const [record] = scanFixture('27-compaction').records
    expect(record?.parts).toEqual([
      { model: 'claude-opus-4-8', tokens: tokens(100, 50), webSearches: 0 },
      { model: 'claude-opus-4-8', tokens: tokens(9000, 700), webSearches: 0 },
    ])
    expect(record).toMatchObject({ rankOutput: 50, rankTotal: 150 })
  })

  it('28: iterations with advisor_message of another model: advisor tokens under that model', () => {
    const [record] = scanFixture('28-advisor').records
    expect(record?.parts).toEqual([
      { model: 'claude-opus-4-8', tokens: tokens(2, 85), webSearches: 0 },
      { model: 'claude-opus-4-8', tokens: tokens(2, 598), webSearches: 0 },
      { model: 'claude-fable-5-2', tokens: tokens(91627, 18716), webSearches: 0 },
    ])
  })

  it('29: unknown model: tokens counted under its name', () => {
    expect(responsesOf(scanFixture('29-unknown-model').records)).toMatchObject([
      { model: 'llama-9', tokens: tokens(6, 20) },
    ])
  })

  it('30: costUSD present: kept as the estimate of the client', () => {
    const [record] = scanFixture('30-recorded-cost').records
    expect(record?.recordedCost).toEqual({ pico: 11_436_000_000n, origin: 'client' })
  })

  it('32: torn line sealed by a newline: one bad line, rest counted', () => {
    const { records, rejected, lines } = scanFixture('32-torn-line')
    expect(responsesOf(records)).toMatchObject([{ tokens: tokens(6, 20) }])
    // One was torn in an answer, one in a prompt.
    expect(rejected).toEqual({ malformed: 2 })
    expect(lines).toBe(3)
  })

  it('37: CRLF, BOM, NUL bytes, invalid UTF-8 in text: counted', () => {
    const { records, rejected } = scanFixture('37-odd-bytes')
    expect(responsesOf(records)).toHaveLength(4)
    expect(rejected).toEqual({})
  })

  it('39: timestamp missing or unparsable: tokens counted (time = file time), not dropped', () => {
    const { records, rejected } = scanFixture('39-no-time')
    expect(records.map(({ time, flags }) => ({ time, flags }))).toEqual([
      { time: MODIFIED_MS, flags: FLAG.guessedTime },
      { time: MODIFIED_MS, flags: FLAG.guessedTime },
    ])
    expect(rejected).toEqual({ bad_time: 1 })
  })

  it('40: counts as strings, negative, float, or > 2^53: invalid field is 0 and one bad-value count', () => {
    const { records, rejected } = scanFixture('40-bad-counts')
    expect(records.map(({ parts }) => parts[0]?.tokens)).toEqual([
      tokens(0, 20),
      tokens(0, 20),
      tokens(0, 20),
      tokens(0, 20),
      tokens(6, 20),
      tokens(0, 20),
    ])
    expect(rejected).toEqual({ bad_value: 4 })
  })

  it('41: version `dev`, or missing: counted', () => {
    expect(responsesOf(scanFixture('41-versions').records)).toHaveLength(2)
  })

  it('42: project dir > 200 characters, cwd present: project from cwd', () => {
    const long = fileContext(`${'-src-deep'.repeat(22)}-1x2y3z/s-file.jsonl`)
    const projects = scanFixture('42-project-from-cwd', long).records.map(({ project }) => project)
    expect(projects).toEqual(['shop', `${'-src-deep'.repeat(22)}-1x2y3z`])
  })

  it('passes over every other type of line without a warning', () => {
    expect(scanFixture('other-types')).toMatchObject({ records: [], claims: [], rejected: {}, lines: 7 })
  })
})

describe('worked examples', () => {
  it.each([
    { example: 'A, the ordinary case', fixture: '01-lines-of-one-response', input: 6, output: 412 },
    { example: 'B, third-party model behind a proxy', fixture: '03-placeholder-input', input: 22700, output: 540 },
    { example: 'C, log without final counts', fixture: '02-no-stop-reason', input: 6, output: 159 },
  ])('$example: $input / $output', ({ fixture, input, output }) => {
    const { records } = scanFixture(fixture)
    for (const order of [records, records.toReversed()]) {
      expect(winnerOf(order)?.parts[0]?.tokens).toMatchObject({ input, output })
    }
  })
})
