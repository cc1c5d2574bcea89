import { describe, expect, it } from 'vitest'
import { run } from '../../src/cli/run.ts'
import { VERSION } from '../../src/lib/version.ts'
import { fakeIo, runLine } from './support/fake-io.ts'
import { homeWith, SAMPLE } from './support/sample.ts'

describe('run', () => {
  it.each([
    { line: '--version', code: 0, out: `claude-usage-exporter ${VERSION} (node ${process.version}` },
    { line: '--help', code: 0, out: 'Commands:\n  serve ' },
    { line: 'daily --help', code: 0, out: 'Tokens, requests and cost per local day' },
    { line: 'help explain', code: 0, out: 'Usage: claude-usage-exporter explain [options] <session|day>' },
  ])('$line prints and ends with $code', async ({ line, code, out }) => {
    const result = await runLine(line)
    expect(result).toMatchObject({ exitCode: code, err: '' })
    expect(result.out).toContain(out)
  })

  it.each([
    { line: 'dayly', err: "error: unknown command 'dayly'\n(Did you mean daily?)\n" },
    { line: 'qwertyuiop', err: "error: unknown command 'qwertyuiop'\nSee --help" },
    { line: 'daily --dys 3', err: "error: unknown option '--dys'\n(Did you mean --days?)\n" },
    { line: 'daily --days 0', err: 'Give a number of days from 1 on, or `all`.' },
    { line: 'daily --top x', err: 'Give a number of rows from 1 on.' },
    { line: 'daily --by modl', err: 'Did you mean model?' },
    { line: 'daily --sort cots', err: 'Did you mean cost?' },
    { line: 'daily --source claude', err: 'Use claude-code, openclaw, pi.' },
    { line: 'daily --tz Mars/Olympus', err: 'Give an IANA time zone such as Europe/Berlin or UTC.' },
    { line: 'daily extra', err: 'too many arguments' },
    { line: 'explain', err: "missing required argument 'session|day'" },
    {
      line: 'sync --type usage',
      err: 'No key of an organisation is configured\nSet ANTHROPIC_ADMIN_KEY',
    },
    { line: 'sync --type uasge', err: 'Did you mean usage?' },
    { line: 'sync --type sessions --days 3', err: '--days, --since and --dry-run are about organisations' },
    { line: 'sync --since lately', err: '--since needs a UTC day that has begun (got lately)' },
    { line: 'daily --since lately', err: '--since needs a day, a month or a time (got lately)\nWrite 2026-05-04' },
    { line: 'ledger', err: 'Usage: claude-usage-exporter ledger' },
    { line: 'summary --log.level loud', err: '--log.level: expected one of debug, info, warn, error (got "loud")' },
    { line: 'summary --no-sync', err: 'There is no ledger at ' },
  ])('$line is a usage error', async ({ line, err }) => {
    const result = await runLine(line)
    expect(result).toMatchObject({ exitCode: 2, out: '' })
    expect(result.err).toContain(err)
  })

  it('prints a bug with its stack and ends with 1', async () => {
    const io = fakeIo()
    const broken = {
      ...io,
      clock: {
        now(): number {
          throw new TypeError('the clock is gone')
        },
      },
    }
    expect(await run(['summary'], broken)).toBe(1)
    expect(io.err()).toMatch(
      /^error: This is a bug in claude-usage-exporter .*:\nTypeError: the clock is gone\n {4}at /,
    )
  })

  it('fails when what was written did not get out', async () => {
    const io = { ...fakeIo(), flush: () => Promise.reject(new Error('no space left')) }
    expect(await run(['--version'], io)).toBe(1)
    expect(io.err()).toContain('no space left')
  })

  it('colours errors on a terminal only', async () => {
    expect((await runLine('dayly', { isTTY: true, isColored: true })).err).toMatch(/^\u001b\[31merror:\u001b\[39m/)
    expect((await runLine('dayly')).err).toMatch(/^error:/)
  })

  it('takes flags of the exporter before and behind a command', async () => {
    const home = await homeWith(SAMPLE)
    const storage = `${home}/.local/share/claude-usage-exporter`
    for (const line of [
      `--storage.path ${storage} daily --json`,
      `daily --json --storage.path=${storage} --time-zone UTC`,
    ]) {
      const { out, exitCode } = await runLine(line, { timeZone: 'UTC' })
      expect(exitCode).toBe(0)
      expect(JSON.parse(out)).toMatchObject({ timeZone: 'UTC', totals: { requests: 8 } })
    }
  })
})
