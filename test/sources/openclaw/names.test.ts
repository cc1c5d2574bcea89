import { describe, expect, it } from 'vitest'
import { fileClassOf, readTranscriptName } from '../../../src/sources/openclaw/names.ts'
import { FILE_CLASS } from '../../../src/sources/pi-log/context.ts'

const SESSIONS = 'agents/main/sessions'
const IMPORTED = 'agents/main/session-sqlite-import-archive'
const HASH = '0123456789abcdef0123456789abcdef'
const TIME = '2026-05-01T10-00-00.000Z'
const { primary, setAside, archive, copy } = FILE_CLASS

describe('readTranscriptName', () => {
  it.each([
    { path: `${SESSIONS}/s1.jsonl`, kind: 'live', session: 's1', fileClass: primary },
    { path: `${SESSIONS}/s1-topic-12.jsonl`, kind: 'topic', session: 's1-topic-12', fileClass: primary },
    { path: `${SESSIONS}/s1.jsonl.reset.${TIME}`, kind: 'reset', session: 's1', fileClass: setAside },
    { path: `${SESSIONS}/s1.jsonl.deleted.${TIME}`, kind: 'deleted', session: 's1', fileClass: setAside },
    {
      path: `${SESSIONS}/s1.jsonl.deleted.${TIME}.${HASH}.zst`,
      kind: 'archive',
      session: 's1',
      fileClass: archive,
      encoding: 'zstd',
    },
    {
      path: `${SESSIONS}/s1.jsonl.reset.${TIME}.${HASH}.zst`,
      kind: 'archive',
      session: 's1',
      fileClass: archive,
      encoding: 'zstd',
    },
    {
      path: `${SESSIONS}/cold/${HASH}${HASH}.jsonl.zst`,
      kind: 'cold',
      session: '',
      fileClass: archive,
      encoding: 'zstd',
    },
    { path: `${IMPORTED}/agent_main_main.s1.jsonl.imported-17`, kind: 'imported', session: 's1', fileClass: archive },
    { path: `${IMPORTED}/archive-tier.s1.jsonl.imported-17`, kind: 'imported', session: 's1', fileClass: archive },
    {
      path: `${IMPORTED}/archive-tier.s1.jsonl.reset.${TIME}.imported-17`,
      kind: 'imported',
      session: 's1',
      fileClass: archive,
    },
    { path: `${SESSIONS}/s1.checkpoint.6f1c-2.jsonl`, kind: 'checkpoint', session: 's1', fileClass: copy },
    { path: `${SESSIONS}/s1.jsonl.bak-4711-1780000000000`, kind: 'backup', session: 's1', fileClass: copy },
    { path: `${SESSIONS}/s1.jsonl.bak.${TIME}`, kind: 'backup', session: 's1', fileClass: copy },
    { path: `${SESSIONS}/s1.jsonl.backup`, kind: 'backup', session: 's1', fileClass: copy },
    { path: `${SESSIONS}/s1.jsonl.kept-by-me`, kind: 'backup', session: 's1', fileClass: copy },
    { path: 'sessions/s1.jsonl', kind: 'live', session: 's1', fileClass: primary },
    { path: 'agents/cold/sessions/s1.jsonl', kind: 'live', session: 's1', fileClass: primary, agent: 'cold' },
  ])('$path is $kind of $session', ({ path, kind, session, fileClass, encoding = 'plain', agent = 'main' }) => {
    const name = readTranscriptName(path)
    expect(name).toEqual({ kind, session, agent, encoding })
    expect(name && fileClassOf(name.kind)).toBe(fileClass)
  })

  it.each([
    `${SESSIONS}/sessions.json`,
    `${SESSIONS}/s1.trajectory.jsonl`,
    `${SESSIONS}/s1.jsonl.lock`,
    `${IMPORTED}/agent_main_main.s1.trajectory.jsonl.imported-17`,
    'agents/main/agent/codex-home/sessions/rollout.jsonl',
    'agents/main/s1.jsonl',
    'cron/runs/job.jsonl',
  ])('%s is none', (path) => {
    expect(readTranscriptName(path)).toBeNull()
  })
})
