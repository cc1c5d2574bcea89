import { budgetsDocument } from '../api/budgets.ts'
import { claudeUsageDocument } from '../api/claude-usage.ts'
import type { ApiContext } from '../api/context.ts'
import { adviceDocument, alertsDocument, windowsDocument } from '../api/now.ts'
import type { SummaryDocument } from '../api/schema/usage.ts'
import { runsDocument, sourcesDocument } from '../api/snapshot-lists.ts'
import { statusDocument } from '../api/status.ts'
import { usageOfAll } from '../api/usage.ts'
import {
  agentsDocument,
  machinesDocument,
  modelsDocument,
  projectsDocument,
  sessionsDocument,
} from '../api/usage-lists.ts'
import { picoFromDecimal, usdFromPico } from '../core/money.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { LIST_DAYS, type Overview, type OverviewDay, TREND_DAYS } from './overview.ts'

const LISTED = { days: LIST_DAYS, limit: 10 }
const SHOWN_RUNS = 5
const SHOWN_MACHINES = 100

/** Rejects with LedgerError. */
export async function readOverview(context: ApiContext): Promise<Overview> {
  const { at, timeZone, version, current } = context
  const frozen = await context.ledger.freeze()
  try {
    const { revision } = frozen
    const shared: Ledger = {
      ...frozen.ledger,
      freeze: async () => ({ ledger: shared, revision }),
      close: async () => {},
    }
    const one = { ...context, ledger: shared }
    const summary = await usageOfAll({ days: TREND_DAYS }, one)
    return {
      at,
      timeZone,
      version,
      status: statusDocument(one),
      summary,
      days: daysOf(summary),
      budgets: budgetsDocument(one),
      agents: await agentsDocument(LISTED, one),
      models: await modelsDocument(LISTED, one),
      projects: await projectsDocument(LISTED, one),
      sessions: await sessionsDocument(LISTED, one),
      machines: await machinesDocument({ ...LISTED, limit: SHOWN_MACHINES }, one),
      windows: windowsDocument(one),
      alerts: alertsDocument(one),
      advice: await adviceDocument(one),
      sources: sourcesDocument({}, one),
      runs: await runsDocument({ limit: SHOWN_RUNS }, one),
      claudeUsage: claudeUsageDocument(current, at),
    }
  } finally {
    await frozen.ledger.close()
  }
}

/** Providers are told of for the same days, in the same order. */
function daysOf({ providers }: SummaryDocument): OverviewDay[] {
  const first = providers[0]?.byDay ?? []
  return first.map(({ day }, index) => {
    const rows = providers.flatMap(({ byDay }) => byDay[index] ?? [])
    const sum = (value: (row: (typeof rows)[number]) => number) => rows.reduce((total, row) => total + value(row), 0)
    return {
      day,
      estimatedCostUsd: sumUsd(rows.map(({ estimatedCostUsd }) => estimatedCostUsd)),
      planValueUsd: sumUsd(rows.map(({ planValueUsd }) => planValueUsd)),
      tokens: sum(({ tokens }) => tokens.total),
      requests: sum(({ requests }) => requests),
    }
  })
}

/** Without the last digits that adding floats brings. */
function sumUsd(amounts: readonly number[]): number {
  return usdFromPico(amounts.reduce((sum, usd) => sum + (picoFromDecimal(String(usd)) ?? 0n), 0n))
}
