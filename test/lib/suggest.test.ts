import { describe, expect, it } from 'vitest'
import { closest } from '../../src/lib/suggest.ts'

const KEYS = ['listen_address', 'telemetry_path', 'level', 'format']

describe('closest', () => {
  it.each([
    { word: 'listen_adress', meant: 'listen_address' },
    { word: 'listen-address', meant: 'listen_address' },
    { word: 'LEVEL', meant: 'level' },
    { word: 'levle', meant: 'level' },
    { word: 'levels', meant: 'level' },
    { word: 'formt', meant: 'format' },
    { word: 'retention', meant: null },
    { word: '', meant: null },
    { word: 'x'.repeat(100_000), meant: null },
  ])('$word: $meant', ({ word, meant }) => {
    expect(closest(word, KEYS)).toBe(meant)
  })
})
