import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { COLLECTORS } from '../../src/metrics/definition.ts'
import { createExposition } from '../../src/metrics/exposition.ts'
import { Health } from '../../src/metrics/health.ts'
import type { Format } from '../../src/metrics/render/family.ts'
import type { Snapshot } from '../../src/view/snapshot.ts'
import { healthOptions } from './health-options.ts'
import { counterRow, sampleSnapshot, usageLabels } from './sample-snapshot.ts'

const PROMTOOL = 'promtool'
// Debian installs python3-prometheus-client for this one; the first python3 of the path may be another.
const PYTHON = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3'
const READ_STRICTLY = `
import json, sys
from prometheus_client.openmetrics.parser import text_string_to_metric_families
text = sys.stdin.buffer.read().decode('utf-8')
samples = [s for f in text_string_to_metric_families(text) for s in f.samples]
print(json.dumps([len(samples), [s.labels['project'] for s in samples if s.name == 'claude_requests_total']]))
`

const HOSTILE = ['a,b="c"}', 'back\\slash', 'line\nfeed', '🦀 "quoted" \\" | : #', 'nul\0', '\\n']

const hostileSnapshot: Snapshot = {
  ...sampleSnapshot,
  counters: HOSTILE.map((project) => counterRow(usageLabels({ project }), { requests: 1n })),
}

describe('promtool check metrics', () => {
  const isMissing = isNotInstalled(PROMTOOL, ['--version'])

  it.skipIf(isMissing).each([
    { of: 'the sample', snapshot: sampleSnapshot },
    { of: 'hostile labels', snapshot: hostileSnapshot },
  ])('has nothing to say about $of', async ({ snapshot }) => {
    const { status, stdout, stderr } = spawnSync(PROMTOOL, ['check', 'metrics'], {
      input: await scrape(snapshot, 'text'),
      encoding: 'utf8',
    })
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' })
  })
})

describe('the strict OpenMetrics parser of the Python client', () => {
  const isMissing = isNotInstalled(PYTHON, ['-c', 'import prometheus_client.openmetrics.parser'])

  it.skipIf(isMissing).each([
    { of: 'the sample', snapshot: sampleSnapshot, projects: ['shop', 'blog'] },
    { of: 'hostile labels', snapshot: hostileSnapshot, projects: HOSTILE },
  ])('reads $of', async ({ snapshot, projects }) => {
    const input = await scrape(snapshot, 'openmetrics')
    const { stdout, stderr } = spawnSync(PYTHON, ['-c', READ_STRICTLY], { input, encoding: 'utf8' })
    expect(stderr).toBe('')
    const samples = input.toString().match(/^[^#].* \S+$/gm)?.length
    expect(JSON.parse(stdout)).toEqual([samples, projects])
  })
})

function scrape(snapshot: Snapshot, format: Format): Promise<Buffer> {
  const exposition = createExposition({ snapshot: () => snapshot, health: new Health(healthOptions) })
  return exposition({ format, gzip: false, collectors: new Set(COLLECTORS) })
}

/** True, after saying so, where a program is not there. Never where everything has to be: with CI=true. */
function isNotInstalled(program: string, probe: readonly string[]): boolean {
  if (process.env['CI'] === 'true' || spawnSync(program, probe).status === 0) return false
  console.warn(`${program} ${probe.join(' ')} does not work here: its checks are skipped`)
  return true
}
