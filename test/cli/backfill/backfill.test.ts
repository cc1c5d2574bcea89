import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { run } from '../../../src/cli/run.ts'
import { lockLedger } from '../../../src/ledger/sqlite/lock.ts'
import { fakeIo, ledgerPathIn, runLine } from '../support/fake-io.ts'
import { homeWith, SAMPLE, type Use } from '../support/sample.ts'

const USES: readonly Use[] = [
  { at: '2026-05-02T10:07:00Z', model: 'claude-sonnet-4-5', tokens: { input: 1_000, output: 10 } },
  { at: '2026-05-03T22:50:00Z', model: 'claude-sonnet-4-5', tokens: { input: 500 } },
  { at: '2026-05-04T15:20:00Z', model: 'claude-sonnet-4-5', tokens: { input: 25 } },
]

/** Value of the input tokens at every point, by time. */
function inputTokens(text: string): Record<string, number> {
  const points = text.matchAll(/^claude_tokens_total\{.*token_type="input".*\} (\d+) ([\d.]+)$/gm)
  return Object.fromEntries([...points].map(([, value, seconds]) => [isoMinute(Number(seconds)), Number(value)]))
}

const isoMinute = (seconds: number) => new Date(seconds * 1_000).toISOString().replace(/(:00)?\.000Z$/, '')

async function backfilled(line: string, uses = USES) {
  const home = await homeWith(uses)
  const result = await runLine(`backfill --no-sync --output h.om ${line}`, { home, timeZone: 'UTC' })
  const read = (name = 'h.om') => readFileSync(join(home, name), 'utf8')
  const files = () => readdirSync(home).filter((name) => !name.startsWith('.'))
  return { ...result, home, read, files }
}

describe('backfill', () => {
  it('writes what was used until 4 hours ago, and what to do with it', async () => {
    const { exitCode, out, err, read, files } = await backfilled('')
    expect({ exitCode, out, files: files() }).toEqual({ exitCode: 0, out: '', files: ['h.om'] })
    const values = inputTokens(read())
    expect(Object.keys(values)[0]).toBe('2026-05-02T10:00')
    expect(Object.keys(values).at(-1)).toBe('2026-05-04T11:30')
    expect([values['2026-05-02T10:10'], values['2026-05-02T10:15']]).toEqual([0, 1_000])
    expect([values['2026-05-03T22:55'], values['2026-05-03T23:00'], values['2026-05-04T11:30']]).toEqual([
      1_000, 1_500, 1_500,
    ])
    expect(read()).toContain('instance="127.0.0.1:10061",job="claude-usage-exporter"}')
    expect(err).toMatch(
      /^Wrote h\.om: 2026-05-02 09:45 to 2026-05-04 11:30, UTC;\n\d+ series, [\d,]+ samples, [\d.]+ [kM]B\.\n/,
    )
    expect(err).toContain(
      '  promtool tsdb create-blocks-from openmetrics --max-block-duration=162h h.om PROMETHEUS_DATA_FOLDER\n',
    )
    expect(err).toContain('--storage.tsdb.retention.time=403d or more')
  })

  it('ends with the live values at the very moment', async () => {
    const { err, read } = await backfilled('--until now')
    const values = inputTokens(read())
    expect([values['2026-05-04T15:30'], values['2026-05-04T15:31']]).toEqual([1_525, 1_525])
    expect(err).toContain('Next, before Prometheus starts for the first time, or 4 hours from now:')
    expect(err).not.toContain('warning')
  })

  it('warns of an end in the head block', async () => {
    const { exitCode, err } = await backfilled('--until 2026-05-04T15:00')
    expect(exitCode).toBe(0)
    expect(err).toMatch(/^warning: The history ends 31 min ago\. A Prometheus that runs holds the last hours in memory/)
  })

  it('takes job, instance and step from the command line, whatever is in them', async () => {
    const home = await homeWith(USES)
    const io = fakeIo({ home, timeZone: 'UTC' })
    const line = ['backfill', '--no-sync', '--output', 'h.om', '--step', '15m', '--job', 'a "b"', '--instance', 'x\\y']
    expect(await run(line, io)).toBe(0)
    const text = readFileSync(join(home, 'h.om'), 'utf8')
    expect(text).toContain('instance="x\\\\y",job="a \\"b\\""}')
    expect(Object.keys(inputTokens(text)).slice(0, 2)).toEqual(['2026-05-02T10:00', '2026-05-02T10:15'])
  })

  it('takes the instance from where the exporter listens', async () => {
    const { read } = await backfilled('--web.listen-address 127.0.0.1:9999')
    expect(read()).toContain('instance="127.0.0.1:9999"')
    const { exitCode, err } = await backfilled('--web.listen-address 127.0.0.1:0')
    expect(exitCode).toBe(2)
    expect(err).toContain('Give --instance HOST:PORT')
  })

  it('makes a file per day that goes on where the one before ended', async () => {
    const { files, read, err } = await backfilled('--split-days 1')
    expect(files()).toEqual(['h-2026-05-02.om', 'h-2026-05-03.om', 'h-2026-05-04.om'])
    const values = files().map((name) => inputTokens(read(name)))
    expect(values.map((day) => Object.keys(day)[0])).toEqual([
      '2026-05-02T10:00',
      '2026-05-03T00:00',
      '2026-05-04T00:00',
    ])
    expect([values[1]?.['2026-05-03T00:00'], values[2]?.['2026-05-04T00:00']]).toEqual([1_000, 1_500])
    const whole = await backfilled('')
    expect(Object.assign({}, ...values)).toEqual(inputTokens(whole.read()))
    expect(err).toMatch(/^Wrote 3 files, h-2026-05-02\.om to h-2026-05-04\.om: /)
    expect(err).toContain('  for file in h-????-??-??.om; do promtool ')
  })

  it('goes to standard output', async () => {
    const home = await homeWith(USES)
    const { out, err, exitCode } = await runLine('backfill --no-sync --output -', { home, timeZone: 'UTC' })
    expect(exitCode).toBe(0)
    expect(Object.keys(inputTokens(out)).at(-1)).toBe('2026-05-04T11:30')
    expect(out).toMatch(/\n# EOF\n$/)
    expect(err).toMatch(/^Wrote standard output: 2026-05-02 09:45 to 2026-05-04 11:30, UTC;\n/)
  })

  it('is a complete file without samples where the ledger has nothing', async () => {
    const { exitCode, err, read } = await backfilled('', [])
    expect({ exitCode, text: read() }).toEqual({ exitCode: 0, text: '# EOF\n' })
    expect(err).toBe(
      'The ledger knows of nothing before 2026-05-04 11:30, UTC.\nWrote h.om, complete but without samples. There is nothing to make blocks of.\n',
    )
  })

  it('begins what is used for the first time after the end', async () => {
    const { exitCode, read } = await backfilled('', USES.slice(2))
    expect(exitCode).toBe(0)
    expect(inputTokens(read())).toEqual({ '2026-05-04T11:30': 0 })
  })

  it('reads the ledger beside a running exporter', async () => {
    const home = await homeWith(SAMPLE)
    const unlock = lockLedger(ledgerPathIn(home))
    const { exitCode } = await runLine('backfill --output h.om --since 2026-05-03', { home })
    unlock()
    expect(exitCode).toBe(0)
    // Of January, and so what its counters begin at.
    expect(readFileSync(join(home, 'h.om'), 'utf8')).toMatch(
      /^claude_requests_total\{.*project="thesis".*\} 1 1777759200$/m,
    )
  })

  it('has budgets as they were', async () => {
    const home = await homeWith(USES)
    writeFileSync(join(home, 'c.yml'), 'budgets: [{name: daily, limit_tokens: 2000, period: day}]')
    await runLine(`backfill --no-sync --output h.om --config.file ${join(home, 'c.yml')}`, { home, timeZone: 'UTC' })
    const text = readFileSync(join(home, 'h.om'), 'utf8')
    expect(text).toMatch(/^claude_budget_spent_tokens\{budget="daily",.*\} 1010 /m)
    expect(text).not.toMatch(/forecast|exhaustion/)
  })

  it.each([
    { line: '', err: "required option '--output <file>' not specified" },
    { line: '--output h.om --step 7m', err: 'Give minutes that divide a quarter of an hour: 1m, 3m, 5m or 15m.' },
    { line: '--output h.om --step 1h', err: 'Give minutes that divide a quarter of an hour' },
    { line: '--output h.om --step 30s', err: 'Give minutes that divide a quarter of an hour' },
    { line: '--output h.om --step 0s', err: 'Give minutes that divide a quarter of an hour' },
    { line: '--output h.om --split-days 0', err: 'Give a number of days from 1 on.' },
    { line: '--output h.om --job=', err: 'Give the name of the scrape job.' },
    { line: '--output h.om --instance=', err: 'Give the address that Prometheus scrapes' },
    { line: '--output - --split-days 1', err: 'Several files cannot go to standard output' },
    { line: '--output h.om --since lately', err: '--since needs a day or a time (got lately)' },
    { line: '--output h.om --until today', err: 'The history would end in the future (got today)' },
    { line: '--output none/h.om', err: 'Cannot write ' },
    { line: '--output .', err: 'There is something else than a file under this name' },
  ])('refuses "$line"', async ({ line, err }) => {
    const home = await homeWith(USES)
    const result = await runLine(`backfill --no-sync ${line}`, { home })
    expect(result).toMatchObject({ exitCode: 2, out: '' })
    expect(result.err).toContain(err)
    expect(readdirSync(home)).toEqual(['.local'])
  })

  it.each([
    { of: 'a file', line: '', name: 'h.om' },
    { of: 'one of several files', line: '--split-days 1', name: 'h-2026-05-04.om' },
  ])('overwrites $of only with --force', async ({ line, name }) => {
    const home = await homeWith(USES)
    writeFileSync(join(home, name), 'dear diary')
    const refused = await runLine(`backfill --no-sync --output h.om ${line}`, { home })
    expect(refused.exitCode).toBe(2)
    expect(refused.err).toContain('This would overwrite a file')
    expect(readdirSync(home)).toEqual(['.local', name])
    expect((await runLine(`backfill --no-sync --force --output h.om ${line}`, { home })).exitCode).toBe(0)
    expect(readFileSync(join(home, name), 'utf8')).toMatch(/# EOF\n$/)
  })

  it.each([
    { signal: 'SIGINT', code: 130 },
    { signal: 'SIGTERM', code: 143 },
  ])('leaves nothing behind when $signal stops it', async ({ signal, code }) => {
    // Months of points, a minute apart: there is time for a signal while they are written.
    const home = await homeWith(SAMPLE)
    const io = fakeIo({ home, isTTY: true, width: 80 })
    let isOver = false
    const ended = run(['backfill', '--no-sync', '--step', '1m', '--output', 'h.om'], io).finally(() => {
      isOver = true
    })
    while (!isOver && !readdirSync(home).some((name) => name.startsWith('h.om.tmp-'))) await delay(1)
    io.emitter.emit(signal)
    expect(await ended).toBe(code)
    expect(readdirSync(home)).toEqual(['.local'])
    expect(io.err()).toMatch(/Stopped: nothing was written\.\n$/)
    expect(io.emitter.listenerCount(signal)).toBe(0)
    expect(io.exits).toEqual([])
  })

  it('ends at once at the second signal', async () => {
    const home = await homeWith(SAMPLE)
    const io = fakeIo({ home })
    const ended = run(['backfill', '--no-sync', '--step', '1m', '--output', 'h.om'], io)
    while (io.emitter.listenerCount('SIGINT') === 0) await delay(1)
    io.emitter.emit('SIGINT')
    io.emitter.emit('SIGTERM')
    expect(io.exits).toEqual([143])
    expect(await ended).toBe(130)
  })
})
