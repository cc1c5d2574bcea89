import { type BucketReport, type BucketWidth, type Generation, WIDTH_MS } from '../../core/organization.ts'
import { type RowChanges, SyncError } from '../../core/sync-run.ts'
import { DAY_MS } from '../../core/time.ts'
import type { OrganizationLedger, ReplaceOptions, Window } from '../../ledger/organization.ts'
import type { AdminApi, RangeQuery, Reach, Reading } from '../../sources/admin-api/admin-api.ts'
import { historyStart, planWindows, runningEnd } from './plan.ts'
import { firstDay, planDays } from './plan-days.ts'
import type { RunState } from './run-state.ts'
import { ceilTo, floorTo, type Span, splitSpan } from './span.ts'

export interface ReadContext {
  readonly api: AdminApi
  readonly ledger: OrganizationLedger
  readonly reach: (generation: Generation, width: BucketWidth, now: number) => Reach
  readonly usageWidth: BucketWidth
  readonly costWidth: BucketWidth
  readonly historyMs: number
  readonly now: () => number
  readonly lastDeepAt: number | null
  readonly range: Span | undefined
  readonly options: ReplaceOptions
  /** Something was stored. */
  readonly stored: () => void
}

/** Reads and stores all that is still to do; rejects with SyncError. Called again, goes on after what was stored. */
export async function readReport(context: ReadContext, state: RunState, signal: AbortSignal): Promise<void> {
  switch (state.report) {
    case 'directory':
      return readDirectory(context, state, signal)
    case 'claude-code':
      return readDays(context, state, signal)
    case 'usage':
    case 'cost':
      return readWindows(context, state, state.report, signal)
  }
}

async function readDirectory(context: ReadContext, state: RunState, signal: AbortSignal): Promise<void> {
  const { api, ledger, now, options } = context
  state.plan([{ from: 0, to: 0 }], null)
  const readAt = now()
  const directory = await api.readDirectory(state.events, signal)
  store(context, state, await fromLedger(ledger.saveDirectory(api.organization, directory, readAt, options)))
  state.finishOne()
}

async function readDays(context: ReadContext, state: RunState, signal: AbortSignal): Promise<void> {
  const { api, ledger, now, options } = context
  if (state.pending === null) {
    const today = floorTo(now(), DAY_MS)
    const known = context.range ?? { from: firstDay(now()), to: today + DAY_MS }
    const coverage = await covered(context, 'claude-code', known)
    const question = { now: now(), coverage, lastDeepAt: context.lastDeepAt }
    const plan = planDays(context.range === undefined ? question : { ...question, range: context.range })
    const days = plan.days.map((day) => ({ from: day, to: day + DAY_MS }))
    state.plan(days, plan)
  }
  for (let day = state.next(); day !== undefined; day = state.next()) {
    signal.throwIfAborted()
    const readAt = now()
    const reading = await api.readClaudeCode(day.from, state.events, signal)
    const window = toWindow(api.organization, null, DAY_MS, day, readAt, reading)
    store(context, state, await fromLedger(ledger.replaceClaudeCode(window, options)))
    state.finishOne()
  }
}

async function readWindows(
  context: ReadContext,
  state: RunState,
  report: 'usage' | 'cost',
  signal: AbortSignal,
): Promise<void> {
  const { api, ledger } = context
  const generation = state.generation ?? (await api.chooseGeneration(report, state.events, signal))
  state.generation = generation
  const width = widthOf(context, report, generation)
  const reach = context.reach(generation, width, context.now())
  if (state.pending === null) {
    const plan = await planReport(context, report, generation, width, reach)
    state.plan(plan.windows, plan)
  }
  for (let span = state.next(); span !== undefined; span = state.next()) {
    const widened = await fromLedger(ledger.widenWindow(api.organization, report, span))
    // A stored day that the API no longer reaches in full stays as it is.
    const from = widened.from < reach.earliest ? ceilTo(reach.earliest, DAY_MS) : widened.from
    for (const piece of splitSpan({ from, to: widened.to }, reach.maxRangeMs, WIDTH_MS[width])) {
      signal.throwIfAborted()
      store(context, state, await readPiece(context, state, report, { generation, width, ...piece }, signal))
    }
    state.finishOne()
  }
}

async function planReport(
  context: ReadContext,
  report: 'usage' | 'cost',
  generation: Generation,
  width: BucketWidth,
  reach: Reach,
) {
  const { historyMs: history, lastDeepAt, range } = context
  const now = context.now()
  const known = range ?? { from: historyStart(now, history, reach), to: runningEnd(now, width) }
  const coverage = await covered(context, report, known)
  const question = { report, generation, width, now, coverage, lastDeepAt, history, reach }
  return planWindows(range === undefined ? question : { ...question, range })
}

async function readPiece(
  { api, ledger, now, options }: ReadContext,
  state: RunState,
  report: 'usage' | 'cost',
  query: RangeQuery,
  signal: AbortSignal,
): Promise<RowChanges> {
  const readAt = now()
  const { generation, width } = query
  if (report === 'usage') {
    const reading = await api.readUsage(query, state.events, signal)
    const window = toWindow(api.organization, generation, WIDTH_MS[width], query, readAt, reading)
    return fromLedger(ledger.replaceUsage(window, options))
  }
  const reading = await api.readCost(query, state.events, signal)
  const window = toWindow(api.organization, generation, WIDTH_MS[width], query, readAt, reading)
  return fromLedger(ledger.replaceCost(window, options))
}

/** The legacy pair tells costs by the day only. */
function widthOf(context: ReadContext, report: 'usage' | 'cost', generation: Generation): BucketWidth {
  if (report === 'usage') return context.usageWidth
  return generation === 'legacy' ? '1d' : context.costWidth
}

function covered({ api, ledger }: ReadContext, report: BucketReport, { from, to }: Span) {
  return fromLedger(
    ledger.coverage(api.organization, report, { from: floorTo(from, DAY_MS), to: Math.max(from, ceilTo(to, DAY_MS)) }),
  )
}

function toWindow<Row>(
  organization: string,
  generation: Generation | null,
  widthMs: number,
  { from, to }: Span,
  readAt: number,
  { rows, completeTo }: Reading<Row>,
): Window<Row> {
  return { organization, generation, widthMs, from, to, completeTo: Math.min(completeTo, to), readAt, rows }
}

function store(context: ReadContext, state: RunState, changes: RowChanges): void {
  state.store(changes)
  if (context.options.dryRun !== true) context.stored()
}

/** What the ledger refuses, as a reason of its own. */
async function fromLedger<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw new SyncError('ledger', `The ledger failed: ${message}`, { cause: error })
  }
}
