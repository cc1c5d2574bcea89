import { metric } from '../definition.ts'
import { tokenSampler, USAGE_LABELS, usageTokens } from './labels.ts'

const unloggedTokens = tokenSampler<{ readonly source: string; readonly project: string; readonly model: string }>()

/** Tokens and requests since the ledger began, and what is known to be missing from them. */
export const usageDefinitions = [
  metric({
    name: 'claude_tokens_total',
    type: 'counter',
    help:
      'Tokens of finished responses in the session logs since the ledger began. The classes are disjoint: input is ' +
      'uncached input. Without calls that stand on no log line (claude_unlogged_tokens_total).',
    unit: 'tokens',
    labels: [...USAGE_LABELS, 'token_type'],
    collector: 'usage',
    read: (snapshot) => usageTokens(snapshot.counters.map((row) => [row.labels, row.tokens])),
  }),
  metric({
    name: 'claude_requests_total',
    type: 'counter',
    help:
      'Responses in the session logs since the ledger began, each counted once however many lines and copies tell ' +
      'of it. Without failed calls (claude_error_responses_total).',
    unit: 'requests',
    labels: USAGE_LABELS,
    collector: 'usage',
    read: (snapshot) => snapshot.counters.map((row) => [row.labels, row.requests] as const),
  }),
  metric({
    name: 'claude_web_search_requests_total',
    type: 'counter',
    help: 'Web searches billed beside the tokens, from the session logs, since the ledger began.',
    unit: 'requests',
    labels: USAGE_LABELS,
    collector: 'usage',
    read: (snapshot) => snapshot.counters.map((row) => [row.labels, row.webSearches] as const),
  }),
  metric({
    name: 'claude_tokens_reversed_total',
    type: 'counter',
    help:
      'Tokens that later corrections of the session logs would have taken from claude_tokens_total, which never ' +
      'falls: net use is the difference of the two. Absent where nothing was corrected.',
    unit: 'tokens',
    labels: [...USAGE_LABELS, 'token_type'],
    collector: 'usage',
    read: (snapshot) =>
      usageTokens(
        snapshot.counters
          .filter((row) => row.reversedTokens.some((tokens) => tokens !== 0n))
          .map((row) => [row.labels, row.reversedTokens]),
      ),
  }),
  metric({
    name: 'claude_unpriced_tokens_total',
    type: 'counter',
    help:
      'Tokens for which no price is known, since the ledger began. They are part of claude_tokens_total and of no ' +
      'cost. A price can be given in the configuration.',
    unit: 'tokens',
    labels: ['provider', 'model'],
    collector: 'usage',
    read: (snapshot) => snapshot.unpriced.map((row) => [row, row.tokens] as const),
  }),
  metric({
    name: 'claude_unlogged_tokens_total',
    type: 'counter',
    help:
      'Tokens an agent was billed for that stand on no log line (titles, compaction, suggestions, inner searches): ' +
      "the agent's own session total less its logged responses. Not part of claude_tokens_total.",
    unit: 'tokens',
    labels: ['source', 'project', 'model', 'token_type'],
    collector: 'usage',
    read: (snapshot) => unloggedTokens(snapshot.unlogged.map((row) => [row, row.tokens])),
  }),
  metric({
    name: 'claude_unfinal_requests_total',
    type: 'counter',
    help: 'Responses whose log never got the final output count; counted with the last count it has.',
    unit: 'requests',
    labels: ['source'],
    collector: 'usage',
    read: (snapshot) => snapshot.perSource.map((row) => [row, row.unfinal] as const),
  }),
  metric({
    name: 'claude_no_usage_requests_total',
    type: 'counter',
    help: 'Responses for which nobody reported any token count. They count as requests with 0 tokens.',
    unit: 'requests',
    labels: ['source'],
    collector: 'usage',
    read: (snapshot) => snapshot.perSource.map((row) => [row, row.noUsage] as const),
  }),
  metric({
    name: 'claude_error_responses_total',
    type: 'counter',
    help: 'Failed or aborted responses without any tokens in the session logs. Not part of claude_requests_total.',
    unit: 'responses',
    labels: ['source'],
    collector: 'usage',
    read: (snapshot) => snapshot.perSource.map((row) => [row, row.errors] as const),
  }),
  metric({
    name: 'claude_unreconciled_requests_total',
    type: 'counter',
    help: 'Responses whose logged iterations do not add up to the logged total.',
    unit: 'requests',
    labels: ['source'],
    collector: 'usage',
    read: (snapshot) => snapshot.perSource.map((row) => [row, row.unreconciled] as const),
  }),
  metric({
    name: 'claude_unsplit_tokens_total',
    type: 'counter',
    help:
      'Tokens a provider reported only within a total, so that their class is unknown. Neither in ' +
      'claude_tokens_total nor in any cost.',
    unit: 'tokens',
    labels: ['source'],
    collector: 'usage',
    read: (snapshot) => snapshot.perSource.map((row) => [row, row.unsplitTokens] as const),
  }),
]
