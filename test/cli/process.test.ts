import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, fstatSync, openSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { describe, expect, it } from 'vitest'
import { claudeLine } from '../support/claude-line.ts'
import { eventually, startExporter } from '../support/exporter.ts'
import { tempFolder } from '../support/temp.ts'
import { claudeHome, writeClaudeLog } from './support/claude-home.ts'
import { ledgerPathIn } from './support/fake-io.ts'
import { homeWith, SAMPLE } from './support/sample.ts'

function start(args: readonly string[], home: string) {
  const env = { PATH: process.env['PATH'], HOME: home, TZ: 'UTC' }
  return spawn(process.execPath, ['dist/main.js', ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
}

async function finish(child: ReturnType<typeof start>) {
  let out = ''
  let err = ''
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk
  })
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk
  })
  const [code, signal] = await once(child, 'close')
  return { code, signal, out, err }
}

describe('the program as a process', () => {
  it.each([
    { args: ['--version'], code: 0, out: /^claude-usage-exporter \d/, err: /^$/ },
    { args: ['no-such-command'], code: 2, out: /^$/, err: /unknown command/ },
    { args: ['check-config', '--log.level', 'loud'], code: 2, out: /^$/, err: /Invalid configuration/ },
    { args: ['check-config'], code: 0, out: /^# No configuration file\.\n# .*\nweb:\n/, err: /^$/ },
  ])('$args ends with $code', async ({ args, code, out, err }) => {
    const result = await finish(start(args, tempFolder()))
    expect(result).toMatchObject({ code, out: expect.stringMatching(out), err: expect.stringMatching(err) })
  })

  it('ends quietly when its reader has seen enough', async () => {
    const child = start(['daily', '--days', 'all', '--no-sync', '--json'], await homeWith(SAMPLE))
    child.stdout.destroy()
    let err = ''
    child.stderr.on('data', (chunk: Buffer) => {
      err += chunk
    })
    const [code] = await once(child, 'exit')
    expect({ code, err }).toEqual({ code: 0, err: '' })
  })

  it('writes everything into a pipe before it ends', async () => {
    const uses = Array.from({ length: 3_000 }, (_, index) => ({
      at: '2026-05-04T08:00:00Z',
      session: `session-${index}`,
      tokens: { output: 1 },
    }))
    const args = ['sessions', '--since', '2026-05-01', '--until', '2026-05-04', '--no-sync', '--json', '--top', '5000']
    const { out, code } = await finish(start(args, await homeWith(uses)))
    expect(code).toBe(0)
    expect(JSON.parse(out).rows).toHaveLength(3_000)
  })

  it.each(['SIGTERM', 'SIGINT'] as const)('the exporter ends with 0 on %s', async (signal) => {
    const home = tempFolder()
    const exporter = await startExporter({ home, storage: home })
    const gone = once(exporter.process, 'exit')
    exporter.process.kill(signal)
    expect(await gone).toEqual([0, null])
    expect(exporter.log()).toContain('msg=stopped')
  })

  it('the exporter stops with the ways out when its ledger gets damaged under it', async () => {
    const home = claudeHome([{ id: '1', output: 10, time: Date.parse('2026-05-04T10:00:00Z') }])
    const path = ledgerPathIn(home)
    expect((await finish(start(['sync'], home))).code).toBe(0)
    const exporter = await startExporter({ home, storage: dirname(path), flags: ['--tail.poll-hot=50ms'] })
    await eventually('loading', () => exporter.scrape())
    damage(path)
    const gone = once(exporter.process, 'exit')
    writeClaudeLog(home, claudeLine({ id: '2', output: 10, time: Date.parse('2026-05-04T10:00:01Z') }))
    expect(await gone).toEqual([1, null])
    expect(exporter.log()).toContain('msg="cannot go on; stopping"')
    expect(exporter.log()).toContain('--new-ledger')
  })
})

/** Overwrites every page but the first, as a failing disk might. */
function damage(path: string): void {
  const file = openSync(path, 'r+')
  const size = fstatSync(file).size
  writeSync(file, Buffer.alloc(size - 4096, 'damage'), 0, size - 4096, 4096)
  closeSync(file)
}
