import { describe, expect, it } from 'vitest'
import { escapeControls } from '../../src/lib/escape.ts'

describe('escapeControls', () => {
  it.each([
    { what: 'line feeds', text: 'a\nlevel=error', escaped: 'a\\u000alevel=error' },
    { what: 'terminal sequences', text: '\u001b[31mred', escaped: '\\u001b[31mred' },
    { what: 'their one-character form', text: '\u009b31m', escaped: '\\u009b31m' },
    { what: 'line separators', text: 'a\u2028b\u2029c', escaped: 'a\\u2028b\\u2029c' },
    { what: 'direction overrides', text: 'a\u202eb\u2066', escaped: 'a\\u202eb\\u2066' },
  ])('escapes $what', ({ text, escaped }) => {
    expect(escapeControls(text)).toBe(escaped)
  })

  it('leaves letters of every script and emoji alone', () => {
    expect(escapeControls('Grüße 你好 שלום 🎉')).toBe('Grüße 你好 שלום 🎉')
  })
})
