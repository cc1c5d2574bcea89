import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { escapeLine, labelWriter, writeLabels } from '../../../src/metrics/render/labels.ts'
import { renderFamilies } from '../../../src/metrics/render/render.ts'
import { parseSamples } from '../parse-text.ts'

describe('writeLabels', () => {
  it.each([
    { value: 'plain', text: 'plain' },
    { value: '', text: '' },
    { value: 'C:\\temp', text: 'C:\\\\temp' },
    { value: 'say "hi"', text: 'say \\"hi\\"' },
    { value: 'two\nlines', text: 'two\\nlines' },
    { value: 'not a \\n line end', text: 'not a \\\\n line end' },
    { value: '\r\t\0 ü 🦀 {}=,:|', text: '\r\t\0 ü 🦀 {}=,:|' },
  ])('writes $value', ({ value, text }) => {
    expect(writeLabels([['a', value]])).toBe(`{a="${text}"}`)
  })

  it('writes nothing without labels', () => {
    expect(writeLabels([])).toBe('')
  })
})

describe('labelWriter', () => {
  it('writes the named labels in the order of the names and nothing else', () => {
    const row = { model: 'm', source: 'pi', tokens: 'no label' }
    expect(labelWriter(['source', 'model'])(row)).toBe('{source="pi",model="m"}')
  })

  it('keeps the texts of one object under different names apart', () => {
    const row = { model: 'm', source: 'pi' }
    expect([labelWriter(['source'])(row), labelWriter(['model'])(row), labelWriter([])(row)]).toEqual([
      '{source="pi"}',
      '{model="m"}',
      '',
    ])
  })
})

describe('escapeLine', () => {
  it('leaves quotes alone and keeps the text on one line', () => {
    expect(escapeLine('a "b" \\ c\nd')).toBe('a "b" \\\\ c\\nd')
  })
})

describe('any label values', () => {
  const hostile = fc.oneof(
    fc.string({
      unit: fc.constantFrom(',', ':', '|', '"', '\\', '\n', '\r', '=', '{', '}', ' ', '\0', 'n', '🦀', '#'),
    }),
    fc.string({ unit: 'binary' }),
    // Halves of characters, as a JSON escape can bring them.
    fc.string({ unit: fc.constantFrom('\ud83e', '\udd80', 'x', '"') }),
  )

  it('are read back as they were, and different ones stay different series', () => {
    const labelSets = fc.uniqueArray(fc.record({ a: hostile, b: hostile, cc: hostile }), {
      selector: (labels) => JSON.stringify(Object.values(labels).map(wellFormed)),
      maxLength: 20,
    })
    fc.assert(
      fc.property(labelSets, (sets) => {
        const write = labelWriter(['a', 'b', 'cc'])
        const lines = sets.map((labels, index) => `${write(labels)} ${index}`)
        const family = { name: 'x', type: 'gauge', help: 'Help.', unit: '', lines } as const
        const samples = parseSamples(renderFamilies([family], 'text').toString())
        expect(samples.map(({ labels, value }) => [Object.fromEntries(labels), value])).toEqual(
          sets.map(({ a, b, cc }, index) => [
            { a: wellFormed(a), b: wellFormed(b), cc: wellFormed(cc) },
            String(index),
          ]),
        )
      }),
    )
  })
})

function wellFormed(text: string): string {
  return Buffer.from(text).toString()
}
