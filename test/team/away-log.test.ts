import { describe, expect, it } from 'vitest'
import { AwayLog } from '../../src/away-log.ts'
import { LedgerError } from '../../src/ledger/ledger.ts'
import { createLogger } from '../../src/lib/logger.ts'

const HOUR_MS = 3_600_000

function setUp() {
  const clock = { at: Date.UTC(2026, 4, 4), now: () => clock.at }
  const lines: string[] = []
  const logger = createLogger({ level: 'debug', format: 'logfmt', clock, write: (line) => lines.push(line) })
  return { clock, lines, log: new AwayLog(clock, logger) }
}

const away = new LedgerError('away', 'postgres://db/claude: connection refused')

describe('a ledger that is away', () => {
  it('is told of when it goes, once an hour, and when it is back', () => {
    const { clock, lines, log } = setUp()
    for (let minute = 0; minute < 24 * 60; minute++) {
      expect(log.failed(away)).toBe(true)
      clock.at += 60_000
    }
    expect(lines).toHaveLength(24)
    expect(lines[0]).toContain('the ledger cannot be reached')
    expect(lines[0]).toContain('postgres://db/claude')
    expect(lines[23]).toContain(`awaySeconds=${23 * 3_600}`)
    expect(log.since).toBe(clock.at - 24 * HOUR_MS)
    log.answered()
    expect(lines.at(-1)).toContain('can be reached again')
    expect(log.since).toBeNull()
  })

  it('says nothing of a ledger that was there all the time, and leaves other failures to others', () => {
    const { lines, log } = setUp()
    log.answered()
    expect(log.failed(new LedgerError('busy', 'locked'))).toBe(false)
    expect(log.failed(new Error('something'))).toBe(false)
    expect(lines).toEqual([])
    expect(log.since).toBeNull()
  })
})
