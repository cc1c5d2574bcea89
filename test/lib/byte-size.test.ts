import { describe, expect, it } from 'vitest'
import { parseByteSize } from '../../src/lib/byte-size.ts'

describe('parseByteSize', () => {
  it.each([
    { text: '64MiB', bytes: 67_108_864 },
    { text: '64 mib', bytes: 67_108_864 },
    { text: '1.5KiB', bytes: 1_536 },
    { text: '2GB', bytes: 2_000_000_000 },
    { text: '100B', bytes: 100 },
    { text: '100', bytes: 100 },
    { text: 100, bytes: 100 },
  ])('reads $text as $bytes bytes', ({ text, bytes }) => {
    expect(parseByteSize(text)).toBe(bytes)
  })

  it.each(['', 'MiB', '-1', '64M', '1e3', '64 Mi B', -1, Number.NaN])('refuses %s', (text) => {
    expect(parseByteSize(text)).toBeNull()
  })
})
