import { CROSSINGS } from '../../../core/budget.ts'
import { amountIn, dollars, instant, utcDay } from './sql.ts'
import { output, type View, view } from './view.ts'

const count = (name: string, about: string) => output(name, 'bigint', `sync_run.${name}`, about)

const SYNC_RUNS = view(
  'sync_runs',
  'The log of runs, a row per run.',
  [
    output('id', 'bigint', 'sync_run.id::bigint', 'Number of the run.'),
    output('source', 'text', 'sync_run.source', 'What was read, such as `anthropic-usage`.'),
    output('machine', 'text', 'machine.name', 'Machine that made the run. Null where it is not known.'),
    output(
      'cause',
      'text',
      'sync_run.cause',
      'What made it begin: `start`, `schedule`, `catch_up`, `command`, `request`.',
    ),
    output('started_at', 'timestamptz', instant('sync_run.started_at'), 'When it began.'),
    output('ended_at', 'timestamptz', instant('sync_run.ended_at'), 'When it ended. Null while it runs.'),
    output(
      'duration_seconds',
      'numeric',
      '(sync_run.ended_at - sync_run.started_at) * 0.001',
      'How long it took, seconds. Null while it runs.',
    ),
    output('result', 'text', 'sync_run.result', '`running`, `ok`, `partial`, `failed` or `interrupted`.'),
    output('reason', 'text', 'sync_run.reason', 'Why it failed, one word. Null where it did not.'),
    output('error', 'text', 'sync_run.error', 'What went wrong, in words. Null where nothing did.'),
    output(
      'range_from',
      'timestamptz',
      instant('sync_run.from_at'),
      'Start of what was to be read. Null where there is no range.',
    ),
    output(
      'range_to',
      'timestamptz',
      instant('sync_run.to_at'),
      'End of what was to be read. Null where there is no range.',
    ),
    output('attempts', 'bigint', 'sync_run.attempts::bigint', 'How often it was tried.'),
    count('requests', 'Requests to the API.'),
    output('rows_fetched', 'bigint', 'sync_run.fetched', 'Rows that the API gave.'),
    output('rows_added', 'bigint', 'sync_run.added', 'Rows that were new.'),
    output('rows_changed', 'bigint', 'sync_run.changed', 'Rows that had changed.'),
    output('rows_removed', 'bigint', 'sync_run.removed', 'Rows that did not come back.'),
    output('rows_unchanged', 'bigint', 'sync_run.unchanged', 'Rows that were the same as before.'),
  ],
  'FROM sync_run LEFT JOIN machine ON machine.id = sync_run.machine_id',
)

const severity = `CASE crossing ${CROSSINGS.map((name, index) => `WHEN '${name}' THEN ${index}`).join(' ')} END`

const BUDGET_STATE = view(
  'budget_state',
  'What is recorded of budgets, a row per budget and period. What is spent at this moment is computed by the exporter: see `/api/budgets` and `claude_budget_spent_usd`.',
  [
    output('budget', 'text', 'budget_period.budget', 'Name of the budget.'),
    output('period_start', 'timestamptz', instant('budget_period.start'), 'First instant of the period.'),
    output('period_end', 'timestamptz', instant('budget_period.end_at'), 'First instant after the period.'),
    output(
      'is_current',
      'boolean',
      `${instant('budget_period.start')} <= now() AND now() < ${instant('budget_period.end_at')}`,
      'Whether the period runs now, by the clock of the database.',
    ),
    output('unit', 'text', 'budget_period.unit', '`usd` or `tokens`.'),
    output(
      'limit_usd',
      'numeric',
      amountIn('usd', 'budget_period.limit_amount', 'budget_period.unit'),
      'Limit in US dollars. Null for a budget of tokens.',
    ),
    output(
      'limit_tokens',
      'numeric',
      amountIn('tokens', 'budget_period.limit_amount', 'budget_period.unit'),
      'Limit in tokens. Null for a budget of dollars.',
    ),
    output(
      'passed',
      'text',
      `COALESCE(crossed.crossing, 'none')`,
      'The most serious threshold that was passed in the period: `none`, `warning`, `critical` or `exceeded`.',
    ),
    output('passed_at', 'timestamptz', instant('crossed.at'), 'When that was noticed. Null where none was passed.'),
    output(
      'passed_with_usd',
      'numeric',
      amountIn('usd', 'crossed.spent', 'budget_period.unit'),
      'What was spent by then, US dollars. Null where none was passed and for a budget of tokens.',
    ),
    output(
      'passed_with_tokens',
      'numeric',
      amountIn('tokens', 'crossed.spent', 'budget_period.unit'),
      'What was used by then, tokens. Null where none was passed and for a budget of dollars.',
    ),
    output(
      'forecast_usd',
      'numeric',
      amountIn('usd', 'forecast.expected', 'budget_period.unit'),
      'The newest forecast that was recorded for the whole period, US dollars. Null before the first and for a budget of tokens.',
    ),
    output(
      'forecast_tokens',
      'numeric',
      amountIn('tokens', 'forecast.expected', 'budget_period.unit'),
      'The same in tokens. Null before the first and for a budget of dollars.',
    ),
    output('forecast_at', 'timestamptz', instant('forecast.at'), 'When that forecast was made. Null before the first.'),
  ],
  `FROM budget_period
LEFT JOIN LATERAL (
  SELECT crossing, at, spent FROM budget_crossing
  WHERE budget_crossing.budget = budget_period.budget AND budget_crossing.period_start = budget_period.start
  ORDER BY ${severity} DESC LIMIT 1) crossed ON true
LEFT JOIN LATERAL (
  SELECT at, expected FROM budget_forecast
  WHERE budget_forecast.budget = budget_period.budget AND budget_forecast.period_start = budget_period.start
  ORDER BY step DESC LIMIT 1) forecast ON true`,
)

const id = (name: string, about: string) => output(name, 'text', `api_label.${name}`, about)

const BILLED_DAILY = view(
  'billed_daily',
  "What organisations are billed, by the provider's own report: a row per UTC day and kind of cost. The newest days are incomplete until the provider has caught up.",
  [
    output(
      'day',
      'date',
      utcDay('api_cost.start'),
      'UTC day, whatever time zone is chosen: the bill is made of UTC days.',
    ),
    output('organization', 'text', 'api_cost.organization', 'Name of the organisation in the configuration.'),
    id('workspace_id', 'Id of the workspace, `default` for the one without an id.'),
    output('workspace', 'text', 'workspace.name', 'Name of the workspace. Null where it is not known.'),
    id('model', 'Model as the report names it; `none` for costs of no model.'),
    id('cost_type', 'Kind of cost, as the report names it.'),
    output(
      'billed_cost_usd',
      'numeric',
      dollars('SUM(api_cost.amount_usd)', 'SUM(api_cost.amount_pico)'),
      'US dollars billed, exact. Never add it to an estimated cost: both tell of the same use.',
    ),
    output(
      'list_cost_usd',
      'numeric',
      `CASE WHEN COUNT(api_cost.list_usd) = COUNT(*) THEN ${dollars('SUM(api_cost.list_usd)', 'SUM(api_cost.list_pico)')} END`,
      'US dollars at list price, by the same report. Null where the report does not say.',
    ),
  ],
  `FROM api_cost
JOIN api_label ON api_label.id = api_cost.label_id
LEFT JOIN workspace ON workspace.organization = api_cost.organization AND workspace.id = api_label.workspace_id
GROUP BY 1, 2, 3, 4, 5, 6`,
)

const MACHINES_SEEN = view(
  'machines_seen',
  'The machines that share the ledger, a row per machine.',
  [
    output('machine', 'text', 'machine.name', 'Name of the machine, the value of the label `machine`.'),
    output('version', 'text', 'machine.version', 'Version of the program that ran on it last.'),
    output(
      'seen_at',
      'timestamptz',
      instant('machine.seen_at'),
      'Its last sign of life, by the clock of the database.',
    ),
    output(
      'read_at',
      'timestamptz',
      instant('machine.read_at'),
      'When all its logs were last read as a whole. Null before the first time.',
    ),
    output(
      'newest_response_at',
      'timestamptz',
      `(SELECT ${instant('MAX(NULLIF(tally.value, 0))')} FROM tally WHERE tally.machine_id = machine.id AND tally.name = 'newest')`,
      'Time of its newest response. Null before the first.',
    ),
    output(
      'streams',
      'bigint',
      '(SELECT COUNT(*) FROM stream WHERE stream.machine_id = machine.id AND stream.gone_at IS NULL)',
      'Logs that are followed: files and databases of sessions.',
    ),
  ],
  'FROM machine',
)

/** What is known of runs, budgets, bills and machines. */
export const OPERATION_VIEWS: readonly View[] = [SYNC_RUNS, BUDGET_STATE, BILLED_DAILY, MACHINES_SEEN]
