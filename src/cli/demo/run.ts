import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Command } from 'commander'
import { type Flags, flagsFrom } from '../../config/flags.ts'
import { loadConfig } from '../../config/load.ts'
import { createDemo, type Demo } from '../../demo/demo.ts'
import { markDemoLedger } from '../../demo/ledger-mark.ts'
import { createPricing } from '../../pricing/create-pricing.ts'
import type { Io } from '../io.ts'
import { runExporter } from '../serve/serve.ts'
import { awaitStopSignal } from '../serve/stop-signal.ts'
import { ProgressBar } from '../terminal/progress.ts'
import { demoEnvironment, demoFlags } from './settings.ts'

const STORAGE = 'storage.path'

/** Runs an exporter on the demo until it is asked to stop. Returns the exit code. */
export async function runDemo(io: Io, command: Command): Promise<number> {
  const given = demoFlags(flagsFrom(command))
  const { days } = command.opts<{ days: number }>()
  const env = demoEnvironment(io.host.env)
  const folder = mkdtempSync(join(tmpdir(), 'claude-usage-demo-'))
  const stop = new AbortController()
  let writing: Promise<void> = Promise.resolve()
  try {
    // In a home folder without anything: a configuration of this machine is none of the demo.
    const { config, settings } = await loadConfig({ ...io.host, home: folder, env, flags: given })
    const isLedgerKept = settings.some(({ path, where }) => path === STORAGE && where !== null)
    const ledger = isLedgerKept ? config.storage.path : join(folder, 'ledger')
    const home = join(folder, 'home')
    const configFile = join(ledger, 'demo.yml')
    const now = () => io.clock.now()
    const mark = markDemoLedger(ledger, { start: now(), days })
    const { timeZone } = config
    const pricing = createPricing()
    const demo = createDemo({ ...mark, home, configFile, storagePath: ledger, timeZone, pricing, now })
    if (!(await writeHistory(demo, io))) return 0
    writing = demo.goOn(stop.signal)
    const flags: Flags = new Map([...given, ['config.file', configFile], [STORAGE, ledger]])
    return await runExporter({ ...io, host: { ...io.host, home, env } }, flags, { demo: { adminApi: demo.adminApi } })
  } finally {
    stop.abort()
    await writing
    rmSync(folder, { recursive: true, force: true })
  }
}

/** False where it was asked to stop before the end. */
async function writeHistory(demo: Demo, io: Io): Promise<boolean> {
  const stop = new AbortController()
  const signals = awaitStopSignal(io)
  void signals.first.then(() => stop.abort())
  let progress = { done: 0, total: 1 }
  const bar = io.stderr.isTTY ? new ProgressBar(io.stderr, 'Writing logs of the demo', () => progress, 'windows') : null
  try {
    await demo.writeHistory((told) => {
      progress = told
    }, stop.signal)
    return !stop.signal.aborted
  } finally {
    bar?.end()
    signals.dispose()
  }
}
