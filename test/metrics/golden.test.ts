import { describe, expect, it } from 'vitest'
import { COLLECTORS } from '../../src/metrics/definition.ts'
import { familiesOf } from '../../src/metrics/families.ts'
import { OPENMETRICS_END, renderFamilies } from '../../src/metrics/render/render.ts'
import { sampleSnapshot } from './sample-snapshot.ts'

describe('exposition of the sample snapshot', () => {
  const families = familiesOf(sampleSnapshot, new Set(COLLECTORS))

  it('is exactly this text', async () => {
    await expect(renderFamilies(families, 'text').toString()).toMatchFileSnapshot('golden/exposition.txt')
  })

  it('is exactly this OpenMetrics text', async () => {
    const text = renderFamilies(families, 'openmetrics').toString() + OPENMETRICS_END
    await expect(text).toMatchFileSnapshot('golden/exposition.om.txt')
  })
})
