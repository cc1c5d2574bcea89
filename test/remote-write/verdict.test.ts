import { describe, expect, it } from 'vitest'
import { waitMs } from '../../src/remote-write/backoff.ts'
import { firstLine } from '../../src/remote-write/first-line.ts'
import { verdictOf } from '../../src/remote-write/verdict.ts'

const NOW = Date.UTC(2026, 10, 22, 12)

describe('verdictOf', () => {
  it.each([
    { status: 200, verdict: { kind: 'accepted' } },
    { status: 204, verdict: { kind: 'accepted' } },
    { status: 302, verdict: { kind: 'retry', reason: 'redirect', retryAfterMs: null } },
    { status: 400, verdict: { kind: 'drop', reason: 'refused' } },
    { status: 401, verdict: { kind: 'drop', reason: 'refused' } },
    { status: 409, verdict: { kind: 'drop', reason: 'refused' } },
    { status: 400, line: 'out of bounds', verdict: { kind: 'drop', reason: 'too_old' } },
    { status: 429, verdict: { kind: 'retry', reason: 'throttled', retryAfterMs: null } },
    { status: 429, retryAfter: '7', verdict: { kind: 'retry', reason: 'throttled', retryAfterMs: 7_000 } },
    { status: 500, verdict: { kind: 'retry', reason: 'server', retryAfterMs: null } },
    { status: 500, line: 'too old sample', verdict: { kind: 'drop', reason: 'too_old' } },
    { status: 503, retryAfter: 'soon', verdict: { kind: 'retry', reason: 'server', retryAfterMs: null } },
    {
      status: 503,
      retryAfter: 'Sun, 22 Nov 2026 12:00:30 GMT',
      verdict: { kind: 'retry', reason: 'server', retryAfterMs: 30_000 },
    },
    {
      status: 503,
      retryAfter: 'Sun, 22 Nov 2026 11:00:00 GMT',
      verdict: { kind: 'retry', reason: 'server', retryAfterMs: 0 },
    },
  ])('of $status "$line" $retryAfter: $verdict.kind', ({ status, line = '', retryAfter = null, verdict }) => {
    expect(verdictOf({ status, line, retryAfter }, NOW)).toEqual(verdict)
  })
})

describe('waitMs', () => {
  const backoff = { firstMs: 1_000, longestMs: 60_000 }

  it.each([
    { failures: 1, chance: 0, wait: 1_000 },
    { failures: 1, chance: 1, wait: 500 },
    { failures: 4, chance: 0, wait: 8_000 },
    { failures: 7, chance: 0, wait: 60_000 },
    { failures: 5_000, chance: 0.5, wait: 45_000 },
  ])('after $failures failures with chance $chance is $wait ms', ({ failures, chance, wait }) => {
    expect(waitMs(failures, null, chance, backoff)).toBe(wait)
  })

  it('is never less than the server asked for', () => {
    expect(waitMs(1, 90_000, 0, backoff)).toBe(90_000)
    expect(waitMs(1, 90_000, 1, backoff)).toBe(91_000)
    expect(waitMs(7, 10, 0, backoff)).toBe(60_000)
  })
})

describe('firstLine', () => {
  it.each([
    { body: '', line: '' },
    { body: '\n\nout of order sample\nmore', line: 'out of order sample' },
    { body: 'a\u001b[31mb\u0000c', line: 'a\\u001b[31mb\\u0000c' },
    { body: `token sesame-open is wrong`, line: 'token [redacted] is wrong' },
    { body: 'x'.repeat(500), line: `${'x'.repeat(199)}…` },
  ])('of $body', ({ body, line }) => {
    expect(firstLine(body, ['open', 'sesame-open'])).toBe(line)
  })
})
