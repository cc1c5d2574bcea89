import type {
  ApiUsageLabels,
  BilledLabels,
  OrganizationFigures,
  OrganizationPart,
} from '../../src/view/organization/part.ts'

const opus: ApiUsageLabels = {
  organization: 'default',
  workspace_id: 'wrkspc_01',
  api_key_id: 'apikey_01',
  model: 'claude-opus-4-5',
  service_tier: 'standard',
  context_window: '0-200k',
}
const legacy: ApiUsageLabels = { ...opus, workspace_id: 'default', api_key_id: 'none', service_tier: 'batch' }
const output: BilledLabels = {
  organization: 'default',
  workspace_id: 'wrkspc_01',
  api_key_id: 'apikey_01',
  model: 'claude-opus-4-5',
  cost_type: 'tokens',
  token_type: 'output',
}
const search: BilledLabels = { ...output, model: 'none', cost_type: 'web_search', token_type: 'none' }

const full: OrganizationFigures = {
  organization: 'default',
  usageToday: [{ labels: opus, tokens: [1n, 2n, 3n, 4n, 5n], requests: 6n }],
  usageMonthToDate: [
    { labels: opus, tokens: [10n, 20n, 30n, 40n, 50n], requests: 60n },
    { labels: legacy, tokens: [7n, 0n, 0n, 0n, 8n], requests: null },
  ],
  billedToday: [
    { labels: output, pico: 1_234_567_890_123n },
    { labels: search, pico: 0n },
  ],
  billedMonthToDate: [
    { labels: output, pico: 45_036_123_456_789_012n },
    { labels: search, pico: -10_000_000_000n },
  ],
  billedPreviousMonth: [{ labels: output, pico: 7n }],
  claudeCodeMonthToDate: [
    {
      labels: { organization: 'default', actor: 'ada@example.com' },
      sessions: 3,
      linesAdded: 120,
      linesRemoved: 30,
      commits: 4,
      pullRequests: 1,
      editsAccepted: 17,
      editsRejected: 2,
      models: [
        {
          labels: { organization: 'default', actor: 'ada@example.com', model: 'claude-opus-4-5' },
          pico: 2_500_000_000_000n,
        },
      ],
    },
  ],
  sources: [
    {
      source: 'anthropic-usage',
      report: 'usage',
      up: true,
      lastResult: 'ok',
      lastSuccess: Date.UTC(2025, 5, 15, 11, 55),
      watermark: Date.UTC(2025, 5, 15, 11, 50),
      settled: Date.UTC(2025, 5, 12),
    },
    {
      source: 'anthropic-directory',
      report: 'directory',
      up: true,
      lastResult: 'ok',
      lastSuccess: Date.UTC(2025, 5, 15, 6),
      watermark: null,
      settled: null,
    },
  ],
  credentialsOk: true,
  directory: {
    info: { organization: 'default', organization_id: 'org_1', organization_name: 'Ada & Co "Ltd"' },
    workspaces: [
      { organization: 'default', workspace_id: 'wrkspc_01', workspace_name: 'Shop', status: 'active' },
      { organization: 'default', workspace_id: 'default', workspace_name: 'Default', status: 'active' },
    ],
    apiKeys: [
      {
        organization: 'default',
        api_key_id: 'apikey_01',
        api_key_name: 'ci',
        workspace_id: 'wrkspc_01',
        status: 'active',
      },
    ],
    rateLimits: [
      {
        labels: {
          organization: 'default',
          workspace_id: 'none',
          group: 'Claude Opus 4.x',
          limiter: 'requests_per_minute',
        },
        value: 4_000,
      },
    ],
    spendLimits: [
      {
        labels: {
          organization: 'default',
          spend_limit_id: 'limit_1',
          scope: 'organization',
          scope_id: 'none',
          period: 'monthly',
        },
        limitPico: 500_000_000_000_000n,
        spentPico: 45_026_123_456_789n,
      },
    ],
  },
}

/** Configured, but its key was refused before anything was read. */
const refused: OrganizationFigures = {
  organization: 'acme',
  usageToday: null,
  usageMonthToDate: null,
  billedToday: null,
  billedMonthToDate: null,
  billedPreviousMonth: null,
  claudeCodeMonthToDate: null,
  sources: [
    {
      source: 'anthropic-usage:acme',
      report: 'usage',
      up: false,
      lastResult: 'failed',
      lastSuccess: null,
      watermark: null,
      settled: null,
    },
  ],
  credentialsOk: false,
  directory: { info: null, workspaces: [], apiKeys: [], rateLimits: [], spendLimits: [] },
}

/** One organisation of which everything is known, and one of which nothing is. */
export const sampleOrganizations: OrganizationPart = {
  organizations: [full, refused],
  reconciliation: {
    from: Date.UTC(2025, 5, 5),
    to: Date.UTC(2025, 5, 12),
    estimatedPico: 30_000_000_000_000n,
    billedPico: 40_000_000_000_000n,
  },
}

/** The organisation of which everything is known, with parts of its own. */
export function organizationFigures(fields: Partial<OrganizationFigures>): OrganizationFigures {
  return { ...full, ...fields }
}

export function apiUsageLabels(labels: Partial<ApiUsageLabels>): ApiUsageLabels {
  return { ...opus, ...labels }
}

export function billedLabels(labels: Partial<BilledLabels>): BilledLabels {
  return { ...output, ...labels }
}
