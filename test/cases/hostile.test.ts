import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { zstdFrame } from '../sources/lib/zstd-frame.ts'
import { assistantLine, msg } from './claude-lines.ts'
import { answer, header } from './entries.ts'
import { claudeLines, type HostileLine, piLines } from './hostile-lines.ts'
import { type Content, loadTree, type Tree } from './support.ts'

const CLAUDE = '.claude/projects/-src-hostile'
const OPENCLAW = '.openclaw/agents/main/sessions'
const PI = '.pi/agent/sessions/--src-hostile--'
const SEED = 20261121

/** A session of each agent that nothing is wrong with. */
const INNOCENT: Readonly<Record<string, readonly string[]>> = {
  '.claude/projects/-src-innocent/s1.jsonl': ['A', 'B'].map((name) =>
    assistantLine({ cwd: '/src/innocent', message: { id: msg(name) }, usage: { input_tokens: 10, output_tokens: 20 } }),
  ),
  [`${OPENCLAW}/innocent.jsonl`]: [header({ cwd: '/src/innocent' }), answer({ usage: { input: 10, output: 20 } })],
  '.pi/agent/sessions/--src-innocent--/2026-06-20T10-00-00-000Z_p1.jsonl': [
    header({ cwd: '/src/innocent' }),
    answer({ usage: { input: 10, output: 20 } }),
  ],
}

async function expectInnocent(tree: Tree): Promise<void> {
  const usage = await tree.usageBy('source', 'project')
  expect(usage['claude-code innocent']).toEqual({ requests: 2, input: 20, output: 40 })
  expect(usage['openclaw innocent']).toEqual({ requests: 1, input: 10, output: 20 })
  expect(usage['pi innocent']).toEqual({ requests: 1, input: 10, output: 20 })
}

function toText(lines: readonly HostileLine[]): Buffer {
  return Buffer.concat(lines.flatMap(({ bytes }) => [bytes, Buffer.from('\n')]))
}

/** In files of 100 lines. */
function toFiles(lines: readonly HostileLine[], name: (n: number) => string): Record<string, Buffer> {
  const files: Record<string, Buffer> = {}
  for (let n = 0; n < lines.length; n += 100) files[name(n)] = toText(lines.slice(n, n + 100))
  return files
}

function reasonsOf(lines: readonly HostileLine[]): Record<string, number> {
  const reasons: Record<string, number> = {}
  for (const { reason } of lines) if (reason !== null) reasons[reason] = (reasons[reason] ?? 0) + 1
  return reasons
}

const sum = (lines: readonly HostileLine[], name: 'requests' | 'output') =>
  lines.reduce((total, hostile) => total + hostile[name], 0)

describe('hostile input', () => {
  it('10,000 lines in 100 files: each rejected one is counted with its reason, and no other total changes', async () => {
    const claude = fc.sample(claudeLines, { seed: SEED, numRuns: 6000 }).map((make, n) => make(n))
    const [openclaw, pi] = [0, 2000].map((start) =>
      fc.sample(piLines, { seed: SEED + start, numRuns: 2000 }).map((make, n) => make(start + n)),
    ) as [HostileLine[], HostileLine[]]
    const tree = await loadTree({
      ...INNOCENT,
      ...toFiles(claude, (n) => `${CLAUDE}/hostile-${n}.jsonl`),
      ...toFiles(openclaw, (n) => `${OPENCLAW}/hostile-${n}.jsonl`),
      ...toFiles(pi, (n) => `${PI}/2026-06-20T10-00-00-000Z_hostile-${n}.jsonl`),
    })
    await expectInnocent(tree)
    const usage = await tree.usageBy('source')
    for (const [source, lines, innocent] of [
      ['claude-code', claude, { requests: 2, output: 40, lines: 2 }],
      ['openclaw', openclaw, { requests: 1, output: 20, lines: 2 }],
      ['pi', pi, { requests: 1, output: 20, lines: 2 }],
    ] as const) {
      const health = tree.health(source)
      expect({ source, rejected: health.rejected }).toEqual({ source, rejected: reasonsOf(lines) })
      expect(health).toMatchObject({ up: true, lines: lines.length + innocent.lines, duplicates: 0 })
      expect(usage[source]?.requests).toBe(sum(lines, 'requests') + innocent.requests)
      expect(usage[source]?.output).toBe(sum(lines, 'output') + innocent.output)
    }
    await tree.restart()
    await expectInnocent(tree)
  })

  it('good lines with bytes changed at random: no other total changes', async () => {
    const fields = { sessionId: 'hostile', cwd: '/src/hostile', message: { id: msg('hostile') } }
    const good = Buffer.from(`${assistantLine({ ...fields, usage: { output_tokens: 1 } })}\n`)
    const changes = fc.array(fc.tuple(fc.nat({ max: good.length - 1 }), fc.nat({ max: 255 })), {
      minLength: 1,
      maxLength: 4,
    })
    const lines = fc.sample(changes, { seed: SEED, numRuns: 2000 }).map((changed) => {
      const bytes = Buffer.from(good)
      for (const [at, byte] of changed) bytes[at] = byte
      return bytes
    })
    const tree = await loadTree({ ...INNOCENT, [`${CLAUDE}/hostile.jsonl`]: Buffer.concat(lines) })
    await expectInnocent(tree)
    expect(tree.health('claude-code').up).toBe(true)
  })

  it('files that are no logs: no other total changes, and each is counted with its reason', async () => {
    const noise = Buffer.concat(fc.sample(fc.uint8Array({ minLength: 500 }), { seed: SEED, numRuns: 200 }))
    const noiseLines = noise.toString('latin1').split('\n').slice(0, -1)
    const files: Record<string, Content> = {
      [`${CLAUDE}/noise.jsonl`]: noise,
      [`${CLAUDE}/empty.jsonl`]: '',
      [`${CLAUDE}/nulls.jsonl`]: Buffer.alloc(1024 * 1024),
      [`${CLAUDE}/feeds.jsonl`]: Buffer.alloc(1000, '\n'),
      [`${CLAUDE}/utf-16.jsonl`]: Buffer.from(`${assistantLine()}\n`, 'utf16le'),
      [`${CLAUDE}/long.jsonl`]: Buffer.concat([Buffer.alloc(70 * 1024 * 1024, '['), Buffer.from('\n')]),
      [`${CLAUDE}/folder.jsonl/s1.txt`]: 'not a log',
      [`${OPENCLAW}/noise.jsonl.zst`]: noise,
      [`${OPENCLAW}/cut.jsonl.zst`]: zstdFrame(`${header()}\n`.repeat(100)).subarray(0, 2000),
      '.openclaw/agents/main/agent/openclaw-agent.sqlite': noise,
      [`${PI}/nulls.jsonl`]: Buffer.alloc(1024 * 1024),
    }
    const tree = await loadTree(INNOCENT)
    for (const [file, content] of Object.entries(files)) tree.write(file, content, '2026-06-20T12:00:00Z')
    tree.link('.claude/projects', `${CLAUDE}/loop`)
    tree.link('nowhere', `${CLAUDE}/nowhere.jsonl`)
    await tree.readAgain()
    await expectInnocent(tree)
    const isBlank = (text: string) => [...text].every((character) => character <= ' ')
    expect(tree.health('claude-code').rejected).toEqual({
      malformed: noiseLines.filter((text) => !isBlank(text)).length + 1,
      oversize: 1,
    })
    expect(tree.health('openclaw').rejected).toEqual({ undecodable: 2 })
    expect(tree.health('openclaw').roots).toContainEqual(
      expect.objectContaining({ state: 'unreadable', problem: 'This is not a SQLite database, or an encrypted one.' }),
    )
    expect(tree.health('pi').rejected).toEqual({})
  })

  it('counts whose sum no database column holds: what is too much is refused and counted, and nothing else', async () => {
    const huge = Array.from({ length: 1100 }, (_, n) =>
      assistantLine({
        sessionId: 'hostile',
        cwd: '/src/hostile',
        message: { id: msg(`huge${n}`) },
        usage: { input_tokens: Number.MAX_SAFE_INTEGER },
      }),
    )
    const tree = await loadTree({ ...INNOCENT, [`${CLAUDE}/huge.jsonl`]: huge })
    await expectInnocent(tree)
    // A column ends at 2^63 - 1: 1024 times 2^53 - 1 is just below.
    expect((await tree.usageBy('project'))['hostile']?.requests).toBe(1024)
    expect(tree.health('claude-code').rejected).toEqual({ refused: 1100 - 1024 })
    expect(tree.health('claude-code').up).toBe(true)
  })
})
