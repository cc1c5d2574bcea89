import { describe, expect, it } from 'vitest'
import { sizeWarning } from '../../../src/cli/backfill/warnings.ts'

const MINUTE_MS = 60_000

describe('a history of very many samples', () => {
  it('is warned of where it becomes one text', () => {
    expect(sizeWarning(43_210_000, { splitDays: null, stepMs: 5 * MINUTE_MS })).toBe(
      'This becomes one text of up to 43.2M samples, all of which promtool reads for each block. ' +
        'Rather write several files (--split-days 30), begin later (--since) or take larger steps (--step 15m).',
    )
  })

  it('is not told of steps that are as large as they can be', () => {
    expect(sizeWarning(43_210_000, { splitDays: null, stepMs: 15 * MINUTE_MS })).toMatch(
      /several files \(--split-days 30\) or begin later \(--since\)\.$/,
    )
  })

  it.each([
    { of: 'in several files', samples: 43_210_000, splitDays: 30 },
    { of: 'that is not that large', samples: 20_000_000, splitDays: null },
  ])('is not warned of $of', ({ samples, splitDays }) => {
    expect(sizeWarning(samples, { splitDays, stepMs: 5 * MINUTE_MS })).toBeNull()
  })
})
