import { describe, expect, it } from 'vitest'
import { withSection } from '../../src/documents/files/section.ts'
import { renderDocument } from '../../src/documents/render.ts'
import { cellsByEscape, cellsByPipe, openText, tablesOf } from './gfm.ts'
import { hostileOverview, NO_PARTS } from './support.ts'

describe('with hostile names', () => {
  it.each(['markdown', 'section'] as const)('%s has whole tables and no markup of theirs', async (format) => {
    const overview = await hostileOverview()
    const text = renderDocument(format, overview, NO_PARTS)
    const tables = tablesOf(text)
    expect(tables.length).toBeGreaterThan(1)
    for (const [head = '', ...rows] of tables) {
      for (const row of rows) {
        expect(cellsByPipe(row)).toHaveLength(cellsByPipe(head).length)
        expect(cellsByEscape(row)).toHaveLength(cellsByPipe(head).length)
      }
    }
    const own = /^<!-- written \S+ by claude-usage-exporter 1\.2\.3: .* -->$/
    for (const line of text.split('\n').filter((one) => !own.test(one))) {
      const open = openText(line.replace(/^#{1,3} |\]\(https:\/\/example\.com\/runbook\.md\)/g, ''))
      expect(open).not.toMatch(/<(?![$0])|[>&~@#_]|:\/\/|!\[/)
      expect(line.length).toBeLessThan(3_000)
    }
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u)
    expect(text).not.toContain('x'.repeat(1_000))
  })

  it('a section never ends itself early', async () => {
    const section = renderDocument('section', await hostileOverview(), NO_PARTS)
    const once = withSection(Buffer.from('# Mine\n'), section, 'f')
    expect(withSection(once, section, 'f')).toEqual(once)
    expect(withSection(once, 'x\n', 'f').toString()).toMatch(
      /^# Mine\n\n<!-- claude-usage-exporter:begin -->\nx\n<!-- /,
    )
  })
})
