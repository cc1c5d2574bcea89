import { describe, expect, it } from 'vitest'
import { displayWidth } from '../../../src/cli/terminal/width.ts'
import { runLine } from '../support/fake-io.ts'
import { homeWith, type Use } from '../support/sample.ts'

const NAMES = {
  'an escape sequence': 'shop\u001b[2J\u001b[31m',
  'a C1 control': 'shop\u009b2J',
  'line breaks': 'shop\r\nTotal  $0.00',
  'text direction': 'shop\u202egpj.exe',
  'a prototype key': '__proto__',
  'a very long name': 'x'.repeat(5_000),
  'wide characters': '商店'.repeat(60),
}

const LINES = [
  'summary --by project',
  'daily --by project,branch',
  'projects',
  'agents',
  'models',
  'sessions',
  'explain today --by project',
]

describe('names out of hostile logs', () => {
  it.each(Object.entries(NAMES))('%s does no harm', async (_, name) => {
    const use: Use = {
      at: '2026-05-04T08:00:00Z',
      session: name,
      project: name,
      agent: name,
      branch: name,
      model: name,
      tokens: { output: 7 },
    }
    const home = await homeWith([use])
    for (const line of LINES) {
      const table = await runLine(line, { home, width: 100 })
      expect(table.exitCode).toBe(0)
      expect(table.out).not.toMatch(/[^\n\P{Cc}]|\p{Bidi_Control}/u)
      // Explanations name the model in a heading, which wraps; a name without blanks cannot.
      if (!line.startsWith('explain')) {
        for (const text of table.out.split('\n')) expect(displayWidth(text)).toBeLessThanOrEqual(100)
      }
      const document = await runLine(`${line} --json`, { home })
      expect(document.out).not.toMatch(/[^\n\P{Cc}]|\p{Bidi_Control}/u)
      expect(JSON.stringify(JSON.parse(document.out))).toContain(JSON.stringify(name).slice(1, -1))
    }
  })

  it('are safe in messages as well', async () => {
    const { err } = await runLine('explain no\u001b[2Jne', { home: await homeWith([]) })
    expect(err).toContain('no\\u001b[2Jne')
  })
})
