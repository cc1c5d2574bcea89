import * as z from 'zod/mini'
import { budgetsDocument } from './budgets.ts'
import { CHARGEBACK_PARAMETERS, chargebackDocument } from './chargeback.ts'
import { claudeUsageDocument } from './claude-usage.ts'
import { type Endpoint, type EndpointText, endpoint } from './endpoint.ts'
import { adviceDocument, alertsDocument, windowsDocument } from './now.ts'
import { openApiDocument } from './openapi.ts'
import type { ActionPath, ReadPath } from './paths.ts'
import * as budgets from './schema/budgets.ts'
import * as chargeback from './schema/chargeback.ts'
import * as older from './schema/claude-usage.ts'
import * as lists from './schema/lists.ts'
import * as now from './schema/now.ts'
import * as status from './schema/status.ts'
import * as usage from './schema/usage.ts'
import {
  PRICES_PARAMETERS,
  pricesDocument,
  RUNS_PARAMETERS,
  runsDocument,
  SOURCES_PARAMETERS,
  sourcesDocument,
} from './snapshot-lists.ts'
import { statusDocument } from './status.ts'
import { USAGE_PARAMETERS, usageOfAll, usageOfProvider } from './usage.ts'
import {
  agentsDocument,
  LIST_PARAMETERS,
  machinesDocument,
  modelsDocument,
  projectsDocument,
  SESSION_PARAMETERS,
  sessionsDocument,
} from './usage-lists.ts'

const PARTS = 'The parts of each list add up to the totals. What is billed is known for organisations only.'

const openApi = endpoint({
  text: { summary: 'This description (OpenAPI 3.1)' },
  parameters: {},
  document: z.looseObject({ openapi: z.string() }),
  cost: 'snapshot',
  answer: (_, { version }) => openApiDocument(READS, ACTIONS, version),
})

/** Everything that can be read. */
export const READS: Readonly<Record<ReadPath, Endpoint>> = {
  '/api/usage/summary': endpoint({
    text: { summary: 'Use of every provider, and the grand total', about: PARTS },
    parameters: USAGE_PARAMETERS,
    document: usage.summaryDocument,
    cost: 'ledger',
    answer: usageOfAll,
  }),
  '/api/usage/{provider}': endpoint({
    text: {
      summary: 'Use of one provider',
      about: PARTS,
      path: { provider: 'For example `anthropic`, `openrouter`, `amazon-bedrock`.' },
      problems: [404],
    },
    parameters: USAGE_PARAMETERS,
    document: usage.usageDocument,
    cost: 'ledger',
    answer: (values, context, { provider = '' }) => usageOfProvider(provider, values, context),
  }),
  '/api/status': endpoint({
    text: { summary: 'The figures of a widget' },
    parameters: {},
    document: status.statusDocument,
    cost: 'snapshot',
    answer: (_, context) => statusDocument(context),
  }),
  '/api/budgets': endpoint({
    text: { summary: 'Budgets with state and forecast, and balances' },
    parameters: {},
    document: budgets.budgetsDocument,
    cost: 'snapshot',
    answer: (_, context) => budgetsDocument(context),
  }),
  '/api/sessions': endpoint({
    text: { summary: 'Sessions' },
    parameters: SESSION_PARAMETERS,
    document: lists.sessionsDocument,
    cost: 'ledger',
    answer: sessionsDocument,
  }),
  '/api/projects': endpoint({
    text: { summary: 'Projects' },
    parameters: LIST_PARAMETERS,
    document: lists.projectsDocument,
    cost: 'ledger',
    answer: projectsDocument,
  }),
  '/api/agents': endpoint({
    text: { summary: 'Agents, with the model in use' },
    parameters: LIST_PARAMETERS,
    document: lists.agentsDocument,
    cost: 'ledger',
    answer: agentsDocument,
  }),
  '/api/models': endpoint({
    text: { summary: 'Models' },
    parameters: LIST_PARAMETERS,
    document: lists.modelsDocument,
    cost: 'ledger',
    answer: modelsDocument,
  }),
  '/api/machines': endpoint({
    text: { summary: 'Machines, with their use and how fresh it is' },
    parameters: LIST_PARAMETERS,
    document: lists.machinesDocument,
    cost: 'ledger',
    answer: machinesDocument,
  }),
  '/api/alerts': endpoint({
    text: { summary: 'What is alerted on and true now' },
    parameters: {},
    document: now.alertsDocument,
    cost: 'snapshot',
    answer: (_, context) => alertsDocument(context),
  }),
  '/api/advice': endpoint({
    text: { summary: 'What to do, with what it saves' },
    parameters: {},
    document: now.adviceDocument,
    cost: 'ledger',
    answer: (_, context) => adviceDocument(context),
  }),
  '/api/windows': endpoint({
    text: { summary: 'Limits of subscriptions: 5 hours, 7 days' },
    parameters: {},
    document: now.windowsDocument,
    cost: 'snapshot',
    answer: (_, context) => windowsDocument(context),
  }),
  '/api/runs': endpoint({
    text: { summary: 'The run log, newest first' },
    parameters: RUNS_PARAMETERS,
    document: lists.runsDocument,
    cost: 'now',
    answer: runsDocument,
  }),
  '/api/sources': endpoint({
    text: { summary: 'Sources and how well they are read' },
    parameters: SOURCES_PARAMETERS,
    document: lists.sourcesDocument,
    cost: 'snapshot',
    answer: sourcesDocument,
  }),
  '/api/prices': endpoint({
    text: { summary: 'List prices in force now' },
    parameters: PRICES_PARAMETERS,
    document: lists.pricesDocument,
    cost: 'snapshot',
    answer: pricesDocument,
  }),
  '/api/chargeback': endpoint({
    text: {
      summary: 'Who is charged, in a month',
      about:
        'By the rules under `owners` of the configuration. What no rule takes is in a row of its own, so that the rows add ' +
        'up to the totals. Empty while the history of the logs is read for the first time.',
    },
    parameters: CHARGEBACK_PARAMETERS,
    document: chargeback.chargebackDocument,
    cost: 'ledger',
    answer: chargebackDocument,
  }),
  '/api/openapi.json': openApi,
  '/openapi.json': openApi,
  '/claude-usage.json': endpoint({
    text: {
      summary: 'The document of older scripts',
      about:
        'Percentages are of the first budget in the configuration that has no scope: `weeklyPercentage` of one in tokens ' +
        'over a week or seven days, `spendPercentage` of one in dollars over a month.',
    },
    parameters: {},
    document: older.claudeUsageDocument,
    cost: 'snapshot',
    answer: (_, { current, at }) => claudeUsageDocument(current, at),
  }),
}

const START =
  'Needs the content type `application/json` or any `X-Requested-With` header, so that no page of another origin can ask. ' +
  'The body does not matter. A source is started at most every 10 s; one that is being read is joined.'

/** Everything that starts something. */
const ACTIONS: Readonly<Record<ActionPath, EndpointText>> = {
  '/api/usage/sync-anthropic': { summary: 'Read every organisation now', about: START, problems: [404, 413] },
  '/api/sync/{source}': {
    summary: 'Read a source now',
    about: START,
    path: {
      source:
        'As in `/api/sources`: `anthropic-usage`, `anthropic-cost`, `anthropic-directory`, `claude-code`, `openclaw`, `pi`.',
    },
    problems: [404, 413],
  },
}
