import { describe, expect, it } from 'vitest'
import { ownerDefinitions } from '../../src/metrics/definitions/owners.ts'
import { samplesOf } from '../../src/metrics/definitions.ts'
import { familiesOf } from '../../src/metrics/families.ts'
import { renderFamilies } from '../../src/metrics/render/render.ts'
import { NO_OWNERS } from '../../src/view/owners/part.ts'
import { sampleOwners } from './sample-owners.ts'
import { sampleSnapshot } from './sample-snapshot.ts'

const shown = { ...sampleSnapshot, version: 11, owners: sampleOwners }

describe('owners in the exposition', () => {
  it('are on one line each, whatever they are called', () => {
    const text = renderFamilies(familiesOf(shown, new Set(['cost', 'billing', 'usage'])), 'text').toString()
    const lines = text.split('\n').filter((line) => line.startsWith('claude_owner_'))
    expect(lines).toContain(
      'claude_owner_estimated_cost_month_to_date_usd{owner="ada",team="shop",cost_center="4711"} 1.230000000001',
    )
    expect(lines).toContain(
      `claude_owner_plan_value_month_to_date_usd{owner="=cmd|\\"\\\\} 1'<script>\`",team="none",cost_center="none"} 0.000105`,
    )
    expect(lines).toHaveLength(3 * 3 + 3 * 5)
    expect(lines.filter((line) => !/^claude_owner_\w+\{.*\} -?[\d.e-]+$/.test(line))).toEqual([])
  })

  it('have no billed cost where it is not known, and are not there without rules', () => {
    const monthToDate = sampleOwners.monthToDate.map((row) => ({ ...row, billedPico: null }))
    const unknown = { ...shown, version: 12, owners: { ...sampleOwners, monthToDate } }
    const series = (snapshot: typeof shown) => ownerDefinitions.map((family) => samplesOf(family, snapshot).length)
    expect(series(shown)).toEqual([3, 3, 3, 15])
    expect(series(unknown)).toEqual([3, 3, 0, 15])
    expect(series({ ...shown, version: 13, owners: NO_OWNERS })).toEqual([0, 0, 0, 0])
  })

  it('tell nothing of session logs while their history is loaded', () => {
    const loading = { ...shown, version: 14, complete: false }
    expect(ownerDefinitions.map((family) => samplesOf(family, loading).length)).toEqual([0, 0, 3, 0])
  })
})
