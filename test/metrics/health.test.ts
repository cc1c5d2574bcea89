import { describe, expect, it } from 'vitest'
import { Health } from '../../src/metrics/health.ts'
import { renderFamilies } from '../../src/metrics/render/render.ts'
import { healthOptions } from './health-options.ts'

describe('Health', () => {
  it('counts from 0 for everything that can be foreseen', async () => {
    const lines = await exposed(new Health(healthOptions))
    expect(lines).toEqual(
      expect.arrayContaining([
        'claude_exporter_syncs_total{source="claude-code"} 0',
        'claude_exporter_syncs_total{source="pi"} 0',
        'claude_exporter_sync_failures_total{source="pi",reason="ledger"} 0',
        'claude_exporter_sync_failures_total{source="pi",reason="other"} 0',
        'claude_exporter_sync_duration_seconds_count{source="pi"} 0',
        'claude_exporter_syncs_total{source="anthropic-usage"} 0',
        'claude_exporter_sync_failures_total{source="anthropic-usage",reason="rate_limit"} 0',
        'claude_exporter_api_requests_total{organization="default"} 0',
        'claude_exporter_config_last_reload_successful 1',
        'claude_exporter_config_last_reload_success_timestamp_seconds 1750000000.5',
        `claude_exporter_build_info{version="1.2.3",revision="abc",branch="main",nodeversion="${process.version}"} 1`,
      ]),
    )
  })

  it.each([
    { when: 'before the families were first wanted', loadFirst: false },
    { when: 'afterwards', loadFirst: true },
  ])('counts what happens $when', async ({ loadFirst }) => {
    const health = new Health(healthOptions)
    if (loadFirst) await health.load()
    health.syncStarted('pi')
    health.syncFinished('pi', 0.5)
    health.syncStarted('pi')
    health.syncFailed('pi', 'ledger')
    health.syncFailed('pi', 'a reason nobody listed')
    health.served('/metrics', 200)
    expect(await exposed(health)).toEqual(
      expect.arrayContaining([
        'claude_exporter_syncs_total{source="pi"} 2',
        'claude_exporter_sync_failures_total{source="pi",reason="ledger"} 1',
        'claude_exporter_sync_failures_total{source="pi",reason="other"} 1',
        'claude_exporter_sync_duration_seconds_bucket{le="0.25",source="pi"} 0',
        'claude_exporter_sync_duration_seconds_bucket{le="1.0",source="pi"} 1',
        'claude_exporter_sync_duration_seconds_bucket{le="+Inf",source="pi"} 1',
        'claude_exporter_sync_duration_seconds_sum{source="pi"} 0.5',
        'claude_exporter_sync_duration_seconds_count{source="pi"} 1',
        'claude_exporter_http_requests_total{handler="/metrics",code="200"} 1',
      ]),
    )
  })

  it('knows what can make each kind of source fail', async () => {
    const health = new Health({ ...healthOptions, failureReasons: ['full'] })
    for (const source of ['anthropic-usage', 'pi']) {
      for (const reason of ['auth', 'full']) health.syncFailed(source, reason)
    }
    health.apiRequests('default', 3)
    const lines = await exposed(health)
    const failures = lines.filter(
      (line) => line.startsWith('claude_exporter_sync_failures_total') && !line.endsWith(' 0'),
    )
    expect(failures.toSorted()).toEqual([
      'claude_exporter_sync_failures_total{source="anthropic-usage",reason="auth"} 1',
      'claude_exporter_sync_failures_total{source="anthropic-usage",reason="other"} 1',
      'claude_exporter_sync_failures_total{source="pi",reason="full"} 1',
      'claude_exporter_sync_failures_total{source="pi",reason="other"} 1',
    ])
    expect(lines).toContain('claude_exporter_api_requests_total{organization="default"} 3')
  })

  it('keeps the time of the configuration in force when a reload fails', async () => {
    const health = new Health(healthOptions)
    health.reloaded(true, 1_750_000_100_000)
    health.reloaded(false, 1_750_000_200_000)
    expect(await exposed(health)).toEqual(
      expect.arrayContaining([
        'claude_exporter_config_last_reload_successful 0',
        'claude_exporter_config_last_reload_success_timestamp_seconds 1750000100',
      ]),
    )
  })

  it('counts everything however much happens before the first scrape', async () => {
    const health = new Health(healthOptions)
    for (let run = 0; run < 2_500; run++) health.syncStarted('pi')
    expect(await exposed(health)).toContain('claude_exporter_syncs_total{source="pi"} 2500')
  })

  it('tells about the process, in families of their own collector', async () => {
    const families = await new Health(healthOptions).families()
    const collectors = new Map(families.map(({ name, collector }) => [name, collector]))
    expect(collectors.get('process_resident_memory_bytes')).toBe('process')
    expect(collectors.get('nodejs_eventloop_lag_p99_seconds')).toBe('process')
    expect(collectors.get('claude_exporter_syncs_total')).toBe('exporter')
    const misnamed = families.filter(({ name, type }) => name.endsWith('_total') && type !== 'counter')
    expect(misnamed).toEqual([])
  })

  it('says nothing about the process when that is turned off', async () => {
    const families = await new Health({ ...healthOptions, processMetrics: false }).families()
    expect(families.filter(({ name }) => !name.startsWith('claude_exporter_'))).toEqual([])
  })

  it('keeps to itself: another instance counts on its own', async () => {
    const [one, other] = [new Health(healthOptions), new Health(healthOptions)]
    one.syncStarted('pi')
    expect(await exposed(other)).toContain('claude_exporter_syncs_total{source="pi"} 0')
  })
})

async function exposed(health: Health): Promise<string[]> {
  return renderFamilies(await health.families(), 'text')
    .toString()
    .split('\n')
}
