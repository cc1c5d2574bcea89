import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readAgentType } from '../../../src/sources/claude-code/agent-type.ts'
import { claudeCodeFormat } from '../../../src/sources/claude-code/format.ts'
import { readLogPath } from '../../../src/sources/claude-code/log-path.ts'
import { claudeCodeRoots, type RootOptions } from '../../../src/sources/claude-code/roots.ts'

const HOME = path.resolve('/home/ada')

describe('claudeCodeRoots', () => {
  /** Paths below the home folder, or absolute ones, as they would stand there. */
  function roots(options: Partial<RootOptions>, folders: readonly string[] = []) {
    const known = folders.map((folder) => path.resolve(HOME, folder))
    const isFolder = (folder: string) => known.includes(path.resolve(folder))
    const found = claudeCodeRoots({ env: {}, home: HOME, roots: [], billing: 'metered', isFolder, ...options })
    return found.map((root) => ({ ...root, path: path.relative(HOME, root.path).replaceAll('\\', '/') }))
  }

  it.each([
    { env: {}, expected: ['.config/claude/projects', '.claude/projects'] },
    { env: { XDG_CONFIG_HOME: '~/settings' }, expected: ['settings/claude/projects', '.claude/projects'] },
    { env: { XDG_CONFIG_HOME: '' }, expected: ['.config/claude/projects', '.claude/projects'] },
    { env: { CLAUDE_CONFIG_DIR: '~/cc' }, expected: ['cc/projects'] },
    { env: { CLAUDE_CONFIG_DIR: '~/cc/projects' }, expected: ['cc/projects'] },
    { env: { CLAUDE_CONFIG_DIR: '~/cc/projects/' }, expected: ['cc/projects'] },
    { env: { CLAUDE_CONFIG_DIR: '~/one, ~/two,,~/one' }, expected: ['one/projects', 'two/projects'] },
    { env: { CLAUDE_CONFIG_DIR: '~' }, expected: ['projects'] },
    { env: { CLAUDE_CONFIG_DIR: ' ' }, expected: ['.config/claude/projects', '.claude/projects'] },
  ])('finds $expected with $env', ({ env, expected }) => {
    expect(roots({ env }).map((root) => root.path)).toEqual(expected)
  })

  it('takes a folder with a comma in its name as one', () => {
    const env = { CLAUDE_CONFIG_DIR: '~/one,two' }
    expect(roots({ env }, ['one,two']).map((root) => root.path)).toEqual(['one,two/projects'])
  })

  it('takes exactly the folders of the configuration, whichever level they name', () => {
    const named = [{ path: '~/.claude', billing: 'plan' as const }, { path: '~/copied' }, { path: '~/old/projects' }]
    const env = { CLAUDE_CONFIG_DIR: '~/cc' }
    expect(roots({ roots: named, env }, ['.claude/projects', 'copied'])).toEqual([
      { path: '.claude/projects', billing: 'plan', configured: true },
      { path: 'copied', billing: 'metered', configured: true },
      { path: 'old/projects', billing: 'metered', configured: true },
    ])
  })

  it('tells whether a folder was asked for', () => {
    expect(roots({}).map((root) => root.configured)).toEqual([false, false])
    expect(roots({ env: { CLAUDE_CONFIG_DIR: '~/cc' } }).map((root) => root.configured)).toEqual([true])
  })
})

describe('readLogPath', () => {
  it.each([
    { relative: '-src-shop/0b7a.jsonl', session: '0b7a', isSubagent: false, agentLabel: '' },
    { relative: '-src-shop/agent-17ff03.jsonl', session: 'agent-17ff03', isSubagent: true, agentLabel: '' },
    { relative: '-src-shop/0b7a/subagents/agent-17ff03.jsonl', session: '0b7a', isSubagent: true, agentLabel: '' },
    {
      relative: '-src-shop/0b7a/subagents/agent-aside_question-17ff03.jsonl',
      session: '0b7a',
      isSubagent: true,
      agentLabel: 'aside_question',
    },
    {
      relative: '-src-shop/0b7a/subagents/workflows/r1/agent-17ff03.jsonl',
      session: '0b7a',
      isSubagent: true,
      agentLabel: '',
    },
    {
      relative: '-src-shop/0b7a/subagents/agent-0b7a1111-2222-4333-8444-555566667777.jsonl',
      session: '0b7a',
      isSubagent: true,
      agentLabel: '',
    },
  ])('$relative', ({ relative, ...expected }) => {
    expect(readLogPath(relative)).toEqual({ folder: '-src-shop', ...expected })
  })

  it('has no project folder for a file at the top', () => {
    expect(readLogPath('0b7a.jsonl')).toMatchObject({ folder: '', session: '0b7a' })
  })
})

describe('claudeCodeFormat', () => {
  const options = { env: {}, home: HOME, roots: [], billing: 'metered' as const, isFolder: () => false }
  const format = claudeCodeFormat({ ...options, projectName: () => 'shop' })
  const root = { path: path.join(HOME, '.claude', 'projects'), billing: 'metered' as const, configured: false }

  it.each([
    { relative: '-src/0b7a.jsonl', kind: 'main' },
    { relative: '-src/0b7a/subagents/agent-17ff03.jsonl', kind: 'subagent' },
    { relative: '-tool-results/tool-results.jsonl', kind: 'main' },
  ])('reads $relative as $kind', ({ relative, kind }) => {
    const expected = { root, relative, kind, encoding: 'plain', path: path.join(root.path, ...relative.split('/')) }
    expect(format.classify(root, relative)).toEqual(expected)
  })

  it('leaves results of tools alone', () => {
    expect(format.classify(root, '-src/0b7a/tool-results/copy.jsonl')).toBeNull()
  })
})

describe('readAgentType', () => {
  let folder: string
  const log = () => path.join(folder, 'agent-17ff03.jsonl')
  const meta = () => path.join(folder, 'agent-17ff03.meta.json')

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'agent-type-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  it('reads the type beside the log', () => {
    writeFileSync(meta(), '{"agentType":"Explore","description":"look around"}')
    expect(readAgentType(log())).toBe('Explore')
  })

  it.each([
    { what: 'no JSON', text: '{"agentType":' },
    { what: 'no type', text: '{"description":"x"}' },
    { what: 'a type that is no text', text: '{"agentType":{"a":1}}' },
    { what: 'more than 64 KiB', text: `{"agentType":"Explore","x":"${'x'.repeat(70_000)}"}` },
  ])('is empty for a file with $what', ({ text }) => {
    writeFileSync(meta(), text)
    expect(readAgentType(log())).toBe('')
  })

  it('is empty without the file', () => {
    expect(readAgentType(log())).toBe('')
  })

  it.skipIf(process.platform === 'win32')('does not follow a link out of the folder', () => {
    writeFileSync(path.join(folder, 'other.json'), '{"agentType":"Explore"}')
    symlinkSync(path.join(folder, 'other.json'), meta())
    expect(readAgentType(log())).toBe('')
  })
})
