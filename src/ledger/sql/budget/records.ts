import { CROSSINGS, type Crossing } from '../../../core/budget.ts'
import type { BudgetQuery, StoredCrossing, StoredForecast, StoredPeriod } from '../../budgets.ts'
import { bound } from '../integer.ts'
import type { Db, Rows } from '../store.ts'
import { compareTexts } from '../text.ts'

export async function savePeriod(db: Db, { budget, start, end, unit, limit }: StoredPeriod): Promise<void> {
  await db.run(
    `INSERT INTO budget_period(budget, start, end_at, unit, limit_amount) VALUES(?, ?, ?, ?, ?)
     ON CONFLICT(budget, start) DO UPDATE SET end_at = excluded.end_at, unit = excluded.unit,
       limit_amount = excluded.limit_amount`,
    budget,
    start,
    end,
    unit,
    limit.toString(),
  )
}

/** False when it is known. */
export async function addCrossing(db: Db, crossing: StoredCrossing): Promise<boolean> {
  const added = await db.run(
    `INSERT INTO budget_crossing(budget, period_start, crossing, at, spent, limit_amount) VALUES(?, ?, ?, ?, ?, ?)
     ON CONFLICT(budget, period_start, crossing) DO NOTHING`,
    crossing.budget,
    crossing.periodStart,
    crossing.crossing,
    crossing.at,
    crossing.spent.toString(),
    crossing.limit.toString(),
  )
  return added === 1
}

/** False when one is known for the step of the period. */
export async function addForecast(db: Db, forecast: StoredForecast): Promise<boolean> {
  const added = await db.run(
    `INSERT INTO budget_forecast(budget, period_start, period_end, step, at, expected) VALUES(?, ?, ?, ?, ?, ?)
     ON CONFLICT(budget, period_start, step) DO NOTHING`,
    forecast.budget,
    forecast.periodStart,
    forecast.periodEnd,
    forecast.step,
    forecast.at,
    forecast.expected.toString(),
  )
  return added === 1
}

export async function readPeriods(rows: Rows, query: BudgetQuery): Promise<StoredPeriod[]> {
  const columns = 'budget, start, end_at, unit, limit_amount FROM budget_period'
  const found = await select(rows, columns, 'start', query)
  return found
    .map(([budget, start, end, unit, limit]) => ({
      budget: String(budget),
      start: Number(start),
      end: Number(end),
      unit: unit as StoredPeriod['unit'],
      limit: BigInt(String(limit)),
    }))
    .sort((a, b) => compareTexts(a.budget, b.budget) || a.start - b.start)
}

export async function readCrossings(rows: Rows, query: BudgetQuery): Promise<StoredCrossing[]> {
  const columns = 'budget, period_start, crossing, at, spent, limit_amount FROM budget_crossing'
  const found = await select(rows, columns, 'period_start', query)
  return found
    .map(([budget, periodStart, crossing, at, spent, limit]) => ({
      budget: String(budget),
      periodStart: Number(periodStart),
      crossing: crossing as Crossing,
      at: Number(at),
      spent: BigInt(String(spent)),
      limit: BigInt(String(limit)),
    }))
    .sort(
      (a, b) =>
        compareTexts(a.budget, b.budget) ||
        a.periodStart - b.periodStart ||
        CROSSINGS.indexOf(a.crossing) - CROSSINGS.indexOf(b.crossing),
    )
}

export async function readForecasts(rows: Rows, query: BudgetQuery): Promise<StoredForecast[]> {
  const columns = 'budget, period_start, period_end, step, at, expected FROM budget_forecast'
  const found = await select(rows, columns, 'period_start', query)
  return found
    .map(([budget, periodStart, periodEnd, step, at, expected]) => ({
      budget: String(budget),
      periodStart: Number(periodStart),
      periodEnd: Number(periodEnd),
      step: Number(step),
      at: Number(at),
      expected: BigInt(String(expected)),
    }))
    .sort((a, b) => compareTexts(a.budget, b.budget) || a.periodStart - b.periodStart || a.step - b.step)
}

function select(rows: Rows, columns: string, start: string, { budget, since }: BudgetQuery): Promise<unknown[][]> {
  const conditions: string[] = []
  const parameters: unknown[] = []
  if (budget !== undefined) {
    conditions.push('budget = ?')
    parameters.push(budget)
  }
  if (since !== undefined) {
    conditions.push(`${start} >= ?`)
    parameters.push(bound(since))
  }
  const where = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`
  return rows.all(`SELECT ${columns}${where}`, ...parameters)
}
