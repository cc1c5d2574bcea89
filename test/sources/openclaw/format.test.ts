import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fg from 'fast-glob'
import { describe, expect, it, onTestFinished } from 'vitest'
import { FLAG } from '../../../src/core/usage.ts'
import { openClawFormat } from '../../../src/sources/openclaw/format.ts'
import { answer, brief, counted, header, lines, owner, ROOT, readFile } from '../pi-log/support.ts'

const format = openClawFormat({
  env: {},
  home: '/home/u',
  roots: [],
  billing: 'metered',
  projectName: (cwd) => cwd.split('/').at(-1) ?? '',
})
const SESSIONS = 'agents/ops/sessions'
const TIME = '2026-05-01T10-00-00.000Z'

const first = answer({ id: 'a1', at: '10:00:02.000' })
const second = answer({ id: 'a2', parentId: 'a1', at: '10:00:09.000' })

function read(name: string, ...entries: readonly object[]) {
  return readFile(format, `${SESSIONS}/${name}`, lines({ ...header, id: 'header-id' }, ...entries)).records
}

describe('files of OpenClaw', () => {
  it('are found by globs, all those that may hold a transcript and nothing else', async () => {
    const root = mkdtempSync(path.join(tmpdir(), 'openclaw-globs-'))
    onTestFinished(() => rmSync(root, { recursive: true }))
    const wanted = [
      'agents/ops/session-sqlite-import-archive/agent_ops_main.s1.jsonl.imported-17',
      `agents/ops/sessions/cold/${'a'.repeat(64)}.jsonl.zst`,
      'agents/ops/sessions/s1.jsonl',
      'agents/ops/sessions/s1.jsonl.bak-1-2',
      `agents/ops/sessions/s1.jsonl.deleted.${TIME}.${'0'.repeat(32)}.zst`,
      'sessions/s1.jsonl',
    ]
    const unwanted = [
      'agents/ops/agent/codex-home/sessions/rollout.jsonl',
      'agents/ops/sessions/s1.trajectory.jsonl',
      'agents/ops/sessions/sessions.json',
      'cron/runs/job.jsonl',
    ]
    for (const name of [...wanted, ...unwanted]) {
      mkdirSync(path.join(root, path.dirname(name)), { recursive: true })
      writeFileSync(path.join(root, name), '')
    }
    const found = await fg([...format.globs], { cwd: root })
    expect(found.filter((name) => format.classify(ROOT, name) !== null).sort()).toEqual(wanted)
  })

  it('are decoded where they are compressed', () => {
    const name = `${SESSIONS}/s1.jsonl.deleted.${TIME}.${'0'.repeat(32)}.zst`
    expect(format.classify(ROOT, name)).toMatchObject({ kind: 'archive', encoding: 'zstd' })
    expect(format.classify(ROOT, `${SESSIONS}/s1.jsonl`)).toMatchObject({ kind: 'live', encoding: 'plain' })
  })

  it('take agent and session from the name and the project from the header', () => {
    expect(read('s1-topic-4.jsonl', first)).toMatchObject([
      { source: 'openclaw', agent: 'ops', session: 's1-topic-4', project: 'shop' },
    ])
  })
})

describe('edge cases', () => {
  it('43: live file + checkpoint copies: each response once', () => {
    const live = read('s1.jsonl', first, second)
    const copies = ['s1.checkpoint.11-aa.jsonl', 's1.checkpoint.22-bb.jsonl'].flatMap((name) => read(name, first))
    const all = [...copies, ...live]
    expect(all).toHaveLength(4)
    expect(counted(all)).toHaveLength(2)
    expect(owner(all.filter((record) => record.identity === live[0]?.identity))?.ownerRank).toBe(0)
  })

  it('44: live + `.jsonl.reset.<ts>` with different responses: both counted', () => {
    expect(counted([...read('s1.jsonl', second), ...read(`s1.jsonl.reset.${TIME}`, first)])).toHaveLength(2)
  })

  it.each(['s1.jsonl.bak-4711-1780000000000', `s1.jsonl.bak.${TIME}`, 's1.jsonl.backup'])(
    '45: response only in `.bak-*` / `.backup`: counted (%s)',
    (name) => {
      expect(counted([...read('s1.jsonl', first), ...read(name, first, second)])).toHaveLength(2)
    },
  )

  it.each(['agents/ops/sessions/s1.trajectory.jsonl', 'cron/runs/nightly.jsonl'])(
    '46: `.trajectory.jsonl`, `cron/runs/*.jsonl`: nothing (%s)',
    (relative) => {
      expect(format.classify(ROOT, relative)).toBeNull()
    },
  )

  it.each([
    { provider: 'openclaw', model: 'delivery-mirror' },
    { provider: 'openclaw', model: 'gateway-injected' },
    { provider: 'clawdbot', model: 'delivery-mirror' },
  ])('47: $model of $provider: nothing, no model label', (message) => {
    const mirror = answer({ id: 'm1', usage: { input: 0, output: 0, cost: { total: 0 } }, message })
    const nameless = answer({ id: 'n1', parentId: 'm1', at: '10:01:00.000', message: { model: '', provider: '' } })
    expect(read('s1.jsonl', mirror)).toEqual([])
    expect(read('s1.jsonl', mirror, nameless).map(brief)).toEqual(['unknown 10/20/0/0/0'])
  })

  it('50: cost.total 0, tokens > 0, priced model: no recorded cost, so that it is calculated', () => {
    expect(read('s1.jsonl', answer({ usage: { cost: { total: 0 } } }))).toMatchObject([{ recordedCost: null }])
  })

  it('50: but a billed 0 stays 0', () => {
    const billed = answer({ usage: { cost: { total: 0, totalOrigin: 'provider-billed' } } })
    expect(read('s1.jsonl', billed)).toMatchObject([{ recordedCost: { pico: 0n, origin: 'provider' } }])
  })

  it('51: all usage zero (gateway did not report): response counted, tok 0, no usage', () => {
    const silent = read('s1.jsonl', answer({ usage: { input: 0, output: 0 } }))
    expect(silent.map(brief)).toEqual(['claude-sonnet-4-6 0/0/0/0/0'])
    expect(silent).toMatchObject([{ flags: FLAG.noUsage }])
  })

  it('of equal copies the labels come from live, then set aside, then archive, then backup', () => {
    const names = [
      's1.jsonl',
      `s1.jsonl.deleted.${TIME}`,
      `s1.jsonl.deleted.${TIME}.${'0'.repeat(32)}.zst`,
      's1.jsonl.backup',
    ]
    const ranks = names.map((name) => read(name, first)[0]?.ownerRank)
    expect(ranks).toEqual([0, 2, 4, 6])
  })
})
