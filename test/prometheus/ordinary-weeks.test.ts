import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, describe, expect, it } from 'vitest'
import { isInstalled } from '../support/binaries.ts'
import { alertGroups, recordingGroups } from './rule-files.ts'
import { MONDAY, nightlyUse, STEP_MS, teamUse, type Use, WEEK_MS } from './support/team-use.ts'
import { weekSeries } from './support/week-series.ts'

const run = promisify(execFile)
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
// One for all tests, which run at the same time: the end of one must take nothing from the others.
const FOLDER = mkdtempSync(join(tmpdir(), 'claude-usage-exporter-'))
afterAll(() => rmSync(FOLDER, { recursive: true, force: true }))
/**
 * The rules that look at pace and habits; the others look at figures that these weeks do not have. Told at once, so that
 * few evaluations see as much as many.
 */
const GROUPS = [...recordingGroups, ...alertGroups]
  .filter(({ name }) => /budgets\.rules|windows|budget-trends|runaways|efficiency/.test(name))
  .map(({ name, rules }) => ({ name, rules: rules.map(({ for: _, ...rule }) => rule) }))

describe
  .runIf(isInstalled('promtool'))
  .concurrent('five people with $10 a day, a million tokens a week, $200 a month', () => {
    it('an ordinary week and its weekend, after four of the same: nothing is told', async () => {
      const uses = teamUse(MONDAY - 4 * WEEK_MS, MONDAY + WEEK_MS, 1)
      await tells([], uses, { from: MONDAY, to: MONDAY + WEEK_MS })
    })

    it('one person who uses as much, in the first days after installation: nothing is told', async () => {
      const to = MONDAY + 3 * DAY_MS
      await tells([], teamUse(MONDAY, to, 2, ['shop']), { from: MONDAY, to })
    })

    it('the first nights of a job of $2: nothing is told', async () => {
      const to = MONDAY + 2 * DAY_MS
      const uses = [...teamUse(MONDAY - 4 * WEEK_MS, to, 3), ...nightlyUse(MONDAY, to)]
      await tells([], uses, { from: MONDAY, to })
    })

    it('many times the usual on Wednesday from 10 to 11: told', async () => {
      const start = MONDAY + 2 * DAY_MS + 10 * HOUR_MS
      const uses = teamUse(MONDAY - 4 * WEEK_MS, start + 4 * HOUR_MS, 1).map((use) =>
        use.time >= start && use.time < start + HOUR_MS ? times(use, 200) : use,
      )
      const expected = ['ClaudeBudgetBurnFast', 'ClaudeBudgetBurnSlow', 'ClaudeRunawayAgent', 'ClaudeUnusualSpend']
      await tells(expected, uses, { from: start - 2 * HOUR_MS, to: start + 4 * HOUR_MS })
    })
  })

interface Time {
  readonly from: number
  readonly to: number
}

/** Which alerts fired at any time. */
async function tells(alerts: readonly string[], uses: readonly Use[], { from, to }: Time): Promise<void> {
  const folder = mkdtempSync(join(FOLDER, 'week-'))
  const minutes = (ms: number) => `${ms / 60_000}m`
  const end = to - STEP_MS
  const fired = `count_over_time(ALERTS{alertstate="firing"}[${minutes(end - from)}])`
  const test = {
    rule_files: ['rules.yml'],
    evaluation_interval: '30m',
    group_eval_order: GROUPS.map(({ name }) => name),
    tests: [
      {
        interval: '5m',
        input_series: weekSeries(uses, { from, to }),
        promql_expr_test: [
          {
            expr: `group by (alertname) (${fired})`,
            eval_time: minutes(end - from),
            exp_samples: alerts.map((alertname) => ({ labels: `{alertname="${alertname}"}`, value: 1 })),
          },
        ],
      },
    ],
  }
  writeFileSync(join(folder, 'rules.yml'), JSON.stringify({ groups: GROUPS }))
  const file = join(folder, 'week.yml')
  writeFileSync(file, JSON.stringify(test))
  const { stdout, stderr } = await run('promtool', ['test', 'rules', file]).catch((error) => error)
  expect(`${stdout}${stderr}`).toMatch(/^Unit Testing: .*\n\s*SUCCESS\s*$/)
}

function times(use: Use, factor: number): Use {
  return { ...use, costPico: use.costPico * BigInt(factor), newTokens: use.newTokens * factor }
}
