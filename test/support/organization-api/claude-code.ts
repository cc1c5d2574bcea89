import type { Endpoint } from './context.ts'
import { badRequest } from './failure.ts'
import { allowOnly, iso, limitOf, pageOf } from './query.ts'
import { ORGANIZATION } from './streams.ts'
import { random } from './truth.ts'

const DAY_MS = 86_400_000
const DELAY_MS = 3_600_000

/** `GET /v1/organizations/usage_report/claude_code` */
export const claudeCode: Endpoint = (url, context) => {
  allowOnly(url, ['starting_at', 'limit', 'page'])
  const text = url.searchParams.get('starting_at') ?? ''
  const day = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(day)) throw badRequest('starting_at: Input should be a date in the form YYYY-MM-DD')
  const limit = Math.min(limitOf(url, 20, 1000), context.pageSize)
  const hasData = day + DELAY_MS <= context.now
  const { items, next } = pageOf(url, hasData ? claudeCodeDay(context.truth.seed, day) : [], limit)
  return { data: items, has_more: next !== null, next_page: next }
}

/** The records of a UTC day, as the API writes them. One actor has more than one. */
export function claudeCodeDay(seed: number, day: number): readonly Record<string, unknown>[] {
  return ACTORS.map(([actor, terminal, remote], index) => {
    const next = random(seed, 1000 + index, day / DAY_MS)
    const count = (most: number): number => Math.floor(next() * most)
    return {
      date: iso(day),
      actor,
      organization_id: ORGANIZATION.id,
      customer_type: 'api',
      subscription_type: null,
      terminal_type: terminal,
      is_remote: remote,
      core_metrics: {
        num_sessions: 1 + count(8),
        lines_of_code: { added: count(900), removed: count(300) },
        commits_by_claude_code: count(9),
        pull_requests_by_claude_code: count(3),
      },
      tool_actions: {
        edit_tool: { accepted: count(60), rejected: count(6) },
        multi_edit_tool: { accepted: count(9), rejected: count(2) },
        write_tool: { accepted: count(20), rejected: count(3) },
        notebook_edit_tool: { accepted: 0, rejected: 0 },
      },
      model_breakdown: ['claude-opus-4-8', 'claude-haiku-4-5'].map((model) => ({
        model,
        tokens: {
          input: count(90_000),
          output: count(40_000),
          cache_read: count(900_000),
          cache_creation: count(80_000),
        },
        estimated_cost: { amount: count(2000), currency: 'USD' },
      })),
    }
  })
}

const ACTORS = [
  [{ type: 'user_actor', email_address: 'ada@example.com' }, 'vscode', false],
  [{ type: 'user_actor', email_address: 'ada@example.com' }, 'iTerm.app', false],
  [{ type: 'user_actor', email_address: 'grace@example.com' }, 'tmux', true],
  [{ type: 'api_actor', api_key_name: 'nightly-batch' }, 'non-interactive', true],
] as const
