import { describe, expect, it } from 'vitest'
import { readCount } from '../../../src/sources/lib/counts.ts'

describe('readCount', () => {
  it.each([
    { json: '0', count: 0 },
    { json: '-0', count: 0 },
    { json: '412', count: 412 },
    { json: '6.0', count: 6 },
    { json: '1e3', count: 1000 },
    { json: '9007199254740991', count: Number.MAX_SAFE_INTEGER },
    { json: 'null', count: 0 },
  ])('takes $json as $count', ({ json, count }) => {
    const check = { bad: false }
    expect(readCount(JSON.parse(json), check)).toBe(count)
    expect(check.bad).toBe(false)
  })

  it('takes a missing count as 0', () => {
    const check = { bad: false }
    expect(readCount(undefined, check)).toBe(0)
    expect(check.bad).toBe(false)
  })

  it.each(['-1', '1.5', '9007199254740992', '1e400', '"12"', '""', 'true', '[]', '{}'])(
    'takes %s as 0 and marks it bad',
    (json) => {
      const check = { bad: false }
      expect(readCount(JSON.parse(json), check)).toBe(0)
      expect(check.bad).toBe(true)
    },
  )

  it('never clears the mark', () => {
    const check = { bad: false }
    readCount('12', check)
    readCount(12, check)
    expect(check.bad).toBe(true)
  })
})
