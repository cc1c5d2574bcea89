import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { logProgress } from '../../../src/cli/serve/load-progress.ts'
import { createLogger } from '../../../src/lib/logger.ts'

describe('progress in the log', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('is told every ten seconds until the end', () => {
    const lines: string[] = []
    const logger = createLogger({ level: 'info', format: 'json', write: (line) => void lines.push(line) })
    let done = 100
    const end = logProgress(logger, () => ({ done, total: 300 }))
    vi.advanceTimersByTime(9_000)
    expect(lines).toEqual([])
    vi.advanceTimersByTime(1_000)
    done = 299
    vi.advanceTimersByTime(10_000)
    end()
    vi.advanceTimersByTime(60_000)
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { msg: 'loading history', doneBytes: 100, totalBytes: 300, percent: 33 },
      { msg: 'loading history', doneBytes: 299, percent: 99 },
    ])
  })
})
