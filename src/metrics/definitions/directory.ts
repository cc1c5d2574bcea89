import type { OrganizationFigures, SpendLimitRow } from '../../view/organization/part.ts'
import { type LabelSet, type MetricDefinition, metric } from '../definition.ts'
import { ofOrganizations } from './organization-rows.ts'

/** Names and limits cannot be added up, so that those beyond the limit are left out. */
const BOUNDED = 'At most as many as claude_exporter_series_limit.'

/** Names of what the other families only give ids of, and the limits in force. */
export const directoryDefinitions = [
  info(
    'claude_organization_info',
    'the id and name of an organization, by its name in the configuration.',
    ['organization', 'organization_id', 'organization_name'],
    ({ directory }) => (directory.info === null ? [] : [directory.info]),
  ),
  info(
    'claude_workspace_info',
    'the name of a workspace and its status; one that is gone keeps the last name and the status "deleted".',
    ['organization', 'workspace_id', 'workspace_name', 'status'],
    ({ directory }) => directory.workspaces,
  ),
  info(
    'claude_api_key_info',
    'the name of an API key, its workspace ("none": of the whole organization) and its status.',
    ['organization', 'api_key_id', 'api_key_name', 'workspace_id', 'status'],
    ({ directory }) => directory.apiKeys,
  ),
  metric({
    name: 'claude_rate_limit',
    type: 'gauge',
    help: `Rate limit of a group of models, in the unit the limiter names; workspace "none" is the whole organization. ${BOUNDED}`,
    unit: '',
    labels: ['organization', 'workspace_id', 'group', 'limiter'],
    collector: 'api',
    read: (snapshot) =>
      ofOrganizations(snapshot, ({ directory }) => directory.rateLimits)
        .slice(0, snapshot.series.limit)
        .map((row) => [row.labels, row.value] as const),
  }),
  spend(
    'claude_spend_limit_usd',
    'US dollars that may be spent in the period named. Absent without a limit.',
    (row) => row.limitPico,
  ),
  spend(
    'claude_spend_limit_spent_usd',
    'US dollars spent in the present period of a spend limit, by the provider as of the last reading of the directory. ' +
      'Absent where the API does not tell.',
    (row) => row.spentPico,
  ),
]

function info<const Label extends string>(
  name: string,
  help: string,
  labels: readonly Label[],
  rows: (figures: OrganizationFigures) => readonly LabelSet<Label>[],
): MetricDefinition {
  return metric({
    name,
    type: 'gauge',
    help: `Always 1: ${help} ${BOUNDED}`,
    unit: '',
    labels,
    collector: 'api',
    read: (snapshot) =>
      ofOrganizations(snapshot, rows)
        .slice(0, snapshot.series.limit)
        .map((row) => [row, 1] as const),
  })
}

function spend(name: string, help: string, pico: (row: SpendLimitRow) => bigint | null): MetricDefinition {
  return metric({
    name,
    type: 'gauge',
    help: `${help} ${BOUNDED}`,
    unit: 'usd',
    labels: ['organization', 'spend_limit_id', 'scope', 'scope_id', 'period'],
    collector: 'billing',
    scale: 'pico',
    read: (snapshot) =>
      ofOrganizations(snapshot, ({ directory }) => directory.spendLimits)
        .slice(0, snapshot.series.limit)
        .flatMap((row) => {
          const amount = pico(row)
          return amount === null ? [] : [[row.labels, amount] as const]
        }),
  })
}
