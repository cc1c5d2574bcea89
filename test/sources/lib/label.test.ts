import { describe, expect, it } from 'vitest'
import { label } from '../../../src/sources/lib/label.ts'

describe('label', () => {
  it.each([
    { value: 'claude-opus-4-8', text: 'claude-opus-4-8' },
    { value: ' feature/café ', text: 'feature/café' },
    { value: 'two\nlines', text: 'two lines' },
    { value: 'bell\u0007', text: 'bell' },
    { value: 'half \ud800 a pair', text: 'half   a pair' },
    { value: 'x'.repeat(201), text: 'x'.repeat(200) },
    { value: 12, text: '12' },
    { value: '', text: '' },
    { value: '   ', text: '' },
    { value: null, text: '' },
    { value: undefined, text: '' },
    { value: true, text: '' },
    { value: {}, text: '' },
  ])('$value is $text', ({ value, text }) => {
    expect(label(value)).toBe(text)
  })
})
