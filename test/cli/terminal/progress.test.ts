import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ProgressBar, progressText } from '../../../src/cli/terminal/progress.ts'
import { displayWidth } from '../../../src/cli/terminal/width.ts'
import { fakeIo } from '../support/fake-io.ts'

const HALF = { done: 600_000_000, total: 1_200_000_000 }

describe('progress', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('shows how far, how much and how long', () => {
    const { stderr } = fakeIo({ width: 100 })
    expect(progressText('Reading logs', HALF, 12_000, stderr)).toBe(
      'Reading logs  ████████████············  50.0%  600 MB of 1.2 GB, 12 s left',
    )
  })

  it('says nothing of the time while it cannot be told', () => {
    const { stderr } = fakeIo({ width: 100 })
    expect(progressText('Reading logs', { done: 1, total: 1_000 }, 12_000, stderr)).toBe(
      'Reading logs  ························  0.1%  1 B of 1.0 kB',
    )
    expect(progressText('Reading logs', { done: 0, total: 0 }, 12_000, stderr)).toBe('Reading logs')
  })

  it.each([80, 60, 45, 20])('never wraps in %s columns', (width) => {
    const { stderr } = fakeIo({ width })
    expect(displayWidth(progressText('Reading logs', HALF, 12_000, stderr))).toBeLessThan(width)
  })

  it('stays away from work that is done at once', () => {
    const io = fakeIo({ width: 100, isTTY: true })
    const bar = new ProgressBar(io.stderr, 'Reading logs', () => HALF)
    vi.advanceTimersByTime(400)
    bar.end()
    expect(io.err()).toBe('')
  })

  it('makes room for log lines and takes itself away at the end', () => {
    const io = fakeIo({ width: 100, isTTY: true })
    const bar = new ProgressBar(io.stderr, 'Reading logs', () => HALF)
    vi.advanceTimersByTime(500)
    bar.write('a log line\n')
    vi.advanceTimersByTime(100)
    bar.end()
    const shown = 'Reading logs  ████████████············  50.0%  600 MB of 1.2 GB'
    expect(io.err().replaceAll(/, \d+ s left/g, '')).toBe(`${shown}\r\u001b[2Ka log line\n${shown}\r\u001b[2K`)
  })
})
