import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { run } from '../../../src/cli/run.ts'
import { eventually } from '../../support/exporter.ts'
import { tempFolder } from '../../support/temp.ts'
import { type FakeIoOptions, fakeIo, runLine } from '../support/fake-io.ts'

/** Where the demo puts its own folder. */
let temporary = ''
beforeEach(() => {
  temporary = tempFolder()
  vi.stubEnv('TMPDIR', temporary)
})
afterEach(() => vi.unstubAllEnvs())

/** What demos have left there. */
const leftovers = () => readdirSync(temporary).filter((name) => name.startsWith('claude-usage-demo-'))

const FREE_PORT = ['--web.listen-address', '127.0.0.1:0']

/** Runs the demo with a day of history until the function is done with it. */
async function withDemo(
  args: readonly string[],
  options: FakeIoOptions,
  look: (demo: { readonly url: string; readonly scrape: () => Promise<string> }) => Promise<void>,
) {
  const fake = fakeIo(options)
  const begin = performance.now()
  const now = () => fake.clock.now() + Math.floor(performance.now() - begin)
  const io = { ...fake, clock: { now } }
  const exitCode = run(['demo', '--days', '1', ...FREE_PORT, ...args], io)
  try {
    const url = await Promise.race([
      eventually('listening', async () => /msg=listening address=(\S+)/.exec(io.err())?.[1] ?? null),
      exitCode.then(() => Promise.reject(new Error(`the demo ended: ${io.err()}`))),
    ])
    await look({ url: `http://${url}`, scrape: async () => (await fetch(`http://${url}/metrics`)).text() })
  } finally {
    io.emitter.emit('SIGTERM')
  }
  return { exitCode: await exitCode, err: io.err(), out: io.out() }
}

const loaded = (scrape: () => Promise<string>) =>
  eventually('the first load', async () => {
    const text = await scrape()
    return /^claude_exporter_load_complete 1$/m.test(text) ? text : null
  })

describe('what is asked of the demo', () => {
  it.each(['0', '401', '-1', '1.5', 'many', ''])('is not %j days', async (days) => {
    const io = fakeIo()
    expect(await run(['demo', `--days=${days}`], io)).toBe(2)
    expect(io.err()).toContain(`error: --days must be a whole number from 1 to 400, not '${days}'`)
  })

  it.each([
    { flag: '--config.file /etc/claude.yml', setting: 'config.file' },
    { flag: '--admin-api.key-file /run/key', setting: 'admin_api.key_file' },
    { flag: '--projects.label folder', setting: 'projects.label' },
  ])('is not a $setting of its own', async ({ flag, setting }) => {
    const { exitCode, err } = await runLine(`demo ${flag}`)
    expect({ exitCode, err }).toEqual({
      exitCode: 2,
      err: expect.stringContaining(`error: The demo has its own ${setting}`),
    })
    expect(leftovers()).toEqual([])
  })

  it('is not a folder that holds something else', async () => {
    const storage = tempFolder()
    writeFileSync(join(storage, 'notes.txt'), 'mine')
    const { exitCode, err } = await runLine(`demo --storage.path ${storage}`)
    expect(exitCode).toBe(2)
    expect(err).toContain(`The demo does not write into ${storage} (got the folder is not empty and no demo made it)`)
    expect(readdirSync(storage)).toEqual(['notes.txt'])
    expect(leftovers()).toEqual([])
  })

  it('is not an address at which another program listens; nothing is left then', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const { port } = other.address() as { port: number }
    try {
      const { exitCode, err } = await runLine(`demo --days 1 --web.listen-address 127.0.0.1:${port}`)
      expect({ exitCode, err }).toEqual({
        exitCode: 2,
        err: expect.stringContaining(`Cannot listen on 127.0.0.1:${port}`),
      })
    } finally {
      other.close()
    }
    expect(leftovers()).toEqual([])
  })
})

describe('a demo that runs', () => {
  it('heeds nothing of this machine and leaves nothing behind', async () => {
    const home = tempFolder()
    const env = {
      CLAUDE_CONFIG_DIR: join(home, 'claude'),
      ANTHROPIC_ADMIN_KEY: 'sk-ant-admin01-of-somebody',
      CLAUDE_USAGE_EXPORTER_CONFIG_FILE: join(home, 'absent.yml'),
      CLAUDE_USAGE_EXPORTER_PRICING_ALIASES: 'nonsense',
      CLAUDE_USAGE_EXPORTER_TIME_ZONE: 'Asia/Tokyo',
    }
    const configFolder = join(home, '.config', 'claude-usage-exporter')
    mkdirSync(configFolder, { recursive: true })
    writeFileSync(join(configFolder, 'config.yml'), 'no_such_setting: true\n')
    const project = join(home, 'claude', 'projects', '-src-secret-project')
    mkdirSync(project, { recursive: true })
    writeFileSync(join(project, 'session.jsonl'), '{"type":"assistant","cwd":"/src/secret-project"}\n')

    const { exitCode, err } = await withDemo([], { home, env }, async ({ scrape }) => {
      const text = await loaded(scrape)
      expect(text).toContain('claude_exporter_time_zone_info{time_zone="Asia/Tokyo"} 1')
      expect(text).toMatch(/^claude_requests_total\{.*project="infra"/m)
      expect(text).not.toContain('secret-project')
      expect(leftovers()).toHaveLength(1)
    })
    expect(exitCode).toBe(0)
    expect(err).not.toMatch(/level=(warn|error)|secret-project|sk-ant/)
    expect(leftovers()).toEqual([])
  })

  it('keeps its ledger and configuration for reports where a folder is given, and goes on there', async () => {
    const storage = join(tempFolder(), 'ledger')
    const args = ['--storage.path', storage]
    await withDemo(args, {}, async ({ scrape }) => void (await loaded(scrape)))
    expect(leftovers()).toEqual([])
    expect(readdirSync(storage)).toEqual(expect.arrayContaining(['demo.json', 'demo.yml', 'ledger.sqlite']))
    const file = join(storage, 'demo.yml')
    const budgets = await runLine(`budgets --no-sync --json --config.file ${file}`)
    // By how far the first reports had come: 5 tells of a budget that is unknown, 6 of one that is exceeded.
    expect([0, 5, 6]).toContain(budgets.exitCode)
    expect(budgets).toMatchObject({ out: expect.stringContaining('"monthly"') })
    const summary = await runLine(`summary --no-sync --config.file ${file}`)
    expect(summary).toMatchObject({ exitCode: 0, out: expect.stringMatching(/Requests +[1-9]/) })
    const { exitCode } = await withDemo(
      args,
      { now: Date.parse('2026-05-04T15:36:00Z') },
      async ({ scrape }) => void (await loaded(scrape)),
    )
    expect(exitCode).toBe(0)
  })

  it('has a ledger that nobody else writes to', async () => {
    const storage = join(tempFolder(), 'ledger')
    await withDemo(['--storage.path', storage], {}, async ({ scrape }) => void (await loaded(scrape)))
    for (const command of ['serve', 'sync', 'daily']) {
      const { exitCode, err } = await runLine(`${command} --storage.path ${storage}`)
      expect({ command, exitCode, err }).toEqual({
        command,
        exitCode: 2,
        err: expect.stringContaining(`The ledger in ${storage} holds the made-up figures of the demo`),
      })
    }
  })

  it('says on a terminal that all is made up, and what to type', async () => {
    const { out } = await withDemo([], { isTTY: true }, async ({ scrape }) => void (await loaded(scrape)))
    expect(out).toContain('All figures are made up.')
    expect(out).toMatch(/ claude-usage-exporter summary --no-sync --config\.file \S+\/ledger\/demo\.yml\n/)
  })
})
