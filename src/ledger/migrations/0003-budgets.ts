import type { Dialect } from '../dialect.ts'

/**
 * What is kept of budgets, and when a human last spoke in a session. Amounts are decimal text: pico-dollars or tokens of
 * any size and sign, which the database neither adds nor compares.
 */
export function budgets({ big, double, keyed }: Dialect): readonly string[] {
  return [
    `CREATE TABLE budget_period(budget TEXT NOT NULL, start ${big} NOT NULL, end_at ${big} NOT NULL, unit TEXT NOT NULL,
       limit_amount TEXT NOT NULL, PRIMARY KEY(budget, start))${keyed}`,
    `CREATE TABLE budget_crossing(budget TEXT NOT NULL, period_start ${big} NOT NULL, crossing TEXT NOT NULL,
       at ${big} NOT NULL, spent TEXT NOT NULL, limit_amount TEXT NOT NULL,
       PRIMARY KEY(budget, period_start, crossing))${keyed}`,
    `CREATE TABLE budget_forecast(budget TEXT NOT NULL, period_start ${big} NOT NULL, period_end ${big} NOT NULL,
       step ${double} NOT NULL, at ${big} NOT NULL, expected TEXT NOT NULL, PRIMARY KEY(budget, period_start, step))${keyed}`,
    `CREATE TABLE notice(key TEXT PRIMARY KEY, at ${big} NOT NULL)${keyed}`,
    // Null while no human turn of the session is known.
    `ALTER TABLE session ADD COLUMN turn_at ${big}`,
  ]
}
