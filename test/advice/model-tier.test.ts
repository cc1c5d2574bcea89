import { describe, expect, it } from 'vitest'
import { cheaperModel } from '../../src/advice/model-tier.ts'
import { createPricing } from '../../src/pricing/create-pricing.ts'

const KNOWN = new Set(
  createPricing()
    .listPrices(Date.parse('2026-11-21T00:00:00Z'))
    .map(({ model }) => model),
)

describe('the model to take instead', () => {
  it.each([
    ['claude-fable-5-2', 'claude-opus-5-5'],
    ['claude-mythos-5-2', 'claude-opus-5-5'],
    ['claude-opus-5-5', 'claude-sonnet-5-5'],
    ['claude-sonnet-5-5', 'claude-haiku-5-5'],
    ['claude-haiku-5-5', null],
    ['claude-opus-5', 'claude-opus-5-5'],
    ['claude-opus-4-1-20250805', 'claude-opus-5-5'],
    ['claude-3-5-haiku-20241022', 'claude-haiku-5-5'],
    ['claude-mythos-preview', null],
    ['gpt-5.2-codex', null],
  ])('%s: %s', (model, expected) => {
    expect(cheaperModel(model, KNOWN, () => true)?.model ?? null).toBe(expected)
  })

  it('passes over what is not cheaper', () => {
    const isCheaper = (other: string) => other !== 'claude-opus-5-5'
    expect(cheaperModel('claude-opus-5', KNOWN, isCheaper)).toEqual({
      model: 'claude-sonnet-5-5',
      kind: 'smaller',
      isSmallest: false,
    })
  })

  it('takes no smaller model of an earlier generation', () => {
    expect(cheaperModel('claude-opus-5-5', ['claude-sonnet-4-6'], () => true)).toBeNull()
  })
})
