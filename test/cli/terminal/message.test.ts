import { describe, expect, it } from 'vitest'
import { writeError } from '../../../src/cli/terminal/message.ts'
import { fakeIo, runLine } from '../support/fake-io.ts'

function written(message: string, fix: string | undefined, width?: number, isColored = false): string {
  const io = fakeIo({ ...(width !== undefined && { width }), isColored })
  writeError(io.stderr, message, fix)
  return io.err()
}

describe('an error', () => {
  it('is wrapped to the terminal, lists with their indent', () => {
    expect(
      written('Two things are wrong:\n  first: this is far too long\n  second', 'Mend both of them now.', 22),
    ).toBe('error: Two things are\nwrong:\n  first: this is far\n  too long\n  second\nMend both of them now.\n')
  })

  it('goes into a pipe line by line, however long they are', () => {
    const long = 'word '.repeat(100).trim()
    expect(written(long, long)).toBe(`error: ${long}\n${long}\n`)
  })

  it('counts no colour as columns, and shows control characters', () => {
    const plain = written('one two three four\u001b[2J five six', undefined, 24)
    expect(plain.includes('\u001b')).toBe(false)
    const colored = written('one two three four\u001b[2J five six', undefined, 24, true)
    expect(colored).not.toBe(plain)
    expect(colored.replaceAll(/\u001b\[\d+m/g, '')).toBe(plain)
  })

  it.each([
    'daily --days x',
    'dayly',
    'export',
    'daily --days 3 --since today',
    'scheduler --format systemd --tz Nowhere/Ever',
  ])('of "%s" has no line wider than the terminal', async (line) => {
    const { err, exitCode } = await runLine(line, { width: 40 })
    expect(exitCode).toBe(2)
    expect(err.startsWith('error: ')).toBe(true)
    expect(err.split('\n').filter((text) => text.length > 40)).toEqual([])
  })
})
