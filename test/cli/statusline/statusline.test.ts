import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { TodayFile } from '../../../src/plan-windows/today-file.ts'
import { tempFolder } from '../../support/temp.ts'
import { type FakeIoOptions, runLine } from '../support/fake-io.ts'

const NOW = Date.parse('2026-05-04T15:31:00Z')
const INPUT = {
  session_id: '6f1e2d3c-0000-4000-8000-000000000001',
  transcript_path: '/home/ada/.claude/projects/-src-shop/s.jsonl',
  model: { id: 'claude-opus-4-6', display_name: 'Opus 4.6' },
  workspace: { current_dir: '/src/shop' },
  cost: { total_cost_usd: 1.5 },
  context_window: { used_percentage: 42 },
  rate_limits: {
    five_hour: { used_percentage: 38, resets_at: NOW / 1_000 + 3_600 },
    seven_day: { used_percentage: 104, resets_at: NOW / 1_000 + 90_000 },
  },
}
const LINE = 'Opus 4.6 | ctx 42% | $1.50 | 5h 38% (1h) | 7d 104% (1d1h)\n'
const NO_COLOR = { NO_COLOR: '1' }

function statusline(options: FakeIoOptions & { readonly input?: unknown; readonly flags?: string }) {
  const { input = INPUT, flags = '', ...rest } = options
  return runLine(`statusline ${flags}`, { env: NO_COLOR, stdin: JSON.stringify(input), ...rest })
}

function storageIn(home: string): string {
  return join(home, '.local', 'share', 'claude-usage-exporter')
}

function storedIn(home: string, account = 'default'): string {
  return readFileSync(join(storageIn(home), 'plan-windows', `${account}.json`), 'utf8')
}

describe('statusline', () => {
  it('prints a line and stores the limits, with nothing personal', async () => {
    const home = tempFolder()
    const { out, err, exitCode } = await statusline({ home })
    expect({ out, err, exitCode }).toEqual({ out: LINE, err: '', exitCode: 0 })
    expect(JSON.parse(storedIn(home))).toEqual({
      version: 1,
      windows: [
        { window: '5h', usedRatio: 0.38, resetsAt: NOW + 3_600_000, observedAt: NOW },
        { window: '7d', usedRatio: 1.04, resetsAt: NOW + 90_000_000, observedAt: NOW },
      ],
    })
  })

  it('makes no ledger', async () => {
    const home = tempFolder()
    await statusline({ home })
    expect(() => statSync(join(storageIn(home), 'ledger.sqlite'))).toThrow('ENOENT')
  })

  it('is in colours, though nobody sees a terminal, unless NO_COLOR is set', async () => {
    expect((await statusline({ env: {} })).out).toContain('\u001b[31m104%')
    expect((await statusline({ env: NO_COLOR })).out).not.toContain('\u001b')
    expect((await statusline({ env: { TERM: 'dumb' } })).out).not.toContain('\u001b')
  })

  it('fits the terminal', async () => {
    expect((await statusline({ width: 20 })).out).toBe('5h 38% (1h)\n')
  })

  it('prints what --format says', async () => {
    expect((await statusline({ flags: '--format={7d}/{7d.reset}' })).out).toBe('104%/1d1h\n')
  })

  it('tells the cost of today while an exporter runs', async () => {
    const home = tempFolder()
    mkdirSync(storageIn(home), { recursive: true })
    new TodayFile(storageIn(home)).update(NOW, () => ({ usd: 12.345, at: NOW, until: NOW + 1 }))
    expect((await statusline({ home, flags: '--format={today}' })).out).toBe('$12.35\n')
  })

  it('keeps accounts apart', async () => {
    const home = tempFolder()
    await statusline({ home })
    await statusline({ home, flags: '--account work', input: { rate_limits: { five_hour: { used_percentage: 1 } } } })
    expect(JSON.parse(storedIn(home)).windows).toHaveLength(2)
    expect(JSON.parse(storedIn(home, 'work')).windows).toMatchObject([{ window: '5h', usedRatio: 0.01 }])
  })

  it.each(['me@example.com', '../up', 'A', '', 'x'.repeat(33)])('stores nothing for the account "%s"', async (name) => {
    const home = tempFolder()
    const { out, exitCode } = await statusline({ home, flags: `--account=${name}` })
    expect({ out, exitCode }).toEqual({
      out: 'Opus 4.6 | ctx 42% | $1.50 | limits not stored: an account is a-z, 0-9, - and _\n',
      exitCode: 0,
    })
    expect(() => statSync(storageIn(home))).toThrow('ENOENT')
  })

  it('shows the last limits while Claude Code does not tell of any', async () => {
    const home = tempFolder()
    await statusline({ home })
    const { rate_limits: _, ...before } = INPUT
    expect((await statusline({ home, input: before, now: NOW + 60_000 })).out).toBe(
      LINE.replace('(1h)', '(59m)').replace('(1d1h)', '(1d)'),
    )
  })

  it('does not show limits that were reset since', async () => {
    const home = tempFolder()
    await statusline({ home })
    expect((await statusline({ home, input: {}, now: NOW + 3_600_000 })).out).toBe('7d 104% (1d)\n')
    expect((await statusline({ home, now: NOW + 3_600_000 })).out).toBe('Opus 4.6 | ctx 42% | $1.50 | 7d 104% (1d)\n')
  })

  it.each([
    ['nothing', '', 'no input'],
    ['no JSON', 'hello', 'input is no JSON'],
    ['half of it', JSON.stringify(INPUT).slice(0, 200), 'input is no JSON'],
    ['a mebibyte and more', JSON.stringify({ ...INPUT, x: 'x'.repeat(1_048_576) }), 'input is larger than 1 MiB'],
    ['null', 'null', 'waiting for Claude Code'],
    ['a number', '7', 'waiting for Claude Code'],
    ['nothing known', '{"rate_limits":null,"model":null}', 'waiting for Claude Code'],
  ])('prints a line when it is given %s', async (_, stdin, line) => {
    const { out, err, exitCode } = await runLine('statusline', { stdin, env: NO_COLOR })
    expect({ out, err, exitCode }).toEqual({ out: `${line}\n`, err: '', exitCode: 0 })
  })

  it('never prints control characters that it was given', async () => {
    const evil = 'x\u001b]0;title\u0007\r\n\u009b31m\u202e'
    const input = {
      model: { display_name: evil },
      rate_limits: { [evil]: { used_percentage: 1 }, five_hour: { used_percentage: 1, resets_at: evil } },
    }
    const { out } = await statusline({ input, flags: `--format={model}${evil.replace('\r\n', '\r')}{5h}` })
    expect(out).toMatch(/^[^\p{Cc}\u202e]+\n$/u)
    expect((await statusline({ input })).out).toMatch(/^[^\p{Cc}\u202e]+\n$/u)
  })

  it('says that the limits could not be stored, and prints them', async () => {
    const home = tempFolder()
    writeFileSync(join(home, 'file'), '')
    const { out, exitCode } = await statusline({ home, flags: '--storage.path file' })
    expect(exitCode).toBe(0)
    expect(out).toMatch(/^Opus 4\.6 .* 5h 38% \(1h\) \| 7d 104% \(1d1h\) \| limits not stored: E[A-Z]+\n$/)
  })

  it('takes the folder of the ledger from the configuration file, and none when that is broken', async () => {
    const home = tempFolder()
    writeFileSync(join(home, 'c.yml'), 'storage: {path: elsewhere}')
    await statusline({ home, flags: '--config.file c.yml' })
    expect(readFileSync(join(home, 'elsewhere', 'plan-windows', 'default.json'), 'utf8')).toContain('"5h"')
    writeFileSync(join(home, 'c.yml'), 'storage: {path: ')
    expect((await statusline({ home, flags: '--config.file c.yml' })).out).toBe(LINE)
    expect(storedIn(home)).toContain('"5h"')
  })
})
