import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { reportsOf } from '../../src/config/reports.ts'
import { jobTimes } from '../../src/schedule/job-times.ts'
import { loadFrom } from '../config/load-from.ts'
import { tempFolder } from '../support/temp.ts'
import { configOf, startWriter, until, writtenAt } from './writer-support.ts'

const HOUR_MS = 3_600_000

/** A file that was written last so long ago. */
function written(name: string, agoMs: number, text?: string): string {
  return writtenAt(name, Date.now() - agoMs, text)
}

describe('reports by the clock', () => {
  it('are written at the start where they never were, and the log says when next', async () => {
    const folder = tempFolder()
    const { log } = await startWriter({
      reports: `[{format: markdown, output: ${folder}/a.md, every: 1h}, {format: json, output: ${folder}/b.json, cron: ["0 8 * * *"]}]`,
    })
    await until(
      () => existsSync(join(folder, 'a.md')) && existsSync(join(folder, 'b.json')),
      () => log.join('\n'),
    )
    expect(readFileSync(join(folder, 'a.md'), 'utf8')).toMatch(/Next report: \d{4}-\d\d-\d\d \d\d:\d\d\.\n$/)
    expect(log.filter((line) => line.startsWith('info a report is written by the clock'))).toHaveLength(2)
    expect(log.filter((line) => line.startsWith('error'))).toEqual([])
  })

  it('are made up once where they were due meanwhile, and left alone where they were not', async () => {
    const [due, fresh] = [written('due.md', 2 * HOUR_MS), written('fresh.md', HOUR_MS / 2)]
    const { log, writer } = await startWriter({
      reports: `[{format: markdown, output: ${fresh}, every: 1h}, {format: markdown, output: ${due}, every: 1h}]`,
    })
    await until(
      () => readFileSync(due, 'utf8') !== 'old\n',
      () => log.join('\n'),
    )
    await writer.stop()
    expect(readFileSync(fresh, 'utf8')).toBe('old\n')
    expect(log.filter((line) => line.startsWith('debug wrote a report'))).toHaveLength(1)
  })

  it('know when a section was written, whoever wrote to the file since', async () => {
    const section = (at: number) =>
      `mine\n<!-- claude-usage-exporter:begin -->\n<!-- written ${new Date(at).toISOString()} by claude-usage-exporter 1.2.3: x -->\n<!-- claude-usage-exporter:end -->\n`
    const [due, fresh] = [
      written('due.md', 0, section(Date.now() - 2 * HOUR_MS)),
      written('fresh.md', 9 * HOUR_MS, section(Date.now() - 60_000)),
    ]
    const { log, writer } = await startWriter({
      reports: `[{format: section, output: ${fresh}, every: 1h}, {format: section, output: ${due}, every: 1h}]`,
    })
    await until(
      () => readFileSync(due, 'utf8').includes('## Claude usage'),
      () => log.join('\n'),
    )
    await writer.stop()
    expect(readFileSync(fresh, 'utf8')).not.toContain('## Claude usage')
  })

  it('wait until the history is read', async () => {
    const output = join(tempFolder(), 'a.json')
    let complete = false
    let asked = 0
    const { log } = await startWriter({
      reports: `[{format: json, output: ${output}, every: 1h}]`,
      complete: () => {
        asked += 1
        return complete
      },
    })
    await until(
      () => asked > 0,
      () => 'asked',
    )
    expect(existsSync(output)).toBe(false)
    complete = true
    await until(
      () => existsSync(output),
      () => log.join('\n'),
    )
  })

  it('that fail are told of with what to do, and keep no other from being written', async () => {
    const folder = tempFolder()
    const { log, counted } = await startWriter({
      reports: `[{format: section, output: ${folder}/none.md, every: 1h}, {format: json, output: ${folder}/b.json, every: 1h}, {format: json, output: ${folder}/c.json, cron: ["x 8 * * *"]}]`,
    })
    await until(
      () => counted.length === 2,
      () => log.join('\n'),
    )
    expect([...counted].sort()).toEqual(['failed section', 'written json'])
    expect(existsSync(join(folder, 'b.json'))).toBe(true)
    const failed = log.find((line) => line.startsWith('error a report could not'))
    expect(failed).toContain('There is no such file to keep a section in')
    expect(failed).toContain('Make it first')
    expect(failed).toMatch(/"next":"\d{4}-/)
    expect(log).toContainEqual(expect.stringMatching(/^error a report is never due; .*"cron":"x 8 \* \* \*"/))
    expect(existsSync(join(folder, 'c.json'))).toBe(false)
  })

  it('without a schedule are left to the command once', async () => {
    const output = join(tempFolder(), 'a.json')
    const { writer, log } = await startWriter({ reports: `[{format: json, output: ${output}}]` })
    await writer.stop()
    expect(log).toEqual([])
    expect(existsSync(output)).toBe(false)
  })

  it('follow a configuration that is loaded again', async () => {
    const folder = tempFolder()
    const { writer, log } = await startWriter({ reports: `[{format: json, output: ${folder}/a.json, every: 1h}]` })
    await until(
      () => existsSync(join(folder, 'a.json')),
      () => log.join('\n'),
    )
    const { ino } = statSync(join(folder, 'a.json'))
    await writer.configure(
      await configOf(
        `[{format: json, output: ${folder}/a.json, every: 1h}, {format: status, output: ${folder}/b.json, every: 1h}]`,
      ),
    )
    await until(
      () => existsSync(join(folder, 'b.json')),
      () => log.join('\n'),
    )
    await writer.stop()
    expect(statSync(join(folder, 'a.json')).ino).toBe(ino)
  })
})

describe('cron expressions of reports', () => {
  it.each([
    ['before the clocks go forward', '2026-03-07T12:00:00Z', ['2026-03-07T16:00:00.000Z', '2026-03-08T02:00:00.000Z']],
    ['the day the clocks go forward', '2026-03-08T12:00:00Z', ['2026-03-08T15:00:00.000Z', '2026-03-09T01:00:00.000Z']],
    ['before the clocks go back', '2026-10-31T12:00:00Z', ['2026-10-31T15:00:00.000Z', '2026-11-01T01:00:00.000Z']],
    ['the day the clocks go back', '2026-11-01T12:00:00Z', ['2026-11-01T16:00:00.000Z', '2026-11-02T02:00:00.000Z']],
  ])('at 8 and 18 in Los Angeles are due at the right instants, %s', async (_, from, expected) => {
    const { config } = await loadFrom({
      yaml: 'reports: [{format: json, output: a, cron: ["0 8 * * *", "0 18 * * *"], time_zone: America/Los_Angeles}]\n',
    })
    const [report] = reportsOf(config)
    if (report === undefined) throw new Error('no report')
    const start = Date.parse(from)
    const { cron, timeZone } = report
    const times = jobTimes({ every: null, cron, timeZone, activeHours: null, jitterMs: 0 }, start, start)
    const due: string[] = []
    for (let now = start; now <= start + 15 * HOUR_MS + 12 * HOUR_MS && due.length < 2; now += 60_000) {
      const at = times.takeDue(now)
      if (at !== null) due.push(new Date(at).toISOString())
    }
    times.close()
    expect(due).toEqual(expected)
  })
})
