import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { run } from '../../../src/cli/run.ts'
// Loaded before the first test waits for it: that alone takes long on a machine with much to do.
import '../../../src/cli/ingest/run.ts'
import { claudeLine } from '../../support/claude-line.ts'
import { claudeHome, writeClaudeLog } from '../support/claude-home.ts'
import { fakeIo, runLine } from '../support/fake-io.ts'

const time = Date.parse('2026-05-04T15:00:00Z')

it('reads the logs, follows them and stops when it is asked to, without a listener', async () => {
  const home = claudeHome([{ id: '1', output: 400, time }])
  const { io, ended } = await ingesting(home)
  writeClaudeLog(home, claudeLine({ id: '2', output: 30, time: time + 60_000 }))
  await eventually(async () => (await outputTokens(home)) === 430)
  io.emitter.emit('SIGTERM')
  expect(await ended).toBe(0)
  expect(io.err()).not.toMatch(/listening|level=error/)
  expect(io.err()).toMatch(/msg=stopped\n$/)
  expect(await outputTokens(home)).toBe(430)
})

it('goes on when it is asked to reload, and says what that takes', async () => {
  const { io, ended } = await ingesting(claudeHome([{ id: '1', output: 400, time }]))
  io.emitter.emit('SIGHUP')
  expect(io.err()).toContain('a changed configuration is taken over by a restart only')
  io.emitter.emit('SIGINT')
  expect(await ended).toBe(0)
  expect(io.emitter.eventNames()).toEqual([])
})

it('leaves remote write to the instance that shows the ledger, and says so', async () => {
  const home = claudeHome([{ id: '1', output: 400, time }])
  writeFileSync(join(home, 'c.yml'), 'remote_write: {url: "http://127.0.0.1:9/api/v1/write"}')
  const { io, ended } = await ingesting(home, '--config.file', join(home, 'c.yml'))
  expect(io.err()).toContain('remote_write is left to the instance that shows the ledger')
  io.emitter.emit('SIGTERM')
  expect(await ended).toBe(0)
})

async function ingesting(home: string, ...flags: readonly string[]) {
  const io = fakeIo({ home })
  const ended = run(['ingest', ...flags], io)
  await eventually(async () => io.err().includes('following them'))
  return { io, ended }
}

/** As a report beside it has them. */
async function outputTokens(home: string): Promise<number> {
  const { out } = await runLine('export --since 2026-05-04 --format csv --no-header --no-sync --output -', { home })
  const [head = '', ...rows] = out.trim().split(/\r?\n/)
  const at = head.split(',').indexOf('output_tokens')
  return rows.reduce((sum, row) => sum + Number(row.split(',')[at]), 0)
}

async function eventually(look: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 30_000; !(await look()); await delay(20)) {
    if (Date.now() > end) throw new Error('it did not happen within 30 s')
  }
}
