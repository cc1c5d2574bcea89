import { describe, expect, it } from 'vitest'
import { COLLECTORS } from '../../src/metrics/definition.ts'
import { definitions } from '../../src/metrics/definitions.ts'
import { familiesOf } from '../../src/metrics/families.ts'
import { renderFamilies } from '../../src/metrics/render/render.ts'
import type { Snapshot, UsageLabels } from '../../src/view/snapshot.ts'
import { sampleSnapshot } from './sample-snapshot.ts'

const AT = sampleSnapshot.at
const machines = [
  { name: 'laptop', version: '1.0.0', seenAt: AT - 1_500, readAt: AT - 60_000, newestAt: AT - 3_600_000 },
  { name: 'a"b\\c', version: '1.0.0', seenAt: AT, readAt: null, newestAt: null },
]

/** The sample as of two machines, the second of which uses the same as the first. */
function onTwoMachines(): Snapshot {
  const on = (labels: UsageLabels, machine: string): UsageLabels => ({ ...labels, machine })
  const names = machines.map(({ name }) => name)
  const { counters, today, sessionsStarted, active, modelInUse } = sampleSnapshot
  return {
    ...sampleSnapshot,
    counters: names.flatMap((name) => counters.map((row) => ({ ...row, labels: on(row.labels, name) }))),
    today: names.flatMap((name) => today.map((row) => ({ ...row, labels: on(row.labels, name) }))),
    last7Days: [],
    monthToDate: [],
    sessionsStarted: names.flatMap((machine) => sessionsStarted.map((row) => ({ ...row, machine }))),
    active: names.flatMap((machine) => active.map((row) => ({ ...row, machine }))),
    modelInUse: names.flatMap((machine) => modelInUse.map((row) => ({ ...row, machine }))),
    machines,
    sharedLedger: { awaySince: AT - 90_500 },
  }
}

/** Families that tell machines apart, and the one of the shared ledger. */
function textOf(snapshot: Snapshot): string {
  const families = familiesOf(snapshot, new Set(COLLECTORS)).filter(({ name }) => NAMES.has(name))
  return renderFamilies(families, 'text').toString()
}

const NAMES = new Set([
  ...definitions.filter(({ labels }) => labels.includes('machine')).map(({ name }) => name),
  'claude_exporter_ledger_away_seconds',
])

describe('families that tell machines apart', () => {
  it('with one machine are exactly this text, without the label', async () => {
    const text = textOf(sampleSnapshot)
    expect(text).not.toMatch(/^[^#].*machine/m)
    await expect(text).toMatchFileSnapshot('golden/one-machine.txt')
  })

  it('with two machines on a shared ledger are exactly this text', async () => {
    await expect(textOf(onTwoMachines())).toMatchFileSnapshot('golden/two-machines.txt')
  })

  it('say 0 while the database is reached', () => {
    const text = textOf({ ...sampleSnapshot, sharedLedger: { awaySince: null } })
    expect(text).toContain('\nclaude_exporter_ledger_away_seconds 0\n')
  })
})
