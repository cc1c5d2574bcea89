import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { tempFolder } from '../../support/temp.ts'

interface Ended {
  readonly out: string
  readonly err: string
  readonly exitCode: number | null
}

/** Runs the built program as Claude Code does. */
async function statusline(home: string, stdin: string, ...flags: string[]): Promise<Ended> {
  const child = spawn(process.execPath, ['dist/main.js', 'statusline', ...flags], {
    env: { PATH: process.env['PATH'], HOME: home, NO_COLOR: '1', COLUMNS: '60' },
  })
  let [out, err] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk
  })
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk
  })
  // A program that has read enough closes its end.
  child.stdin.on('error', () => {})
  child.stdin.end(stdin)
  await once(child, 'close')
  return { out, err, exitCode: child.exitCode }
}

function input(percent: number): string {
  const reset = Math.floor(Date.now() / 60_000) * 60 + 3_600
  return JSON.stringify({ model: 'Opus', rate_limits: { five_hour: { used_percentage: percent, resets_at: reset } } })
}

function folderIn(home: string): string {
  return join(home, '.local', 'share', 'claude-usage-exporter', 'plan-windows')
}

describe('the built program as a status line', () => {
  it('prints a line and stores the limits', async () => {
    const home = tempFolder()
    const { out, err, exitCode } = await statusline(home, input(38))
    expect({ err, exitCode }).toEqual({ err: '', exitCode: 0 })
    expect(out).toMatch(/^Opus \| 5h 38% \((59m|1h)\)\n$/)
    expect(readFileSync(join(folderIn(home), 'default.json'), 'utf8')).toContain('"usedRatio":0.38')
  })

  it.each([
    ['too much', 'x'.repeat(3_000_000), 'input is larger than 1 MiB\n'],
    ['nothing', '', 'no input\n'],
  ])('prints a line when it is given %s', async (_, stdin, line) => {
    expect(await statusline(tempFolder(), stdin)).toEqual({ out: line, err: '', exitCode: 0 })
  })

  it('is not disturbed by others that write at the same moment', async () => {
    const home = tempFolder()
    const percents = Array.from({ length: 6 }, (_, index) => 10 * (index + 1))
    const ended = await Promise.all(percents.map((percent) => statusline(home, input(percent))))
    for (const { out, err, exitCode } of ended) {
      expect({ err, exitCode }).toEqual({ err: '', exitCode: 0 })
      expect(out).toMatch(/^Opus \| 5h \d+% \(/)
    }
    expect(readdirSync(folderIn(home))).toEqual(['default.json'])
    const { windows } = JSON.parse(readFileSync(join(folderIn(home), 'default.json'), 'utf8'))
    expect(windows).toHaveLength(1)
    expect(percents.map((percent) => percent / 100)).toContain(windows[0].usedRatio)
    expect((await statusline(home, input(99))).out).toContain('5h 99%')
  })

  it('leaves help to the other commands', async () => {
    const { out, exitCode } = await statusline(tempFolder(), '', '--help')
    expect(exitCode).toBe(0)
    expect(out).toContain('--format')
  })
})
