import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { lockLedger } from '../../../src/ledger/sqlite/lock.ts'
import { ledgerPathIn, runLine } from '../support/fake-io.ts'
import { homeWith, type Use } from '../support/sample.ts'

// 3 dollars per million input tokens, 15 per million output.
const MODEL = 'claude-sonnet-4-5'
const USES: readonly Use[] = [
  { at: '2026-05-01T10:00:00Z', model: MODEL, project: 'blog', tokens: { input: 1_000_000 } },
  { at: '2026-05-04T08:00:00Z', model: MODEL, project: 'shop', tokens: { input: 500_000, cacheRead: 1_000_000 } },
  { at: '2026-05-04T12:00:00Z', model: MODEL, project: 'shop', tokens: { output: 100_000 } },
]
// Today 1.5 + 0.3 + 1.5 = 3.3, this month 6.3 dollars; today 600,000 tokens without cache reads.

async function run(budgets: string, line = '--no-sync', options: { width?: number; now?: number } = {}) {
  const home = await homeWith(USES)
  writeFileSync(join(home, 'c.yml'), `time_zone: UTC\nbudgets:\n${budgets}`)
  return runLine(`budgets --config.file ${join(home, 'c.yml')} ${line}`, { home, ...options })
}

describe('budgets', () => {
  it('shows each with its state, and ends with the worst', async () => {
    const { out, exitCode } = await run(
      [
        '- {name: daily, limit_usd: 10, period: day}',
        '- {name: shop, limit_tokens: 700000, period: day, scope: {project: sh*}}',
        '- {name: monthly, limit_usd: 5, period: month}',
      ].join('\n'),
      '--no-sync',
      { width: 140 },
    )
    expect(exitCode).toBe(5)
    const rows = out.split('\n')
    expect(rows.find((row) => row.startsWith('daily '))).toMatch(/^daily +day +ok +\$3\.30 +\$10\.00 +33\.0% .*\$6\.70/)
    expect(rows.find((row) => row.startsWith('shop '))).toMatch(/^shop +day +warning +600,000 tok +700,000 tok +85\.7%/)
    const monthly = rows.find((row) => row.startsWith('monthly '))
    expect(monthly).toMatch(/^monthly +month +exceeded +\$6\.30 +\$5\.00 +126\.0% .*-\$1\.30 .*since 12:15 /)
    expect(out).toContain('shop: session tokens of project=sh*; 2026-05-04')
    expect(out).toContain('monthly: estimated cost of everything; 2026-05-01 to 2026-05-31')
  })

  it.each([
    ['ok', 100, 0],
    ['warning', 4.4, 3],
    ['critical', 3.5, 4],
    ['exceeded', 3.3, 5],
  ])('ends with the code of %s', async (state, limit, code) => {
    const { out, exitCode } = await run(`- {name: daily, limit_usd: ${limit}, period: day}`)
    expect(out).toContain(state)
    expect(exitCode).toBe(code)
  })

  it('old data are unknown and at least what is known', async () => {
    const now = Date.parse('2026-05-04T16:00:00Z')
    const { out, exitCode } = await run('- {name: daily, limit_usd: 10, period: day}', '--no-sync', { now })
    expect(exitCode).toBe(6)
    expect(out).toContain('daily: unknown, because its data are too old')
    expect(out).toContain('At least 33.0% are used.')
  })

  it('beside a running exporter the ledger counts as followed', async () => {
    const home = await homeWith(USES)
    writeFileSync(join(home, 'c.yml'), 'time_zone: UTC\nbudgets: [{name: daily, limit_usd: 10, period: day}]')
    const unlock = lockLedger(ledgerPathIn(home))
    const now = Date.parse('2026-05-04T16:00:00Z')
    const { exitCode } = await runLine(`budgets --config.file ${join(home, 'c.yml')}`, { home, now })
    unlock()
    expect(exitCode).toBe(0)
  })

  it('an exceeded one outweighs an unknown one, an unknown one a warning', async () => {
    const bill = '- {name: bill, limit_usd: 10, period: month, basis: billed_cost}'
    expect((await run(`- {name: daily, limit_usd: 1, period: day}\n${bill}`)).exitCode).toBe(5)
    expect((await run(`- {name: daily, limit_usd: 4, period: day}\n${bill}`)).exitCode).toBe(6)
  })

  it('JSON has the exact numbers', async () => {
    const { out } = await run('- {name: monthly, limit_usd: 5, period: month, owner: finance}', '--no-sync --json')
    expect(JSON.parse(out)).toMatchObject({
      schemaVersion: 1,
      worstState: 'exceeded',
      budgets: [
        {
          name: 'monthly',
          unit: 'usd',
          owner: 'finance',
          limit: 5,
          spent: 6.3,
          remaining: -1.3,
          usedRatio: 1.26,
          state: 'exceeded',
          exhaustsAt: '2026-05-04T12:15:00Z',
          period: { name: 'month', start: '2026-05-01T00:00:00Z', end: '2026-06-01T00:00:00Z' },
        },
      ],
    })
  })

  it('can be one of them; a name that is none is refused', async () => {
    const budgets = '- {name: daily, limit_usd: 10, period: day}\n- {name: month, limit_usd: 1, period: month}'
    expect((await run(budgets, '--no-sync --budget daily')).exitCode).toBe(0)
    const { err, exitCode } = await run(budgets, '--no-sync --budget dayly')
    expect(exitCode).toBe(2)
    expect(err).toContain('Did you mean daily?')
  })

  it('says how to write one where there is none', async () => {
    const home = await homeWith(USES)
    const { out, exitCode } = await runLine('alerts --no-sync', { home })
    expect(exitCode).toBe(0)
    expect(out).toContain('No budget is configured')
  })
})
