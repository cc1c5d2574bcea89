import { describe, expect, it } from 'vitest'
import { definitions, samplesOf, seriesOf } from '../../src/metrics/definitions.ts'
import { NO_ORGANIZATIONS, type OrganizationPart } from '../../src/view/organization/part.ts'
import type { Snapshot } from '../../src/view/snapshot.ts'
import { apiUsageLabels, billedLabels, organizationFigures, sampleOrganizations } from './sample-organizations.ts'
import { sampleSnapshot } from './sample-snapshot.ts'

/** What owners are charged is told where there are rules for it, whether or not there is an organisation. */
const ofApi = definitions.filter(
  ({ collector, name }) => (collector === 'api' || collector === 'billing') && !name.startsWith('claude_owner_'),
)

function snapshotWith(organizations: Partial<OrganizationPart>, fields: Partial<Snapshot> = {}): Snapshot {
  return { ...sampleSnapshot, ...fields, organizations: { ...sampleOrganizations, ...organizations } }
}

function samples(name: string, snapshot: Snapshot) {
  const definition = definitions.find((candidate) => candidate.name === name)
  if (definition === undefined) throw new Error(`no family ${name}`)
  return samplesOf(definition, snapshot)
}

describe('families of organisations', () => {
  it('count as series and say how their windows run', () => {
    expect(seriesOf(sampleSnapshot).get('claude_api_tokens_today')).toBe(5)
    expect(seriesOf(sampleSnapshot).get('claude_billed_cost_month_to_date_usd')).toBe(2)
    const windows = ofApi.filter(({ name }) => /_(today|month_to_date|previous_month)/.test(name))
    expect(windows.filter(({ help }) => !/UTC/.test(help) || !/restate/.test(help) || !/"other"/.test(help))).toEqual(
      [],
    )
  })

  it('have nothing without an organisation', () => {
    const snapshot = { ...sampleSnapshot, organizations: NO_ORGANIZATIONS, nextRuns: [] }
    expect(ofApi.filter((definition) => samplesOf(definition, snapshot).length > 0)).toEqual([])
    for (const name of ['claude_exporter_credentials_valid', 'claude_exporter_data_settled_timestamp_seconds']) {
      expect(samples(name, snapshot)).toEqual([])
    }
    expect(samples('claude_exporter_source_up', snapshot).map(([{ source }]) => source)).toEqual(['claude-code', 'pi'])
  })

  it('are served while session history is loaded, except for the comparison with it', () => {
    const loading: Snapshot = { ...sampleSnapshot, complete: false }
    const served = ofApi.filter((definition) => samplesOf(definition, loading).length > 0).map(({ name }) => name)
    const missing = ofApi.map(({ name }) => name).filter((name) => !served.includes(name))
    expect(missing).toEqual([
      'claude_reconciliation_billed_usd',
      'claude_reconciliation_estimated_usd',
      'claude_reconciliation_ratio',
    ])
  })

  it('tell what is not known by being absent, and what is nothing by 0', () => {
    const figures = organizationFigures({ usageToday: null, billedToday: [{ labels: billedLabels({}), pico: 0n }] })
    const snapshot = snapshotWith({ organizations: [figures] })
    expect(samples('claude_api_tokens_today', snapshot)).toEqual([])
    expect(samples('claude_billed_cost_today_usd', snapshot)).toEqual([[billedLabels({}), 0n]])
  })

  it('has requests only where they are counted', () => {
    expect(samples('claude_api_requests_month_to_date', sampleSnapshot)).toEqual([[apiUsageLabels({}), 60n]])
  })
})

describe('the reconciliation ratio', () => {
  const { from, to } = { from: 0, to: 1 }
  it.each([
    { estimatedPico: 30n, billedPico: 40n, ratio: [0.75] },
    { estimatedPico: 0n, billedPico: 40n, ratio: [0] },
    { estimatedPico: 9_007_199_254_740_993n * 10n ** 12n, billedPico: 10n ** 12n, ratio: [9_007_199_254_740_992] },
    { estimatedPico: 5n, billedPico: 0n, ratio: [] },
    { estimatedPico: 5n, billedPico: -1n, ratio: [] },
  ])('of $estimatedPico to $billedPico is $ratio', ({ estimatedPico, billedPico, ratio }) => {
    const snapshot = snapshotWith({ reconciliation: { from, to, estimatedPico, billedPico } })
    expect(samples('claude_reconciliation_ratio', snapshot).map(([, value]) => value)).toEqual(ratio)
  })
})

describe('label sets beyond the limit', () => {
  const usage = [5n, 1n, 9n, 2n].map((count, index) => ({
    labels: apiUsageLabels({ api_key_id: `key_${index}` }),
    tokens: [count, 0n, 0n, 0n, count] as const,
    requests: index === 3 ? null : count,
  }))
  const billed = [-9n, 1n, 4n, -2n].map((pico, index) => ({ labels: billedLabels({ model: `m${index}` }), pico }))
  const actors = [3, 1, 2].map((sessions, index) => ({
    labels: { organization: 'default', actor: `user${index}` },
    sessions,
    linesAdded: sessions,
    linesRemoved: 0,
    commits: 1,
    pullRequests: 1,
    editsAccepted: 1,
    editsRejected: 1,
    models: [],
  }))
  const snapshot = snapshotWith(
    {
      organizations: [
        organizationFigures({ usageMonthToDate: usage, billedMonthToDate: billed, claudeCodeMonthToDate: actors }),
      ],
    },
    { series: { limit: 3, folded: 0 } },
  )
  const other = { workspace_id: 'other', model: 'other', api_key_id: 'other' }

  it('are added up under "other", the smallest first', () => {
    const tokens = samples('claude_api_tokens_month_to_date', snapshot).filter(
      ([labels]) => labels['token_type'] === 'input',
    )
    expect(tokens.map(([labels, value]) => [labels['api_key_id'], value])).toEqual([
      ['key_0', 5n],
      ['key_2', 9n],
      ['other', 3n],
    ])
    expect(tokens.at(-1)?.[0]).toMatchObject({ ...other, organization: 'default', service_tier: 'other' })
  })

  it('have no count of requests where one of them has none', () => {
    const requests = samples('claude_api_requests_month_to_date', snapshot)
    expect(requests.map(([labels, value]) => [labels['api_key_id'], value])).toEqual([
      ['key_0', 5n],
      ['key_2', 9n],
    ])
  })

  it('leave the sum of the bill as it is; a large correction is not small', () => {
    const rows = samples('claude_billed_cost_month_to_date_usd', snapshot)
    expect(rows.map(([labels, value]) => [labels['model'], value])).toEqual([
      ['m0', -9n],
      ['m2', 4n],
      ['other', -1n],
    ])
    expect(rows.at(-1)?.[0]).toMatchObject({ ...other, cost_type: 'other', token_type: 'other' })
  })

  it('are folded in each organisation for itself', () => {
    const acme = usage.map((row) => ({ ...row, labels: { ...row.labels, organization: 'acme' } }))
    const two = snapshotWith(
      {
        organizations: [
          organizationFigures({ usageMonthToDate: usage }),
          organizationFigures({ organization: 'acme', usageMonthToDate: acme }),
        ],
      },
      { series: { limit: 4, folded: 0 } },
    )
    const rows = samples('claude_api_tokens_month_to_date', two).filter(([labels]) => labels['token_type'] === 'output')
    expect(rows.map(([labels, value]) => [labels['organization'], labels['api_key_id'], value])).toEqual([
      ['default', 'key_2', 9n],
      ['acme', 'key_2', 9n],
      ['default', 'other', 8n],
      ['acme', 'other', 8n],
    ])
  })

  it('fold people, too', () => {
    const limited = { ...snapshot, series: { limit: 2, folded: 0 } }
    const rows = samples('claude_user_sessions_month_to_date', limited)
    expect(rows.map(([labels, value]) => [labels['actor'], value])).toEqual([
      ['user0', 3],
      ['other', 3],
    ])
  })
})

describe('families of the runs', () => {
  it('hold the reports of organisations beside the logs', () => {
    expect(samples('claude_exporter_source_up', sampleSnapshot).map(([{ source }, value]) => [source, value])).toEqual([
      ['claude-code', 1],
      ['pi', 0],
      ['anthropic-usage', 1],
      ['anthropic-directory', 1],
      ['anthropic-usage:acme', 0],
    ])
    expect(samples('claude_exporter_credentials_valid', sampleSnapshot)).toEqual([
      [{ organization: 'default' }, 1],
      [{ organization: 'acme' }, 0],
    ])
    expect(samples('claude_exporter_sync_next_timestamp_seconds', sampleSnapshot)).toEqual([
      [{ source: 'anthropic-usage' }, Date.UTC(2025, 5, 15, 12, 5) / 1000],
    ])
  })
})
