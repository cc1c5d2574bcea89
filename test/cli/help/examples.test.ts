import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Command } from 'commander'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { createProgram } from '../../../src/cli/program.ts'
import { run } from '../../../src/cli/run.ts'
import { splitWords } from '../../../src/cli/scheduler/words.ts'
import { tempFolder } from '../../support/temp.ts'
import { fakeIo, ledgerPathIn } from '../support/fake-io.ts'
import { homeWith, SAMPLE } from '../support/sample.ts'

const PROGRAM = 'claude-usage-exporter'

/** What commander says of a command line that it does not understand. */
const USAGE_ERROR =
  /unknown option|unknown command|missing required argument|option '[^']*' (not specified|argument)|argument '[^']*' is invalid|too many arguments|Allowed choices/

/** Every command with the words that call it. */
function commandsOf(command: Command, words: readonly string[] = []): { words: readonly string[]; command: Command }[] {
  return command.commands.flatMap((sub) => {
    const called = [...words, sub.name()]
    return [{ words: called, command: sub }, ...commandsOf(sub, called)]
  })
}

async function helpOf(words: readonly string[], width = 100): Promise<string> {
  const io = fakeIo({ width })
  expect(await run([...words, '--help'], io)).toBe(0)
  return io.out()
}

/** Lines under `Examples:` that call this program, as they stand there. */
function examplesIn(help: string): string[] {
  const [, examples = ''] = help.split('Examples:\n')
  return examples
    .split('\n')
    .filter((line) => line.startsWith(`  ${PROGRAM}`))
    .map((line) => line.slice(2))
}

/** The words of an example: without what explains it, and without what the shell does with its output. */
function wordsOf(example: string): string[] {
  const [command = ''] = example.split(/ {2,}/)
  const words = splitWords(command).slice(1)
  const end = words.findIndex((word) => ['|', '>', '<', '||', '&&'].includes(word))
  return end < 0 ? words : words.slice(0, end)
}

const top = commandsOf(createProgram(fakeIo(), () => {}))
const commands = top.filter(({ words }) => words.length === 1)
const help = new Map(
  await Promise.all(
    [[], ...top.map(({ words }) => words)].map(async (words) => [words.join(' '), await helpOf(words)] as const),
  ),
)
const examples = [...new Set([...help.values()].flatMap(examplesIn))]

describe('the help', () => {
  it.each(top.map(({ words }) => words.join(' ')))('of %s says what it does', (name) => {
    const found = top.find(({ words }) => words.join(' ') === name)?.command
    expect(found?.description()).toMatch(/\S.*\.$/s)
  })

  it.each(commands.map(({ words }) => words.join(' ')))('of %s has an example, and a line in the list', (name) => {
    expect(examplesIn(help.get(name) ?? '').length).toBeGreaterThan(0)
    expect(help.get('')).toMatch(new RegExp(`^ {2}${name}\\b.* {2,}\\S`, 'm'))
  })

  it.each([...help.keys()])(
    'of "%s" has no line wider than the terminal, and never one of over 100 columns',
    async (name) => {
      for (const [width, widest] of [
        [80, 80],
        [160, 100],
      ] as const) {
        const lines = (await helpOf(name.split(' ').filter(Boolean), width)).split('\n')
        expect(lines.filter((line) => line.length > widest)).toEqual([])
      }
    },
  )

  it('says the same however wide the terminal is', async () => {
    const wordsAt = async (width: number) => (await helpOf(['export'], width)).replaceAll(' \\\n', '\n').split(/\s+/)
    expect(await wordsAt(60)).toEqual(await wordsAt(100))
  })

  it.each(['report', 'once', 'scheduler', 'export', 'top', 'doctor'])('of the program shows %s', (name) => {
    expect(help.get('')).toMatch(new RegExp(`^ {2}${name}\\b`, 'm'))
  })
})

/** Programs that run until they are stopped. */
const isEndless = ([name]: readonly string[]) =>
  name === undefined || ['serve', 'ingest', 'demo'].includes(name) || name.startsWith('--')

/** What is logged once such a program is at work. */
const AT_WORK = /listening|following them/

/** A free port instead of the one that is written there, and little to do. */
const SMALL = ['--web.listen-address', '127.0.0.1:0']

/** Answers like nothing that is known, so that nothing outside of the test is asked. */
async function stranger(): Promise<string> {
  const server = createServer((_, response) => response.writeHead(404).end())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** What an example may exit with where there is no organisation, webhook or server, and what it says then. */
const EXPECTED_FAILURES: readonly (readonly [example: RegExp, exitCode: number, says: RegExp])[] = [
  [/ budgets/, 6, /unknown/],
  [/ sync --type (cost|usage)/, 2, /No key of an organisation is configured/],
  [/ ledger move/, 2, /storage\.url is not set/],
  [/ notify --test/, 2, /webhook/],
  [/ doctor/, 1, /./],
]

/** Made once: the use of the last days is enough for every example. */
let template: Buffer | undefined
async function homeOfExample(): Promise<string> {
  template ??= readFileSync(ledgerPathIn(await homeWith(SAMPLE.slice(1))))
  const home = tempFolder()
  mkdirSync(dirname(ledgerPathIn(home)), { recursive: true })
  writeFileSync(ledgerPathIn(home), template)
  return home
}

async function runExample(example: string) {
  const home = await homeOfExample()
  const settings = 'budgets: [{name: monthly, limit_usd: 1000000, period: month}]\n'
  const folder = join(home, '.config', 'claude-usage-exporter')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'config.yml'), settings)
  writeFileSync(join(home, 'claude-usage-exporter.yml'), settings)
  writeFileSync(join(home, 'STATUS.md'), '# Status\n')
  const words = wordsOf(example)
  if (words[1] === 'restore') await run(['ledger', 'backup', words[2] ?? ''], fakeIo({ home }))
  const place = await stranger()
  const line = words.map((word) => (/^http:\/\/127\.0\.0\.1:\d+$/.test(word) ? place : word))
  const io = fakeIo({ home, stdin: '{}' })
  if (!isEndless(words)) return { exitCode: await run(line, io), out: io.out(), err: io.err() }
  vi.stubEnv('TMPDIR', tempFolder())
  onTestFinished(() => void vi.unstubAllEnvs())
  const days = words[0] === 'demo' ? ['--days', '1'] : []
  const ended = run([...line, ...days, ...SMALL], io)
  for (const end = Date.now() + 30_000; !AT_WORK.test(io.err()) && Date.now() < end; ) {
    await Promise.race([delay(20), ended])
    if (io.err().includes('error:')) break
  }
  io.emitter.emit('SIGTERM')
  return { exitCode: await ended, out: io.out(), err: io.err() }
}

describe('the example', () => {
  it.each(examples)('%s', async (example) => {
    const { exitCode, out, err } = await runExample(example)
    expect(err).not.toMatch(USAGE_ERROR)
    const [, expected = 0, says = /^/] = EXPECTED_FAILURES.find(([failing]) => failing.test(example)) ?? []
    expect({ exitCode, err: exitCode === expected ? '' : err + out }).toEqual({ exitCode: expected, err: '' })
    expect(err + out).toMatch(says)
  })
})
