import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { eventually, startExporter, sumOf } from '../support/exporter.ts'
import { tempFolder } from '../support/temp.ts'

const FILLED = [
  'claude_tokens_total',
  'claude_estimated_cost_usd_total',
  'claude_unpriced_tokens_total',
  'claude_budget_used_ratio',
  'claude_api_tokens_month_to_date',
  'claude_billed_cost_month_to_date_usd',
  'claude_workspace_info',
  'claude_active_sessions',
]

it('the demo of the built program is filled, goes on, and leaves nothing behind', { timeout: 240_000 }, async () => {
  const folder = tempFolder()
  const temporary = join(folder, 'tmp')
  const storage = join(folder, 'ledger')
  mkdirSync(temporary)
  const exporter = await startExporter({
    home: folder,
    storage,
    flags: ['demo', '--days=2'],
    env: { TMPDIR: temporary, ANTHROPIC_ADMIN_KEY: 'sk-ant-admin01-not-for-the-demo' },
  })
  try {
    const filled = await eventually(
      'everything there is',
      async () => {
        const series = await exporter.scrape()
        if (series === null) return null
        const names = [...series.keys()]
        return FILLED.every((family) => names.some((name) => name.startsWith(family))) ? series : null
      },
      120_000,
    )
    expect(readdirSync(temporary)).toHaveLength(1)
    // Tokens count once a response is settled, which may take a minute; its lines are seen at once.
    const before = sumOf(filled, 'claude_exporter_lines_total')
    await eventually(
      'more lines',
      async () => {
        const series = await exporter.scrape()
        return series !== null && sumOf(series, 'claude_exporter_lines_total') > before ? true : null
      },
      90_000,
    )
  } finally {
    await exporter.kill('SIGTERM')
  }
  expect(readdirSync(temporary)).toEqual([])
  // Asked for by name, so that it is kept for the next time.
  expect(existsSync(join(storage, 'ledger.sqlite'))).toBe(true)
})
