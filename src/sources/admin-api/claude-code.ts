import * as z from 'zod/mini'
import type { ClaudeCodeModel, ClaudeCodeRow } from '../../core/organization.ts'
import { SyncError } from '../../core/sync-run.ts'
import { DAY_MS, HOUR_MS } from '../../core/time.ts'
import type { Reading } from './admin-api.ts'
import type { Source } from './buckets.ts'
import { pageLimit } from './options.ts'
import { pageOf, readPages } from './pages.ts'
import { LEGACY_VERSION } from './transport.ts'
import { addCounts, centsNumber, count, mergeRows, rfc3339, text, time, usd, word } from './wire.ts'

const PATH = 'usage_report/claude_code'
const RECORDS = 1000
/** Younger data are withheld. */
const DELAY_MS = HOUR_MS

/** An address or a name may be longer than a word. */
const actorName = text.check(z.minLength(1))

const record = z.object({
  date: time,
  actor: z.union([
    z.object({ type: z.literal('user_actor'), email_address: actorName }),
    z.object({ type: z.literal('api_actor'), api_key_name: actorName }),
  ]),
  customer_type: z.nullish(word),
  subscription_type: z.nullish(word),
  terminal_type: z.nullish(z.string().check(z.maxLength(200))),
  is_remote: z.nullish(z.boolean()),
  core_metrics: z.object({
    num_sessions: count,
    lines_of_code: z.object({ added: count, removed: count }),
    commits_by_claude_code: count,
    pull_requests_by_claude_code: count,
  }),
  tool_actions: z.nullish(z.record(z.string(), z.object({ accepted: count, rejected: count }))),
  model_breakdown: z.nullish(
    z.array(
      z.object({
        model: word,
        tokens: z.object({ input: count, output: count, cache_read: count, cache_creation: count }),
        estimated_cost: z.object({ amount: centsNumber, currency: usd }),
      }),
    ),
  ),
})

/** One UTC day of Claude Code, all pages. `day`: its start, epoch milliseconds. Rejects with SyncError. */
export async function readClaudeCode(source: Source, day: number): Promise<Reading<ClaudeCodeRow>> {
  const { transport, options, events, signal } = source
  const endpoint = {
    path: PATH,
    query: { starting_at: rfc3339(day).slice(0, 10), limit: pageLimit(options.pageSize, RECORDS) },
    headers: LEGACY_VERSION,
    body: pageOf(record),
  }
  const rows: ClaudeCodeRow[] = []
  for await (const page of readPages(transport, endpoint, 'page', events, signal)) {
    for (const wire of page.data) {
      if (wire.date === day) rows.push(rowOf(wire, day))
      else throw new SyncError('invalid_response', `${PATH}: a record of ${rfc3339(wire.date)} was not asked for`)
    }
  }
  return {
    rows: mergeRows(rows, keyOf, add),
    completeTo: Math.min(day + DAY_MS, Math.max(0, options.now() - DELAY_MS)),
  }
}

function rowOf(wire: z.infer<typeof record>, day: number): ClaudeCodeRow {
  const { actor, core_metrics: metrics } = wire
  const edits = Object.values(wire.tool_actions ?? {})
  const isUser = actor.type === 'user_actor'
  return {
    start: day,
    actorType: isUser ? 'user' : 'api_key',
    actor: isUser ? actor.email_address : actor.api_key_name,
    terminal: wire.terminal_type || 'none',
    isRemote: wire.is_remote ?? false,
    customerType: wire.customer_type ?? 'none',
    subscriptionType: wire.subscription_type ?? 'none',
    sessions: metrics.num_sessions,
    linesAdded: metrics.lines_of_code.added,
    linesRemoved: metrics.lines_of_code.removed,
    commits: metrics.commits_by_claude_code,
    pullRequests: metrics.pull_requests_by_claude_code,
    editsAccepted: edits.reduce((sum, edit) => addCounts(sum, edit.accepted), 0),
    editsRejected: edits.reduce((sum, edit) => addCounts(sum, edit.rejected), 0),
    models: mergeModels(
      (wire.model_breakdown ?? []).map(({ model, tokens, estimated_cost: cost }) => ({
        model,
        input: tokens.input,
        output: tokens.output,
        cacheRead: tokens.cache_read,
        cacheWrite: tokens.cache_creation,
        estimatedPico: cost.amount,
      })),
    ),
  }
}

function keyOf(row: ClaudeCodeRow): string {
  const { actorType, actor, terminal, isRemote, customerType, subscriptionType } = row
  return JSON.stringify([actorType, actor, terminal, isRemote, customerType, subscriptionType])
}

function add(a: ClaudeCodeRow, b: ClaudeCodeRow): ClaudeCodeRow {
  return {
    ...a,
    sessions: addCounts(a.sessions, b.sessions),
    linesAdded: addCounts(a.linesAdded, b.linesAdded),
    linesRemoved: addCounts(a.linesRemoved, b.linesRemoved),
    commits: addCounts(a.commits, b.commits),
    pullRequests: addCounts(a.pullRequests, b.pullRequests),
    editsAccepted: addCounts(a.editsAccepted, b.editsAccepted),
    editsRejected: addCounts(a.editsRejected, b.editsRejected),
    models: mergeModels([...a.models, ...b.models]),
  }
}

function mergeModels(models: readonly ClaudeCodeModel[]): ClaudeCodeModel[] {
  return mergeRows(
    models,
    ({ model }) => model,
    (a, b) => ({
      model: a.model,
      input: addCounts(a.input, b.input),
      output: addCounts(a.output, b.output),
      cacheRead: addCounts(a.cacheRead, b.cacheRead),
      cacheWrite: addCounts(a.cacheWrite, b.cacheWrite),
      estimatedPico: a.estimatedPico + b.estimatedPico,
    }),
  )
}
