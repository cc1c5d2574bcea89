import { isDeepStrictEqual } from 'node:util'
import type { Overview } from '../overview/overview.ts'
import { amountText, countText, percentText } from './figures.ts'
import type { Budget } from './main-budget.ts'
import { timeText } from './times.ts'
import { isOverrunExpected, reasonText, stateText } from './words.ts'

/** Something to tick off. Texts hold names as they are: escape them. */
export interface Task {
  readonly text: string
  /** Page that says how; null without one. */
  readonly link: string | null
}

/** A window of a plan that is used so far is worth a look. */
const NEARLY_FULL = 0.9

/** What follows from alerts, budgets, advice, sources and prices, the most urgent first, nothing twice. */
export function checkList(overview: Overview): Task[] {
  const { advice } = overview
  return [
    ...advice.rows.filter(({ urgency }) => urgency === 'now').map((row) => adviceTask(row, overview)),
    ...alertTasks(overview),
    ...budgetTasks(overview),
    ...windowTasks(overview),
    ...sourceTasks(overview),
    ...priceTasks(overview),
    ...advice.rows.filter(({ urgency }) => urgency !== 'now').map((row) => adviceTask(row, overview)),
  ]
}

/** With the page of the alert about the same, if there is one. */
function adviceTask({ title, labels }: Overview['advice']['rows'][number], { alerts }: Overview): Task {
  const alert = alerts.rows.find((row) => isSame(row.labels, labels))
  return { text: title, link: alert?.runbook ?? null }
}

/** The first alert about each thing, where no advice says what to do about it. */
function alertTasks({ alerts: { rows }, advice }: Overview): Task[] {
  return rows
    .filter(({ labels }) => !advice.rows.some((row) => row.urgency === 'now' && isSame(labels, row.labels)))
    .filter(({ labels }, index) => rows.findIndex((other) => isSame(other.labels, labels)) === index)
    .map(({ description, runbook }) => ({ text: `Look into this: ${description}`, link: runbook }))
}

function isSame(a: Labels, b: Labels): boolean {
  if (a['budget'] !== undefined || b['budget'] !== undefined) return a['budget'] === b['budget']
  return isDeepStrictEqual(a, b)
}

type Labels = Readonly<Record<string, string>>

/** Those that no alert or advice is about: these say it already. */
function budgetTasks({ budgets: { budgets }, alerts, advice }: Overview): Task[] {
  const told = new Set([...alerts.rows, ...advice.rows].map(({ labels }) => labels['budget']))
  const untold = budgets.filter(({ name }) => !told.has(name))
  return [...untold.flatMap(budgetTask), ...unknownTasks(untold)]
}

function unknownTasks(budgets: readonly Budget[]): Task[] {
  const unknown = budgets.filter(({ state }) => state === 'unknown')
  const reasons = [...new Set(unknown.map(({ unknownReason }) => unknownReason))]
  return reasons.map((reason) => {
    const names = unknown.filter(({ unknownReason }) => unknownReason === reason).map(({ name }) => name)
    const why = reason === null ? 'no reason is known' : reasonText(reason)
    return task(
      `Find out why nothing can be said of ${names.length === 1 ? 'budget' : 'budgets'} ${names.join(', ')}: ${why}.`,
    )
  })
}

function budgetTask(budget: Budget): Task[] {
  const { name, state, forecast, limit, unit } = budget
  if (state === 'exceeded' || state === 'critical') {
    return [task(`Decide whether budget ${name} gets a higher limit or its use has to wait: ${stateText(budget)}.`)]
  }
  if (!isOverrunExpected(budget)) return []
  const end = `${amountText(forecast?.expected ?? null, unit)} at a limit of ${amountText(limit, unit)}`
  return [task(`Slow down what budget ${name} is for, or raise its limit: it is forecast to end at ${end}.`)]
}

function windowTasks({ windows, at }: Overview): Task[] {
  return windows.rows
    .filter(({ usedRatio, resetsAt }) => usedRatio >= NEARLY_FULL && resetsAt !== null && Date.parse(resetsAt) > at)
    .map(({ account, window, usedRatio, resetsAt }) =>
      task(
        `Plan the work of account ${account} around its ${window} limit: ${percentText(usedRatio)} is used, it is renewed ${timeText(resetsAt)}.`,
      ),
    )
}

function sourceTasks({ sources, runs }: Overview): Task[] {
  return sources.rows
    .filter(({ up }) => up === false)
    .map(({ source, lastSuccess }) => {
      const error = runs.rows.find((run) => run.source === source && run.error !== null)?.error ?? null
      const why = error === null ? '' : ` The last error: ${error}`
      return task(`Make source ${source} readable again; it was last read ${timeText(lastSuccess)}.${why}`)
    })
}

function priceTasks({ models, advice }: Overview): Task[] {
  const told = new Set(advice.rows.filter(({ kind }) => kind === 'set_price').map(({ labels }) => labels['model']))
  return models.rows
    .filter(({ model, unpricedTokens }) => unpricedTokens > 0 && !told.has(model))
    .map(({ model, unpricedTokens }) =>
      task(`Set a price for model ${model} (pricing.overrides): ${countText(unpricedTokens)} tokens are in no amount.`),
    )
}

function task(text: string): Task {
  return { text, link: null }
}
