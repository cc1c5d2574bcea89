import type { ApiSourceHealth } from '../../view/organization/part.ts'
import type { Snapshot } from '../../view/snapshot.ts'
import { metric, type Sample } from '../definition.ts'
import { ofOrganizations } from './organization-rows.ts'

type SourceSamples = readonly Sample<'source'>[]

/** How well the reports of organisations are read, in families of their own. Always served. */
export const runDefinitions = [
  metric({
    name: 'claude_exporter_data_settled_timestamp_seconds',
    type: 'gauge',
    help:
      'Unix time before which the provider is not expected to restate anything: every UTC day since the first of the ' +
      'previous month was read again long enough after its end. Absent where that first day was not.',
    unit: 'seconds',
    labels: ['source'],
    collector: 'exporter',
    read: (snapshot) => apiTimestamps(snapshot, (row) => row.settled),
  }),
  metric({
    name: 'claude_exporter_credentials_valid',
    type: 'gauge',
    help: '1 while the API accepts the credential of the organization, 0 while it refuses it or what it may read. Absent before the first run.',
    unit: '',
    labels: ['organization'],
    collector: 'exporter',
    read: (snapshot) =>
      ofOrganizations(snapshot, ({ organization, credentialsOk }) =>
        credentialsOk === null ? [] : [[{ organization }, credentialsOk ? 1 : 0] as const],
      ),
  }),
  metric({
    name: 'claude_exporter_sync_next_timestamp_seconds',
    type: 'gauge',
    help: 'Unix time when the next run over the source is due. Only sources that run on a schedule.',
    unit: 'seconds',
    labels: ['source'],
    collector: 'exporter',
    read: (snapshot) => snapshot.nextRuns.map(([source, at]) => [{ source }, at / 1000] as const),
  }),
]

/** 1 or 0 for each report that was run. */
export function apiSourcesUp(snapshot: Snapshot): SourceSamples {
  return ofOrganizations(snapshot, ({ sources }) =>
    sources.flatMap(({ source, up }) => (up === null ? [] : [[{ source }, up ? 1 : 0] as const])),
  )
}

export function apiTimestamps(snapshot: Snapshot, timeMs: (row: ApiSourceHealth) => number | null): SourceSamples {
  return ofOrganizations(snapshot, ({ sources }) =>
    sources.flatMap((row) => {
      const time = timeMs(row)
      return time === null ? [] : [[{ source: row.source }, time / 1000] as const]
    }),
  )
}
