import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { run } from '../../../src/cli/run.ts'
import { displayWidth } from '../../../src/cli/terminal/width.ts'
import { tempFolder } from '../../support/temp.ts'
import { fakeIo, ledgerPathIn } from '../support/fake-io.ts'
import { homeWith, SAMPLE, type Use } from '../support/sample.ts'

/** Names longer than any terminal, with characters that take two columns. */
const LONG: Use = {
  at: '2026-05-04T14:30:00Z',
  project: 'a-project-whose-name-is-much-longer-than-anybody-would-like-it-to-be-'.repeat(2),
  agent: '調査'.repeat(40),
  model: 'claude-opus-4-6',
  branch: 'feature/'.repeat(20),
  session: 'f'.repeat(120),
  tokens: { input: 123_456_789_012, cacheRead: 987_654_321_098, output: 12_345_678_901 },
}

const SETTINGS = `budgets:
  - { name: ${'budget-'.repeat(8)}end, limit_usd: 1000000, period: month }
  - { name: used-up, limit_usd: 0.01, period: day, owner: nobody }
`

let ledger: Buffer

beforeAll(async () => {
  ledger = readFileSync(ledgerPathIn(await homeWith([...SAMPLE, LONG])))
})

/** Output and errors of a command in a terminal so wide. */
async function linesOf(line: string, width: number): Promise<string[]> {
  const home = tempFolder()
  mkdirSync(join(ledgerPathIn(home), '..'), { recursive: true })
  writeFileSync(ledgerPathIn(home), ledger)
  writeFileSync(join(home, 'c.yml'), SETTINGS)
  const io = fakeIo({ home, width, isTTY: true })
  await run([...line.split(' '), '--config.file', join(home, 'c.yml')], io)
  // A command line that is refused would show nothing to measure.
  expect(io.out(), io.err()).not.toBe('')
  return `${io.out()}\n${io.err()}`.split('\n')
}

/** Paths of this machine have no blank to break them at. */
const isPath = (line: string) => /^\s*(\S+ +)?\S*\/\S+$/.test(line)

describe.each([80, 160])('at %d columns', (width) => {
  it.each([
    'summary --no-sync',
    'summary --no-sync --by project',
    'daily --no-sync --by model,agent --days all',
    'models --no-sync --by provider,project,agent',
    'projects --no-sync',
    'agents --no-sync',
    'sessions --no-sync',
    'explain 2026-05-04 --no-sync',
    'budgets',
    'prices',
    'prices --all',
    'windows',
    'runs',
    'top --once',
    'top --once --by session',
    'privacy',
    'doctor',
    'notify',
    'once',
    'sync',
    'ledger check',
  ])('%s is no wider', async (line) => {
    const wide = (await linesOf(line, width)).filter((text) => displayWidth(text) > width && !isPath(text))
    expect(wide).toEqual([])
  })
})
