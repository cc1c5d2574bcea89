import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bar } from '../../src/page/bar.ts'
import { trendChart } from '../../src/page/trend-chart.ts'
import { trendSteps } from '../../src/page/trend-scale.ts'
import { daysOf } from '../support/overview.ts'
import { parseMarkup } from './markup.ts'

const AMOUNT = fc.double({ min: 0, max: 1e9, noNaN: true })

describe('a bar', () => {
  it('shows what is used, the time and the forecast within its width, whatever they are', () => {
    const share = fc.option(fc.double({ min: -2, max: 1e6, noNaN: true }))
    fc.assert(
      fc.property(share, share, share, share, (ratio, elapsed, low, high) => {
        const band = low === null || high === null ? null : { low: Math.min(low, high), high: Math.max(low, high) }
        const markup = bar({ label: 'x', ratio, state: 'ok', elapsed, band }).toString()
        for (const { attributes } of parseMarkup(markup)) {
          const x = Number.parseFloat(attributes.get('x') ?? '0')
          const width = attributes.get('width') ?? '0'
          expect(x).toBeGreaterThanOrEqual(0)
          expect(x + (width.endsWith('%') ? Number.parseFloat(width) : 0)).toBeLessThanOrEqual(100.011)
          expect(Number.parseFloat(width)).toBeGreaterThanOrEqual(0)
        }
      }),
      { numRuns: 300 },
    )
  })

  it.each([
    [0.5, null],
    [1, null],
    [1.25, '80%'],
    [4, '25%'],
  ])('with %d used has its limit at %s', (ratio, limit) => {
    const mark = parseMarkup(bar({ label: 'x', ratio, state: 'ok' }).toString()).find(
      ({ attributes }) => attributes.get('class') === 'limit',
    )
    expect(mark?.attributes.get('x') ?? null).toBe(limit)
  })
})

describe('steps of the trend', () => {
  it.each([
    [0, [0, 1]],
    [Number.NaN, [0, 1]],
    [90, [0, 50, 100]],
    [3, [0, 1, 2, 3]],
    [0.07, [0, 0.025, 0.05, 0.075]],
  ])('up to %d are %j', (highest, steps) => {
    expect(trendSteps(highest)).toEqual(steps)
  })

  it('are few, rise evenly and reach the highest amount', () => {
    fc.assert(
      fc.property(AMOUNT, (highest) => {
        const steps = trendSteps(highest)
        expect(steps.length).toBeLessThanOrEqual(5)
        expect(steps.at(-1)).toBeGreaterThanOrEqual(highest * (1 - 1e-6))
      }),
      { numRuns: 300 },
    )
  })
})

describe('the drawing of the trend', () => {
  it('says what it shows and has one bar for every day with use', () => {
    const days = daysOf(30)
    const markup = trendChart(days).toString()
    expect(markup).toContain(
      'aria-label="Spending per day from 2026-04-15 to 2026-05-14: $168.75 estimated, $30.00 of plan value"',
    )
    const paths = parseMarkup(markup).filter(({ tag }) => tag === 'path')
    const bars = paths.map(({ attributes }) => attributes.get('d')?.match(/M/g)?.length)
    expect(bars).toEqual([30, 20])
  })

  it('puts the value of plans on top of what is metered', () => {
    const [day] = daysOf(1)
    const one = { day: day?.day ?? '', tokens: 1, requests: 1, estimatedCostUsd: 2, planValueUsd: 1 }
    const paths = parseMarkup(trendChart([one]).toString()).filter(({ tag }) => tag === 'path')
    expect(paths.map(({ attributes }) => attributes.get('d'))).toEqual([
      'M1.5 140v-93.33h7v93.33z',
      'M1.5 46.67v-46.67h7v46.67z',
    ])
  })
})
