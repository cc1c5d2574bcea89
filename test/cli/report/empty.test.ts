import { describe, expect, it } from 'vitest'
import { runLine } from '../support/fake-io.ts'
import { homeWith, SAMPLE } from '../support/sample.ts'

describe('reports with nothing to show', () => {
  it('says where it looked when there is nothing at all', async () => {
    const { out, exitCode, io } = await runLine('summary')
    expect(exitCode).toBe(0)
    expect(out).toContain('No usage yet: no session logs with token counts were found. Looked in:')
    expect(out).toContain(`${io.home}/.claude/projects`)
    expect(out).toContain('sources.claude_code.roots')
  })

  it('points to the period that has something', async () => {
    const { out } = await runLine('daily --since 2026-03-01 --until 2026-03-02', { home: await homeWith(SAMPLE) })
    expect(out).toContain('No usage in this period: 2026-03-01 to 2026-03-02, Europe/Berlin.')
    expect(out).not.toContain('--days all')
    const before = await runLine('daily --since 2025-03-01 --until 2025-03-02', { home: await homeWith(SAMPLE) })
    expect(before.out).toContain('It holds usage from 2026-01-12 to 2026-05-04: --days all shows everything.')
  })

  it('knows what a misspelt filter probably meant', async () => {
    const { out } = await runLine('models --project shpo', { home: await homeWith(SAMPLE) })
    expect(out).toContain('No usage of project "shpo" in this period: ')
    expect(out).toContain('The ledger knows no project "shpo". Did you mean shop?')
  })

  it.each(['daily', 'explain yesterday', 'summary --days 2 --until 2026-02-01'])('%s is still JSON', async (line) => {
    const { out, exitCode } = await runLine(`${line} --project none-such --json`, { home: await homeWith(SAMPLE) })
    expect(exitCode).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ schemaVersion: 1, filters: { project: 'none-such' } })
  })

  it('explains a day without usage', async () => {
    const { out, exitCode } = await runLine('explain 2026-04-01', { home: await homeWith(SAMPLE) })
    expect(exitCode).toBe(0)
    expect(out).toContain('No usage in this period: 2026-04-01, Europe/Berlin.')
  })
})
