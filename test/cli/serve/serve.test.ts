import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isLocked, lockLedger } from '../../../src/ledger/sqlite/lock.ts'
import { tempFolder } from '../../support/temp.ts'
import { claudeHome } from '../support/claude-home.ts'
import { ledgerPathIn, runLine } from '../support/fake-io.ts'
import { homeWith, SAMPLE } from '../support/sample.ts'
import { startServing } from '../support/serving.ts'

const time = Date.parse('2026-05-04T10:00:00Z')

async function get(url: string, init?: RequestInit) {
  const response = await fetch(url, init)
  return { status: response.status, text: await response.text() }
}

describe('serve', () => {
  it('is ready once it listens, follows the logs and stops in order', async () => {
    const home = claudeHome([{ id: '1', output: 10, time }])
    const serving = await startServing('', { home })
    const { url } = serving
    expect(await get(`${url}/-/healthy`)).toMatchObject({ status: 200 })
    expect(await get(`${url}/-/ready`)).toMatchObject({ status: 200, text: 'Ready.\n' })
    await serving.logged('msg="all logs are read; following them"')
    expect((await get(`${url}/metrics`)).text).toContain('claude_exporter_load_complete 1')
    expect(await serving.stop()).toBe(0)
    expect(serving.io.err()).toMatch(/msg=stopping signal=SIGTERM[^\n]*\n[^\n]*msg=stopped/)
    await expect(fetch(`${url}/metrics`)).rejects.toThrow()
    expect(isLocked(ledgerPathIn(home))).toBe(false)
    expect(serving.io.out()).toBe('')
    expect(serving.io.emitter.eventNames()).toEqual([])
  })

  it('is the same as the command serve', async () => {
    const serving = await startServing('serve')
    expect(await serving.stop('SIGINT')).toBe(0)
  })

  it('shows reports of what it has, beside it', async () => {
    const home = claudeHome([{ id: '1', output: 10, time }])
    const serving = await startServing('', { home })
    await serving.logged('following them')
    const { out } = await runLine('daily --json', { home })
    expect(JSON.parse(out)).toMatchObject({
      freshness: { origin: 'exporter', complete: true },
      totals: { requests: 1 },
    })
    await serving.stop()
  })

  it('ends at once when it is asked twice', async () => {
    const serving = await startServing()
    serving.io.emitter.emit('SIGTERM')
    serving.io.emitter.emit('SIGINT')
    expect(serving.io.exits).toEqual([130])
    await serving.ended
  })

  it('ends in order when it is asked while it loads', async () => {
    const lines = Array.from({ length: 3_000 }, (_, index) => ({ id: String(index), output: 1, time }))
    const home = claudeHome(lines)
    const serving = await startServing('', { home })
    expect(await serving.stop()).toBe(0)
    expect(serving.io.err()).not.toContain('level=error')
    const { out } = await runLine('daily --json', { home })
    expect(JSON.parse(out).totals.requests).toBe(3_000)
  })

  it('welcomes people on a terminal', async () => {
    const serving = await startServing('', { isTTY: true, width: 80 })
    await serving.stop()
    expect(serving.io.out()).toContain(`Metrics  ${serving.url}/metrics`)
    expect(serving.io.out()).toContain(ledgerPathIn(serving.io.home))
  })

  it.each([
    ['--web.listen-address 0.0.0.0:0', 'other machines can reach this address'],
    ['--storage.path /dev/null/x', 'Cannot make the folder /dev/null/x'],
    ['--tail.quiet-time 1h', 'Set tail.hold_limit to at least tail.quiet_time.'],
    ['--config.file none.yml', 'cannot read "none.yml": no such file'],
  ])('does not start with %s', async (flags, message) => {
    const { err, exitCode } = await runLine(flags)
    expect(exitCode).toBe(2)
    expect(err).toContain(message)
  })

  it('does not start where another program listens, and gives the ledger back', async () => {
    const serving = await startServing()
    const { err, exitCode, io } = await runLine(`--web.listen-address ${serving.url.slice('http://'.length)}`)
    await serving.stop()
    expect(exitCode).toBe(2)
    expect(err).toContain('another program listens there')
    expect(isLocked(ledgerPathIn(io.home))).toBe(false)
  })

  it('does not start on a ledger that is in use', async () => {
    const home = await homeWith(SAMPLE)
    const unlock = lockLedger(ledgerPathIn(home))
    const { err, exitCode } = await runLine('--web.listen-address 127.0.0.1:0', { home })
    unlock()
    expect(exitCode).toBe(2)
    expect(err).toContain('Another exporter is using the ledger')
  })

  it('logs a bug and ends with 1', async () => {
    const serving = await startServing()
    serving.io.emitter.emit('uncaughtException', new TypeError('impossible'))
    await serving.logged('msg="bug: an error nobody expected; stopping"')
    expect(serving.io.err()).toContain('impossible')
    await Promise.resolve()
    expect(serving.io.exits).toEqual([1])
    await serving.stop()
  })
})

describe('--new-ledger', () => {
  it('keeps the damaged file and reads the logs again', async () => {
    const home = claudeHome([{ id: '1', output: 10, time }])
    const path = ledgerPathIn(home)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, 'damage '.repeat(10_000))
    writeFileSync(`${path}-wal`, 'more damage')
    const refused = await runLine('', { home })
    expect(refused.exitCode).toBe(2)
    expect(refused.err).toContain('is damaged')

    const serving = await startServing('--new-ledger', { home })
    await serving.logged('following them')
    expect(serving.io.err()).toContain('the old ledger was moved aside')
    expect(await serving.stop()).toBe(0)
    expect(readdirSync(dirname(path))).toEqual(
      expect.arrayContaining(['ledger.sqlite.20260504T153100Z.old', 'ledger.sqlite.20260504T153100Z.old-wal']),
    )
    expect(JSON.parse((await runLine('daily --json', { home })).out).totals.requests).toBe(1)
  })

  it('begins where there was none, too', async () => {
    const serving = await startServing('serve --new-ledger', { home: tempFolder() })
    expect(serving.io.err()).toContain('there was no ledger to move aside')
    await serving.stop()
  })

  it('is refused while an exporter uses the old one', async () => {
    const home = await homeWith(SAMPLE)
    const unlock = lockLedger(ledgerPathIn(home))
    const { err, exitCode } = await runLine('--new-ledger', { home })
    unlock()
    expect(exitCode).toBe(2)
    expect(err).toContain('Another exporter is using the ledger')
    expect(existsSync(join(dirname(ledgerPathIn(home)), 'ledger.sqlite'))).toBe(true)
  })
})
