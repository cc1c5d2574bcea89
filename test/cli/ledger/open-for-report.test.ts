import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { describe, expect, it } from 'vitest'
import { lockLedger } from '../../../src/ledger/sqlite/lock.ts'
import { appendBatches } from '../../support/append.ts'
import { claudeLine } from '../../support/claude-line.ts'
import { tempFolder, tempLedger } from '../../support/temp.ts'
import { sourceBatch, usageRecord } from '../../support/usage-record.ts'
import { claudeHome, writeClaudeLog } from '../support/claude-home.ts'
import { ledgerPathIn, runLine } from '../support/fake-io.ts'

const time = Date.parse('2026-05-04T10:00:00Z')

async function daily(home: string, flags = '') {
  const { out, exitCode, err } = await runLine(`daily --json ${flags}`, { home })
  expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' })
  const { totals, freshness } = JSON.parse(out)
  return { requests: totals.requests, freshness }
}

describe('the ledger of a report', () => {
  it('has what the logs have, without a running exporter', async () => {
    const home = claudeHome([{ id: '1', output: 10, time }])
    expect(await daily(home)).toMatchObject({ requests: 1, freshness: { origin: 'synced', complete: true } })
    writeClaudeLog(home, claudeLine({ id: '2', output: 10, time }))
    expect(await daily(home)).toMatchObject({ requests: 2, freshness: { readAt: '2026-05-04T17:31:00+02:00' } })
  })

  it('stays as it is with --no-sync', async () => {
    const home = claudeHome([{ id: '1', output: 10, time }])
    await daily(home)
    writeClaudeLog(home, claudeLine({ id: '2', output: 10, time }))
    expect(await daily(home, '--no-sync')).toMatchObject({ requests: 1, freshness: { origin: 'saved' } })
    const { out } = await runLine('daily --no-sync', { home })
    expect(out.replaceAll(/\s+/g, ' ')).toContain('logs last brought something new at 2026-05-04 17:31.')
  })

  it('is left to the exporter that uses it', async () => {
    const home = claudeHome([{ id: '1', output: 10, time }])
    await daily(home)
    writeClaudeLog(home, claudeLine({ id: '2', output: 10, time }))
    const unlock = lockLedger(ledgerPathIn(home))
    expect(await daily(home)).toMatchObject({ requests: 1, freshness: { origin: 'exporter', complete: true } })
    expect((await runLine('daily', { home })).out).toContain('kept up to date by the running exporter')
    unlock()
    expect(await daily(home)).toMatchObject({ requests: 2, freshness: { origin: 'synced' } })
  })

  it('tells when an exporter has not loaded everything yet', async () => {
    const home = tempFolder()
    mkdirSync(dirname(ledgerPathIn(home)), { recursive: true })
    const ledger = tempLedger(ledgerPathIn(home))
    await appendBatches(ledger, [sourceBatch([usageRecord({ time })])], { live: false })
    expect(await daily(home)).toMatchObject({ requests: 1, freshness: { origin: 'exporter', complete: false } })
    const { out } = await runLine('daily', { home })
    expect(out).toContain('The running exporter is still loading older logs: the figures are not complete yet.')
    await ledger.close()
  })
})
