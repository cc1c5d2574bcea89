import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assistantLine, line, msg, userLine } from './claude-lines.ts'
import { answer, entry, header } from './entries.ts'
import { loadTree, type Tree } from './support.ts'

const CLAUDE = '.claude/projects/-src-shop'
const OPENCLAW = '.openclaw/agents/main/sessions'
const PI = '.pi/agent/sessions/--src-shop--'
const at = (time: string) => `2026-05-04T${time}.000Z`

/** The two lines of a response: the placeholder, and the final counts. */
function response(name: string, time: string, fields: Readonly<Record<string, unknown>> = {}): string[] {
  const block = (stop_reason: string | null, output_tokens: number) =>
    assistantLine({
      message: { id: msg(name), stop_reason },
      timestamp: at(time),
      uuid: `${name}-${output_tokens}`,
      usage: { input_tokens: 10, output_tokens },
      ...fields,
    })
  return [block(null, 2), block('end_turn', 40)]
}

function echo(output_tokens: number): string {
  const message = {
    id: msg('agent'),
    model: 'claude-haiku-4-5',
    stop_reason: null,
    usage: { input_tokens: 10, output_tokens },
  }
  const body = { type: 'assistant', timestamp: at('09:05:00'), requestId: 'req_011E', message }
  return line({
    type: 'progress',
    timestamp: at('09:05:00'),
    data: { type: 'agent_progress', agentId: 'a17f', message: body },
  })
}

function costState(sessionId: string, outputTokens: number): string {
  const modelUsage = { 'claude-opus-4-8[1m]': { inputTokens: 50, outputTokens, costUSD: 0.5 } }
  return line({ type: 'cost-state', sessionId, timestamp: at('18:00:00'), modelUsage })
}

const [forkOfS1, forkOfS2] = ['s1', 's2'].map((sessionId) => ({ sessionId, messageUuid: 'u' }))
const agent = { isSidechain: true, agentId: 'a17f', message: { id: msg('agent'), model: 'claude-haiku-4-5' } }
const answers = ['10:00:02', '10:05:00', '10:09:00'].map((time) =>
  answer({ timestamp: at(time), usage: { input: 5, output: 7 } }),
)
const withId = answer({
  timestamp: at('10:00:02'),
  message: { responseId: 'msg_01XY' },
  usage: { input: 5, output: 7 },
})

/** Sessions with forks, forks of forks, sub-agents, echoes, running totals and every kind of copy. */
const FILES: Readonly<Record<string, readonly string[]>> = {
  [`${CLAUDE}/s1.jsonl`]: [
    userLine({ timestamp: at('09:00:00') }),
    ...response('one', '09:01:00'),
    echo(1),
    echo(30),
    ...response('two', '09:10:00'),
    ...response('three', '09:20:00'),
    costState('s1', 200),
  ],
  [`${CLAUDE}/s1/subagents/agent-a17f.jsonl`]: [
    assistantLine({ ...agent, timestamp: at('09:05:00'), usage: { input_tokens: 10, output_tokens: 35 } }),
  ],
  [`${CLAUDE}/s1/subagents/agent-aside_question-b2c3.jsonl`]: [
    ...response('one', '09:01:00', { isSidechain: true, agentId: 'b2c3' }),
    ...response('aside', '09:30:00', { isSidechain: true, agentId: 'b2c3' }),
  ],
  [`${CLAUDE}/a-branch.jsonl`]: [
    ...response('one', '09:01:00', { sessionId: 'a-branch', forkedFrom: forkOfS1 }),
    ...response('four', '11:00:00', { sessionId: 'a-branch' }),
  ],
  [`${CLAUDE}/a-branch-of-a-branch.jsonl`]: [
    ...response('one', '09:01:00', { sessionId: 's9', requestSessionId: 's1', forkedFrom: forkOfS2 }),
    ...response('four', '11:00:00', { sessionId: 's9', requestSessionId: 'a-branch' }),
  ],
  [`${CLAUDE}/a-fork.jsonl`]: [
    line({ type: 'queue-operation', operation: 'enqueue', sessionId: 'a-fork', timestamp: at('12:00:00') }),
    ...response('two', '09:10:00', { sessionId: 'a-fork' }),
    ...response('five', '12:01:00', { sessionId: 'a-fork' }),
    costState('a-fork', 90),
  ],
  [`${OPENCLAW}/s1.jsonl`]: [header(), ...answers],
  [`${OPENCLAW}/s1.checkpoint.0b7a.jsonl`]: [header(), withId, ...answers.slice(0, 2)],
  [`${OPENCLAW}/s0.jsonl.reset.2026-06-20T10-06-00.000Z`]: [header({ id: 's0' }), ...answers.slice(1, 2)],
  [`${PI}/2026-05-04T10-00-00-000Z_p1.jsonl`]: [header({ id: 'p1' }), ...answers],
  [`${PI}/2026-05-04T09-00-00-000Z_a-fork.jsonl`]: [
    header({ id: 'a-fork', parentSession: 'p1' }),
    withId,
    entry({
      type: 'usage',
      id: 'b',
      timestamp: at('13:00:00'),
      kind: 'cache_warm',
      model: 'claude-opus-4-8',
      usage: { input: 3 },
    }),
  ],
}

const DIMENSIONS = ['source', 'session', 'agent', 'project', 'provider', 'model'] as const

async function figuresOf(tree: Tree) {
  return { usage: await tree.usageBy(...DIMENSIONS), cost: await tree.cost(), all: await tree.usage() }
}

/** One more piece of a file is written, up to a share of its length; then something happens. */
interface Step {
  readonly file: string
  readonly percent: number
  readonly after: 'nothing' | 'a look' | 'a restart' | 'a rewrite'
}

/** All files in pieces, in an order that keeps each file's own. */
const steps: fc.Arbitrary<readonly Step[]> = fc
  .record({
    cuts: fc.tuple(...Object.keys(FILES).map(() => fc.array(fc.integer({ min: 0, max: 99 }), { maxLength: 2 }))),
    picks: fc.array(fc.nat(), { minLength: 60, maxLength: 60 }),
    afters: fc.array(fc.constantFrom<Step['after']>('nothing', 'nothing', 'a look', 'a restart', 'a rewrite'), {
      minLength: 60,
      maxLength: 60,
    }),
  })
  .map(({ cuts, picks, afters }) => {
    const waiting = Object.keys(FILES).map((file, index) =>
      [...(cuts[index] ?? []), 100].sort((a, b) => a - b).map((percent) => ({ file, percent })),
    )
    return picks.flatMap((pick, index) => {
      const open = waiting.filter((pieces) => pieces.length > 0)
      const piece = open[pick % open.length]?.shift()
      return piece === undefined ? [] : [{ ...piece, after: afters[index] ?? 'nothing' }]
    })
  })

/** Counters by label set, as scraped. */
function scrape(tree: Tree): ReadonlyMap<string, readonly bigint[]> {
  const counters = tree
    .snapshot()
    .counters.map(({ labels, requests, tokens }) => [Object.values(labels).join(' '), [requests, ...tokens]] as const)
  return new Map(counters)
}

function expectNoFall(
  before: ReadonlyMap<string, readonly bigint[]>,
  after: ReadonlyMap<string, readonly bigint[]>,
): void {
  for (const [labels, values] of before) {
    const fallen = values.filter((value, index) => (after.get(labels)?.[index] ?? -1n) < value)
    expect({ labels, fallen }).toEqual({ labels, fallen: [] })
  }
}

async function play(plan: readonly Step[]): Promise<Awaited<ReturnType<typeof figuresOf>>> {
  const tree = await loadTree({})
  const written = new Map<string, number>()
  let scraped = scrape(tree)
  for (const { file, percent, after } of plan) {
    const whole = Buffer.from(FILES[file]?.map((text) => `${text}\n`).join('') ?? '')
    const end = Math.floor((whole.length * percent) / 100)
    tree.append(file, whole.subarray(written.get(file) ?? 0, end))
    written.set(file, end)
    if (after === 'a look') await tree.readAgain()
    if (after === 'a restart') await tree.restart()
    if (after === 'a rewrite') {
      await tree.readAgain()
      tree.replace(file, whole.subarray(0, end))
    }
    const next = scrape(tree)
    expectNoFall(scraped, next)
    scraped = next
  }
  await tree.restart()
  const figures = await figuresOf(tree)
  await tree.close()
  return figures
}

describe('the order of files, and when the exporter looks or restarts', () => {
  it('changes no figure, and makes no counter fall', async () => {
    const straight = await figuresOf(await loadTree(FILES))
    // Claude Code: six responses of 10/40 and the sub-agent's 10/35; the others: three of 5/7 each, and 3/0.
    expect(straight.all).toEqual({ requests: 14, input: 60 + 10 + 30 + 3, output: 240 + 35 + 42 })
    await fc.assert(
      fc.asyncProperty(steps, async (plan) => {
        expect(await play(plan)).toEqual(straight)
      }),
      { numRuns: 12, seed: 20261121 },
    )
  })
})
