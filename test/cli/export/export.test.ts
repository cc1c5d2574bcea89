import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { VERSION } from '../../../src/lib/version.ts'
import { PRICE_TABLE } from '../../../src/pricing/prices.ts'
import { exampleLines } from '../support/examples.ts'
import { runLine } from '../support/fake-io.ts'
import { jsonReport } from '../support/report.ts'
import { homeWith, SAMPLE, type Use } from '../support/sample.ts'

async function exported(line: string, uses: readonly Use[] = SAMPLE): Promise<string> {
  const { out, err, exitCode } = await runLine(`export --output - ${line}`, { home: await homeWith(uses) })
  expect({ err, exitCode }).toEqual({ err: '', exitCode: 0 })
  return out
}

describe('export', () => {
  it.each(['csv', 'json'])('as %s', async (format) => {
    const out = await exported(`--days all --by day,project,billing --format ${format}`)
    // Versions and prices change; that they are named stays.
    const text = out
      .replaceAll(VERSION, 'VERSION')
      .replace(PRICE_TABLE.asOf, 'DATE')
      .replace(/(version |"version":")[0-9a-f]{12}/, '$1FINGERPRINT')
    await expect(text).toMatchFileSnapshot(`golden/days.${format}`)
  })

  it.each(['', '--by model', '--by day,session', '--tz UTC --days 2', '--project shop --by branch'])(
    'adds up to what the reports show: %s',
    async (line) => {
      const { rows } = JSON.parse(await exported(`--format json ${line}`))
      const filters = line.replace(/--by \S+/, '')
      const { totals } = await jsonReport(`daily ${filters}`)
      const sum = (of: (row: typeof totals) => number) => rows.map(of).reduce((a: number, b: number) => a + b, 0)
      expect(sum((row) => row.tokens.total)).toBe(totals.tokens.total)
      expect(sum((row) => row.requests)).toBe(totals.requests)
      expect(sum((row) => row.webSearches)).toBe(totals.webSearches)
      expect(sum((row) => row.unpricedTokens)).toBe(totals.unpricedTokens)
      expect(sum((row) => row.estimatedCostUsd)).toBeCloseTo(totals.estimatedCostUsd, 10)
      expect(sum((row) => row.planValueUsd)).toBeCloseTo(totals.planValueUsd, 10)
    },
  )

  it('keeps sums beyond 2^53 to the last digit', async () => {
    const big = Number.MAX_SAFE_INTEGER
    const uses = [1, 2, 3].map((hour): Use => ({ at: `2026-05-04T0${hour}:00:00Z`, tokens: { input: big, output: 2 } }))
    const total = (BigInt(big) * 3n + 6n).toString()
    expect(await exported('--by day --no-header', uses)).toContain(`,${total},3,`)
    expect(await exported('--by day --format json', uses)).toContain(`"total":${total}}`)
  })

  it('leaves out the remarks, not the names of the columns', async () => {
    const [first] = (await exported('--no-header --by model')).split('\n')
    expect(first).toMatch(/^model,input_tokens,.*,cache_hit_ratio$/)
  })

  it('has a head and no rows where nothing was used', async () => {
    expect(JSON.parse(await exported('--format json', []))).toMatchObject({ rows: [], type: 'usage' })
    expect((await exported('--no-header', [])).trimEnd().split('\n')).toHaveLength(1)
  })

  it('tells sessions of two sources with one id apart', async () => {
    const use = { at: '2026-05-04T08:00:00Z', session: 's', tokens: { output: 1 } } as const
    const out = await exported('--no-header --by session', [
      { ...use, source: 'pi' },
      { ...use, source: 'openclaw' },
    ])
    expect(
      out
        .split('\n')
        .slice(1, 3)
        .map((line) => line.split(',').slice(0, 2)),
    ).toEqual([
      ['openclaw', 's'],
      ['pi', 's'],
    ])
  })

  it('defuses what a hostile log calls a project', async () => {
    const project = '=cmd|\' /C calc\'!A0,"x"\u001b[2J'
    const uses: Use[] = [{ at: '2026-05-04T08:00:00Z', project, tokens: { output: 1 } }]
    const csv = await exported('--no-header --by project', uses)
    expect(csv.split('\n')[1]).toMatch(/^"'=cmd\|' \/C calc'!A0,""x""\\u001b\[2J",0,/)
    const json = await exported('--by project --format json', uses)
    expect(json).not.toContain('\u001b')
    expect(JSON.parse(json).rows[0].group.project).toBe(project)
  })
})

describe('the file of an export', () => {
  it('appears complete, under the format of its name', async () => {
    const home = await homeWith(SAMPLE)
    const { out, exitCode } = await runLine('export --output may.json --days all', { home })
    expect(exitCode).toBe(0)
    expect(out).toMatch(/^Wrote .*may\.json: \d+ rows, .* kB; 2026-01-12 to now/)
    expect(JSON.parse(readFileSync(join(home, 'may.json'), 'utf8')).rows.length).toBeGreaterThan(5)
    expect(readdirSync(home).filter((name) => name.includes('tmp'))).toEqual([])
  })

  it('replaces another only with --force', async () => {
    const home = await homeWith(SAMPLE)
    const path = join(home, 'a.csv')
    writeFileSync(path, 'mine')
    const refused = await runLine('export --output a.csv', { home })
    expect(refused).toMatchObject({ exitCode: 2, out: '' })
    expect(refused.err).toContain('This would overwrite a file')
    expect(readFileSync(path, 'utf8')).toBe('mine')
    expect((await runLine('export --output a.csv --force', { home })).exitCode).toBe(0)
    expect(readFileSync(path, 'utf8')).toContain('estimated_cost_usd')
  })

  it('leaves nothing behind when it fails', async () => {
    const home = await homeWith(SAMPLE)
    expect((await runLine('export --output a.csv --since lately', { home })).exitCode).toBe(2)
    expect(existsSync(join(home, 'a.csv'))).toBe(false)
    expect(readdirSync(home).filter((name) => name.startsWith('a.csv'))).toEqual([])
  })

  it.each([
    { line: 'export', err: "required option '--output <file>' not specified" },
    { line: 'export --output - --format xml', err: 'Allowed choices are csv, json' },
    { line: 'export --output - --by modl', err: 'Did you mean model?' },
    { line: 'export --output - --by day,,model', err: 'Give names with commas between them.' },
    { line: 'export --output - --type billed --by agent', err: 'Use day, organization' },
    { line: 'export --output - --type billed --project x', err: '--project is about session logs' },
    { line: 'export --output - --type api --tz Europe/Berlin', err: 'Days of an organisation are UTC days' },
    { line: 'export --output no/such/folder.csv', err: 'Make the folder first' },
  ])('$line is refused', async ({ line, err }) => {
    const result = await runLine(line, { home: await homeWith(SAMPLE) })
    expect(result).toMatchObject({ exitCode: 2, out: '' })
    expect(result.err).toContain(err)
  })
})

describe('help of export', () => {
  it('has examples that work', async () => {
    const home = await homeWith(SAMPLE)
    const lines = await exampleLines('export')
    expect(lines.length).toBeGreaterThan(2)
    for (const line of lines) {
      expect({ line, ...(await runLine(line, { home })) }).toMatchObject({ line, exitCode: 0, err: '' })
    }
  })
})
