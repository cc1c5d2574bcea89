import { describe, expect, it } from 'vitest'
import { Health } from '../../src/metrics/health.ts'
import { renderFamilies } from '../../src/metrics/render/render.ts'
import { REMOTE_WRITE_DROPS, REMOTE_WRITE_FAILURES } from '../../src/remote-write/reasons.ts'
import { healthOptions } from '../metrics/health-options.ts'

const remoteWrite = { failureReasons: REMOTE_WRITE_FAILURES, dropReasons: REMOTE_WRITE_DROPS }

describe('what the exporter tells of remote write', () => {
  it('is nothing where there is none', async () => {
    expect(await lines(new Health({ ...healthOptions, remoteWrite }))).toEqual([])
  })

  it('begins at 0 for all that can be foreseen, without times', async () => {
    const health = new Health({ ...healthOptions, remoteWrite })
    health.remoteWriteBegan()
    expect(await lines(health)).toEqual([
      ...REMOTE_WRITE_DROPS.map((reason) => `dropped_samples_total{reason="${reason}"} 0`),
      ...REMOTE_WRITE_FAILURES.map((reason) => `failures_total{reason="${reason}"} 0`),
      'pending_bytes 0',
      'samples_total 0',
    ])
  })

  it('counts what happens', async () => {
    const health = new Health({ ...healthOptions, remoteWrite })
    health.remoteWriteBegan()
    health.remoteWriteSent({ samples: 5, newest: 1_750_000_000_000, now: 1_750_000_001_500 })
    health.remoteWriteSent({ samples: 7, newest: 1_750_000_060_000, now: 1_750_000_061_500 })
    health.remoteWriteFailed('network')
    health.remoteWriteDropped('age', 9)
    health.remoteWritePending(1_234)
    expect(await lines(health)).toEqual(
      expect.arrayContaining([
        'samples_total 12',
        'failures_total{reason="network"} 1',
        'dropped_samples_total{reason="age"} 9',
        'pending_bytes 1234',
        'last_success_timestamp_seconds 1750000061.5',
        'newest_sent_timestamp_seconds 1750000060',
      ]),
    )
  })
})

async function lines(health: Health): Promise<string[]> {
  const text = renderFamilies(await health.families(), 'text').toString()
  const prefix = 'claude_exporter_remote_write_'
  return text
    .split('\n')
    .filter((line) => line.startsWith(prefix))
    .map((line) => line.slice(prefix.length))
}
