import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { HOUR_MS, MINUTE_MS } from '../../../src/core/time.ts'
import { storeReadings } from '../../../src/plan-windows/store.ts'
import { tempFolder } from '../../support/temp.ts'
import { runLine } from '../support/fake-io.ts'

const NOW = Date.parse('2026-05-04T15:31:00Z')
const FIVE_HOURS = { window: '5h', usedRatio: 0.385, resetsAt: NOW + 2 * HOUR_MS + 11 * MINUTE_MS }
const WEEK = { window: '7d', usedRatio: 1.04, resetsAt: NOW + 75 * HOUR_MS }
const OPUS = { window: 'seven_day_opus', usedRatio: 0.07, resetsAt: null }

function folderIn(home: string): string {
  return join(home, '.local', 'share', 'claude-usage-exporter', 'plan-windows')
}

function homeWithWindows(): string {
  const home = tempFolder()
  storeReadings(folderIn(home), 'default', [FIVE_HOURS, WEEK, OPUS], NOW - 3 * MINUTE_MS)
  return home
}

describe('windows', () => {
  it('shows what is used and when it is reset', async () => {
    const { out, err, exitCode } = await runLine('windows', { home: homeWithWindows() })
    expect({ err, exitCode }).toEqual({ err: '', exitCode: 0 })
    expect(out.split('\n')).toEqual([
      'Window            Used    Reset in  Reset at               Seen  Origin      State',
      expect.stringMatching(/^─+$/),
      '5h               38.5%  2 h 11 min  2026-05-04 19:42  3 min ago  statusline  holds',
      '7d              104.0%     3 d 3 h  2026-05-07 20:31  3 min ago  statusline  holds',
      'seven_day_opus    7.0%           –  –                 3 min ago  statusline  holds',
      '',
      'Times      Europe/Berlin.',
      '',
    ])
  })

  it('says what no longer holds', async () => {
    const home = homeWithWindows()
    const later = NOW + 25 * HOUR_MS
    storeReadings(folderIn(home), 'work', [{ ...WEEK, usedRatio: 0.5 }], later + HOUR_MS)
    const { out } = await runLine('windows', { home, now: later })
    const rows = out.split('\n').slice(2, 6)
    expect(
      rows.map((row) => row.split(/ {2,}/).filter((_, index, all) => index < 2 || index === all.length - 1)),
    ).toEqual([
      ['default', '5h', 'reset since'],
      ['default', '7d', 'too old'],
      ['default', 'seven_day_opus', 'too old'],
      ['work', '7d', 'clock was ahead'],
    ])
  })

  it('prints JSON', async () => {
    const { out } = await runLine('windows --json', { home: homeWithWindows(), now: NOW + 3 * HOUR_MS })
    const document = JSON.parse(out)
    expect(document).toEqual({
      schemaVersion: 1,
      report: 'windows',
      generatedAt: '2026-05-04T20:31:00+02:00',
      timeZone: 'Europe/Berlin',
      windows: [
        {
          account: 'default',
          window: '5h',
          usedRatio: 0.385,
          resetsAt: '2026-05-04T19:42:00+02:00',
          observedAt: '2026-05-04T17:28:00+02:00',
          ageSeconds: 10_980,
          state: 'over',
          origin: 'statusline',
        },
        expect.objectContaining({ window: '7d', state: 'current' }),
        expect.objectContaining({ window: 'seven_day_opus', resetsAt: null, state: 'current' }),
      ],
      problems: [],
      statusCommand: 'claude-usage-exporter statusline',
    })
  })

  it('says what to configure where nothing is known', async () => {
    const { out, exitCode } = await runLine('windows')
    expect(exitCode).toBe(0)
    expect(out).toContain('~/.claude/settings.json')
    expect(JSON.parse(out.slice(out.indexOf('{'), out.lastIndexOf('}') + 1))).toEqual({
      statusLine: { type: 'command', command: 'claude-usage-exporter statusline' },
    })
  })

  it.each([
    ['a flag', '--storage.path led', {}, '--storage.path {home}/led'],
    ['a variable', '', { CLAUDE_USAGE_EXPORTER_STORAGE_PATH: "/it's here" }, `--storage.path '/it'\\''s here'`],
  ])('names the folder to a status line that would not find it: %s', async (_, flags, env, expected) => {
    const { out, io } = await runLine(`windows ${flags} --json`, { env })
    expect(JSON.parse(out).statusCommand).toBe(
      `claude-usage-exporter statusline ${expected.replace('{home}', io.home)}`,
    )
  })

  it('says of a file that it cannot be used, and shows the others', async () => {
    const home = homeWithWindows()
    writeFileSync(join(folderIn(home), 'work.json'), '{"version":1,')
    const { out, exitCode } = await runLine('windows', { home })
    expect(exitCode).toBe(0)
    expect(out).toContain('38.5%')
    expect(out).toContain('The file of the account work cannot be used: not written by this program.')
  })

  it('says that the folder cannot be read', async () => {
    const home = tempFolder()
    mkdirSync(join(folderIn(home), '..'), { recursive: true })
    writeFileSync(folderIn(home), '')
    const { err, exitCode } = await runLine('windows', { home })
    expect(exitCode).toBe(2)
    expect(err).toMatch(/^error: Cannot read the plan windows in .*plan-windows \(got ENOTDIR\)\n/)
  })

  it.each([48, 60, 80, 120])('fits a terminal of %i columns', async (width) => {
    const home = homeWithWindows()
    storeReadings(folderIn(home), 'work', [WEEK], NOW)
    const { out } = await runLine('windows', { home, width })
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(width)
    expect(out).toContain('38.5%')
  })

  it('needs no ledger and makes none', async () => {
    const { out, io } = await runLine('windows', {})
    expect(out).toContain('No plan windows are known yet')
    expect(() => mkdirSync(join(io.home, '.local'))).not.toThrow()
  })
})
