import type { Command } from 'commander'
import type { BudgetFigures } from '../../budgets/figures.ts'
import { alertThresholdsOf, budgetsOf, topUpsOf } from '../../config/budgets.ts'
import { enabledSources } from '../../config/enabled-sources.ts'
import { flagsFrom } from '../../config/flags.ts'
import { loadConfig } from '../../config/load.ts'
import { OperatorError } from '../../core/errors.ts'
import { closest } from '../../lib/suggest.ts'
import { worstState } from '../../report/budget-json.ts'
import { readFreshness } from '../../report/freshness.ts'
import { jsonText } from '../../report/json.ts'
import { BudgetView } from '../../view/budget-view.ts'
import type { Io } from '../io.ts'
import { openForReport } from '../ledger/open-for-report.ts'
import { sessionData } from '../ledger/session-data.ts'
import { budgetsJson } from './json.ts'
import { type BudgetReport, exitCodeOf } from './report.ts'
import { budgetLines } from './table.ts'

interface BudgetsOptions {
  readonly budget?: readonly string[]
  readonly json?: boolean
  readonly sync: boolean
}

/** Prints the budgets. Returns the exit code that stands for the worst state. */
export async function runBudgets(io: Io, command: Command): Promise<number> {
  const { budget: names, json = false, sync } = command.opts<BudgetsOptions>()
  const loaded = await loadConfig({ ...io.host, flags: flagsFrom(command) })
  const { config } = loaded
  const opened = await openForReport(io, loaded, sync)
  try {
    const { ledger, origin, roots } = opened
    const now = io.clock.now()
    const enabled = enabledSources(config)
    const freshness = await readFreshness(ledger, enabled, { origin, roots, now })
    const sessions = sessionData(opened.sources, freshness, { enabled, tallies: await ledger.tallies() })
    const view = new BudgetView({
      budgets: budgetsOf(config),
      topUps: topUpsOf(config),
      now: () => now,
      minElapsedRatio: alertThresholdsOf(config).forecast_elapsed_ratio,
      sessions: () => sessions,
    })
    await view.load(ledger)
    await view.refreshOrganizations(ledger)
    const { budgets, balances } = view.part()
    const wanted = names === undefined ? budgets : chosen(budgets, names)
    const report: BudgetReport = { budgets: wanted, balances, freshness, now, timeZone: config.timeZone }
    if (json) io.stdout.write(jsonText(budgetsJson(report)))
    else io.stdout.write(`${budgetLines(report, io.stdout).join('\n')}\n`)
    return exitCodeOf(worstState(wanted))
  } finally {
    await opened.close()
  }
}

function chosen(budgets: readonly BudgetFigures[], names: readonly string[]): readonly BudgetFigures[] {
  const known = budgets.map(({ budget }) => budget.name)
  const missing = names.find((name) => !known.includes(name))
  if (missing === undefined) return budgets.filter(({ budget }) => names.includes(budget.name))
  const near = closest(missing, known)
  throw new OperatorError(`There is no budget "${missing}" in force`, {
    seen: known.length === 0 ? 'no budget at all' : known.join(', '),
    fix: near === null ? 'Give the name of one of them.' : `Did you mean ${near}?`,
  })
}
