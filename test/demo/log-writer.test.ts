import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/core/time.ts'
import { createLogWriter } from '../../src/demo/logs/log-writer.ts'
import { createDemoWorld } from '../../src/demo/world/create-world.ts'
import type { DemoCall } from '../../src/demo/world.ts'
import { Tree } from '../cases/support.ts'
import { groupBy, promptTokens, tokensOf } from './world-figures.ts'

const start = Date.parse('2026-11-21T19:00:00Z')
const world = createDemoWorld({ start, days: 3, timeZone: 'Europe/Berlin' })
const history = world.callsBetween(world.from, start)

describe('logs of three days', () => {
  it('are read as exactly what happened, and so is what is appended later', async () => {
    const tree = new Tree({})
    tree.now = start
    createLogWriter({ home: tree.home }).write(history)
    await tree.start()
    await expectAll(tree, history)

    const writer = createLogWriter({ home: tree.home })
    const later = [0, 5, 10, 20].map((minute) => start + minute * MINUTE_MS)
    for (const [index, from] of later.slice(0, -1).entries()) {
      const to = later[index + 1] ?? from
      writer.write(world.callsBetween(from, to))
      tree.now = to
      await tree.readAgain()
    }
    await expectAll(tree, world.callsBetween(world.from, start + 20 * MINUTE_MS))
  }, 180_000)

  it('are the same lines in the same files, whether written at once or piece by piece', async () => {
    const calls = world.callsBetween(start - 5 * HOUR_MS, start)
    const [whole, pieces] = [new Tree({}), new Tree({})]
    createLogWriter({ home: whole.home }).write(calls)
    for (let from = start - 5 * HOUR_MS; from < start; from += HOUR_MS / 2) {
      createLogWriter({ home: pieces.home }).write(world.callsBetween(from, from + HOUR_MS / 2))
    }
    expect(filesIn(pieces.home)).toEqual(filesIn(whole.home))
    const contents = (home: string) => filesIn(home).map((file) => readFileSync(path.join(home, file), 'utf8'))
    expect(contents(pieces.home)).toEqual(contents(whole.home))
  })

  it('leave files as old as their last call', async () => {
    const tree = new Tree({})
    const calls = world.callsBetween(start - DAY_MS, start)
    createLogWriter({ home: tree.home }).write(calls)
    const times = filesIn(tree.home).flatMap((file) =>
      file.endsWith('.jsonl') ? [Math.round(statSync(path.join(tree.home, file)).mtimeMs)] : [],
    )
    const expected = [...groupBy(calls, fileOf).values()].map((those) => those.at(-1)?.time)
    expect(times.toSorted()).toEqual(expected.toSorted())
  })

  it('tell of the human who let an agent run away', async () => {
    const tree = new Tree({})
    const now = start + 13 * MINUTE_MS
    tree.now = now
    const calls = world.callsBetween(start, now)
    createLogWriter({ home: tree.home }).write(calls)
    await tree.start()
    const sessions = [...groupBy(calls, ({ session }) => session).values()].toSorted((a, b) => b.length - a.length)
    const active = await tree.ledger.activeSessions(now - 5 * MINUTE_MS, now)
    const runaway = active.find(({ session }) => session === sessions[0]?.[0]?.session)
    expect(runaway?.unattendedRequests).toBe(sessions[0]?.length)
  })

  it('hold lines that Claude Code writes before a response is complete', async () => {
    const tree = new Tree({})
    createLogWriter({ home: tree.home }).write(world.callsBetween(start - 3 * DAY_MS, start))
    const lines = filesIn(tree.home).flatMap((file) =>
      file.startsWith('.claude') && file.endsWith('.jsonl')
        ? readFileSync(path.join(tree.home, file), 'utf8').trimEnd().split('\n')
        : [],
    )
    expect(lines.some((line) => line.includes('"stop_reason":null'))).toBe(true)
  })
})

/** Everything the ledger says of these calls, by label and by session. */
async function expectAll(tree: Tree, calls: readonly DemoCall[]): Promise<void> {
  const usage = await tree.usageBy('source', 'agent', 'project', 'provider', 'model')
  expect(withoutErrors(usage)).toEqual(figuresBy(calls, labelsOf))
  expect(withoutErrors(await tree.usageBy('source', 'session'))).toEqual(
    figuresBy(calls, ({ source, session }) => `${source} ${session}`),
  )
  const times = calls.map(({ time }) => time)
  const isCall = new Set(times)
  // The others are attempts that failed.
  expect((await tree.responses()).map(({ time }) => time).filter((time) => isCall.has(time))).toEqual(times)
  for (const source of ['claude-code', 'openclaw', 'pi'] as const) {
    const { malformed = 0, ...others } = tree.health(source).rejected
    expect(others, source).toEqual({})
    // A few lines of Claude Code are cut off.
    expect(malformed, source).toBeLessThan(source === 'claude-code' ? calls.length / 500 : 1)
  }
}

/** Without attempts that failed, which are not calls. */
function withoutErrors(usage: Readonly<Record<string, object>>): Readonly<Record<string, object>> {
  const rows = Object.entries(usage).map(
    ([name, { errors: _, ...figures }]: [string, { errors?: number }]) => [name, figures] as const,
  )
  return Object.fromEntries(rows.filter(([, figures]) => Object.keys(figures).length > 0))
}

function labelsOf({ source, agent, project, provider, model }: DemoCall): string {
  return [source, agent ?? 'none', project, provider, model].join(' ')
}

function figuresBy(calls: readonly DemoCall[], key: (call: DemoCall) => string): Readonly<Record<string, unknown>> {
  return Object.fromEntries([...groupBy(calls, key)].map(([name, those]) => [name, figuresOf(those)]))
}

/** Counts by the names of the ledger, those that are 0 left out. */
function figuresOf(calls: readonly DemoCall[]): Readonly<Record<string, number>> {
  const sums: Record<string, number> = { requests: calls.length }
  for (const { tokens, webSearches, provider } of calls) {
    const classes = tokensOf(tokens)
    // Of this provider neither the price table nor the log knows a price.
    const unpriced = provider === 'ollama' ? promptTokens(tokens) + tokens.output : 0
    for (const [name, count] of Object.entries({ ...classes, web_searches: webSearches, unpriced })) {
      if (count > 0) sums[name] = (sums[name] ?? 0) + count
    }
  }
  return sums
}

/** Stands for the file that a call is written to. */
function fileOf({ source, session, agent }: DemoCall): string {
  return `${source} ${session} ${agent}`
}

function filesIn(home: string): readonly string[] {
  return readdirSync(home, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(home, path.join(entry.parentPath, entry.name)))
    .toSorted()
}
