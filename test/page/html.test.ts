import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Html, html, jsonScript } from '../../src/page/html.ts'
import { parseMarkup, textOf } from './markup.ts'

const HOSTILE = fc.constantFrom(...'<>&"\'`=/!-;#xa \n\u0000\u001b\u202e\u2028\ud800𝒳')

describe('html', () => {
  it.each([
    ['text is escaped', html`<b>${'<script>&"\'`'}</b>`, '<b>&lt;script&gt;&amp;&quot;&#39;&#96;</b>'],
    ['markup stays markup', html`<b>${html`<i>${'<'}</i>`}</b>`, '<b><i>&lt;</i></b>'],
    ['lists are joined, however deep', html`${['<', [html`<i>`, 2]]}`, '&lt;<i>2'],
    ['nothing is left out', html`a${null}${undefined}${false}${true}b`, 'ab'],
    ['zero is a number like others', html`${0}`, '0'],
    ['the empty text is nothing', html`<i>${''}</i>`, '<i></i>'],
    ['control characters are named', html`${'a\u0000\u001b[31m\nb'}`, 'a\\u0000\\u001b[31m\\u000ab'],
    ['direction marks are named', html`${'a\u202eb\u2066c'}`, 'a\\u202eb\\u2066c'],
    ['half a character is replaced', html`${'a\ud800b'}`, 'a\ufffdb'],
  ])('%s', (_case, markup, expected) => {
    expect(markup.toString()).toBe(expected)
  })

  it('takes an object that only looks like markup as nothing but text', () => {
    const pretender = { toString: () => '<script>' } as unknown as string
    expect(() => html`${pretender}`).toThrow()
  })

  it('lets no text out of an element or an attribute', () => {
    fc.assert(
      fc.property(fc.string({ unit: HOSTILE }), (text) => {
        const markup = html`<p title="${text}">${text}</p>`.toString()
        const [element, ...others] = parseMarkup(markup)
        expect(others).toEqual([])
        expect([...(element?.attributes.keys() ?? [])]).toEqual(['title'])
        expect(textOf(markup).length).toBeGreaterThanOrEqual(text.trim() === '' ? 0 : 1)
      }),
      { numRuns: 500 },
    )
  })
})

describe('jsonScript', () => {
  it.each(['</script>', '<!--<script>', '&lt;', '\u2028', ']]>'])('keeps %j inside, and readable', (text) => {
    const markup = jsonScript('x', { text }).toString()
    const inner = markup.slice('<script type="application/json" id="x">'.length, -'</script>'.length)
    expect(inner).not.toMatch(/[<>&\u2028]/)
    expect(JSON.parse(inner)).toEqual({ text })
  })
})

describe('Html', () => {
  it('takes trusted markup as it is', () => {
    expect(html`${Html.trusted('<hr>')}`.toString()).toBe('<hr>')
  })
})
