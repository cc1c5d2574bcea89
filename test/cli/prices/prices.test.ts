import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { displayWidth } from '../../../src/cli/terminal/width.ts'
import { exampleLines } from '../support/examples.ts'
import { runLine } from '../support/fake-io.ts'
import { homeWith, SAMPLE } from '../support/sample.ts'

const CONFIG = `pricing:
  aliases: { house-model: claude-opus-4-5 }
  overrides:
    - { model: mystery-2, since: 2026-05-01, input: 1.5, output: 6 }
    - { model: claude-sonnet-4-5, since: 2026-06-01, input: 2, output: 10 }
`

async function prices(line: string, config = CONFIG) {
  const home = await homeWith(SAMPLE)
  writeFileSync(join(home, 'c.yml'), config)
  const result = await runLine(`prices --config.file ${join(home, 'c.yml')} ${line}`, { home, width: 160 })
  return result
}

async function json(line: string) {
  const { out, err, exitCode } = await prices(`${line} --json`)
  expect({ err, exitCode }).toEqual({ err: '', exitCode: 0 })
  return JSON.parse(out)
}

describe('prices', () => {
  it('are in dollars per million tokens, with their origin', async () => {
    const { prices: rows } = await json('--at 2026-05-04')
    expect(rows.find((row: { model: string }) => row.model === 'claude-opus-4-5-20251101')).toMatchObject({
      list: 'standard',
      state: 'in force',
      usdPerMillionTokens: { input: 5, cacheWrite5m: 6.25, cacheWrite1h: 10, cacheRead: 0.5, output: 25 },
      origin: 'table',
      evidence: { confidence: 'published' },
      aliases: ['claude-opus-4-5'],
    })
    expect(rows.find((row: { model: string }) => row.model === 'mystery-2')).toMatchObject({
      since: '2026-05-01',
      usdPerMillionTokens: { input: 1.5, cacheRead: 0.15, output: 6 },
      origin: 'configuration',
      evidence: null,
    })
  })

  it.each([
    { line: '--at 2026-05-31', states: [['in force', 3]] },
    { line: '--at 2026-06-01', states: [['in force', 2]] },
    {
      line: '--at 2026-05-31 --all',
      states: [
        ['in force', 3],
        ['to come', 2],
      ],
    },
    {
      line: '--at 2026-06-01 --all',
      states: [
        ['over', 3],
        ['in force', 2],
      ],
    },
  ])('of a model at a day: $line', async ({ line, states }) => {
    const { prices: rows } = await json(`--model claude-sonnet-4-5 ${line}`)
    const standard = rows.filter((row: { list: string }) => row.list === 'standard')
    expect(
      standard.map((row: { state: string; usdPerMillionTokens: { input: number } }) => [
        row.state,
        row.usdPerMillionTokens.input,
      ]),
    ).toEqual(states)
  })

  it('names what the ledger holds without a price, and aliases of the configuration', async () => {
    const { unpriced, configuredAliases } = await json('')
    expect(unpriced).toEqual([{ provider: 'unknown', model: 'mystery-1', tokens: 4_000 }])
    expect(configuredAliases).toEqual({ 'house-model': 'claude-opus-4-5' })
    const { out } = await prices('')
    expect(out).toMatch(/mystery-1 +unknown +4,000/)
    expect(out).toContain('house-model is claude-opus-4-5 (pricing.aliases)')
  })

  it('finds a model by what logs call it', async () => {
    const { prices: rows } = await json('--model us.anthropic.claude-opus-4-5-20251101-v1:0 --at 2026-05-04')
    expect(rows.map((row: { model: string }) => row.model)).toEqual(['claude-opus-4-5-20251101'])
  })

  it('works before there is a ledger', async () => {
    const { out, exitCode } = await runLine('prices')
    expect(exitCode).toBe(0)
    expect(out).toContain('not known, there is no ledger yet')
  })

  it.each([60, 80, 120, 160])('fits %i columns', async (width) => {
    const { out } = await runLine('prices --all', { home: await homeWith(SAMPLE), width })
    for (const line of out.split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(width)
    expect(out).toMatch(/Input .*Output/)
  })

  it.each([
    { line: '--at lately', err: 'Give a UTC day such as 2026-05-04.' },
    { line: '--model claude-opus-9', err: 'No price is known for this model (got claude-opus-9)' },
  ])('refuses $line', async ({ line, err }) => {
    const result = await prices(line)
    expect(result).toMatchObject({ exitCode: 2, out: '' })
    expect(result.err).toContain(err)
  })

  it('has examples that work', async () => {
    const home = await homeWith(SAMPLE)
    for (const line of await exampleLines('prices')) {
      expect(await runLine(line, { home })).toMatchObject({ exitCode: 0, err: '' })
    }
  })
})
