import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { lockLedger } from '../../../src/ledger/sqlite/lock.ts'
import { claudeLine } from '../../support/claude-line.ts'
import { claudeHome, writeClaudeLog } from '../support/claude-home.ts'
import { ledgerPathIn, runLine } from '../support/fake-io.ts'

const time = Date.parse('2026-05-04T10:00:00Z')

async function sync(home: string) {
  const { out, err, exitCode } = await runLine('sync --type sessions --json', { home })
  expect({ err, exitCode }).toEqual({ err: '', exitCode: 0 })
  const { sources, ...rest } = JSON.parse(out)
  return { claude: sources[0], sources, ...rest }
}

describe('sync', () => {
  it('tells what it read, per source, and reads it once', async () => {
    const lines = [
      { id: '1', output: 10, time },
      { id: '1', output: 10, time },
      { id: '2', output: 20, time },
    ]
    const home = claudeHome(lines)
    writeClaudeLog(home, '{"type":"assistant","message":{"usage":{"input_tokens":1,\n')
    const first = await sync(home)
    expect(first.claude).toMatchObject({
      source: 'claude-code',
      responses: 2,
      duplicates: 1,
      linesRead: 4,
      rejected: { malformed: 1 },
    })
    expect(first.claude.bytesRead).toBeGreaterThan(1_000)
    expect(first.sources.map(({ source }: { source: string }) => source)).toEqual(['claude-code', 'openclaw', 'pi'])
    expect((await sync(home)).claude).toMatchObject({
      responses: 0,
      duplicates: 0,
      linesRead: 0,
      bytesRead: 0,
      rejected: {},
    })
    writeClaudeLog(home, claudeLine({ id: '3', output: 5, time }))
    expect((await sync(home)).claude).toMatchObject({ responses: 1, linesRead: 1 })
  })

  it('prints a table', async () => {
    const home = claudeHome([{ id: '1', output: 10, time }])
    writeClaudeLog(home, '{"type":"assistant","message":{"usage":{"input_tokens":1,\n')
    const { out } = await runLine('sync', { home, width: 100 })
    const shown = out
      .replaceAll(/\d+\.\d\d s/g, '0.01 s')
      .replaceAll(/\d+ B|[\d.]+ kB/g, '900 B')
      .split('Ledger:')[0]
    expect(`\n${shown}`).toBe(`
Source       New responses  Repeated lines  Rejected lines  Lines read   Read    Time
─────────────────────────────────────────────────────────────────────────────────────
claude-code              1               0               1           2  900 B  0.01 s
openclaw                 0               0               0           0    900 B  0.01 s
pi                       0               0               0           0    900 B  0.01 s

claude-code: 1 lines rejected: malformed
`)
  })

  it('leaves the work to a running exporter', async () => {
    const home = claudeHome([{ id: '1', output: 10, time }])
    await sync(home)
    const unlock = lockLedger(ledgerPathIn(home))
    const { out, exitCode } = await runLine('sync', { home })
    const document = await runLine('sync --json', { home })
    unlock()
    expect(exitCode).toBe(0)
    expect(out).toBe(
      'Nothing to do: an exporter is running and follows the logs itself.\nIn the ledger: newest response 2026-05-04 12:00 (Europe/Berlin).\n',
    )
    expect(JSON.parse(document.out)).toMatchObject({
      exporterRunning: true,
      newestResponse: '2026-05-04T12:00:00+02:00',
    })
  })

  it('says nothing else, least of all in a pipe', async () => {
    const home = claudeHome([{ id: '1', output: 10, time }])
    expect((await runLine('sync', { home })).err).toBe('')
  })

  it('names what stands in the way of a ledger', async () => {
    const home = claudeHome([{ id: '1', output: 10, time }])
    writeFileSync(join(home, 'file'), '')
    const { err, exitCode } = await runLine('sync --storage.path file/folder', { home })
    expect(exitCode).toBe(2)
    expect(err).toContain(`Cannot make the folder ${join(home, 'file/folder')} for the ledger (got ENOTDIR`)
    expect(err).toContain('--storage.path')
  })

  it('shows which folder could not be read, and reads the others', async () => {
    const home = claudeHome([{ id: '1', output: 10, time }])
    const { out, exitCode } = await runLine(
      'sync --sources.claude-code.roots nowhere --sources.claude-code.roots .claude',
      { home },
    )
    expect(exitCode).toBe(0)
    expect(out).toMatch(/claude-code +1 /)
    expect(out).toContain(`${join(home, 'nowhere')}: `)
  })
})
