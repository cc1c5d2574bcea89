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
    const now = () => io.clock.now()
    const mark = markDemoLedger(ledger, { start: now(), days })
    const demo = createDemo({ ...mark, folder, timeZone: config.timeZone, pricing: createPricing(), now })
    await writeHistory(demo, io)
    writing = demo.goOn(stop.signal)
    const flags: Flags = new Map([...given, ['config.file', demo.configFile], [STORAGE, ledger]])
    const host = { ...io.host, home: demo.home, env }
    return await runExporter({ ...io, host }, flags, { demo: { adminApi: demo.adminApi } })
  } finally {
    stop.abort()
    await writing
    rmSync(folder, { recursive: true, force: true })
  }
}

async function writeHistory(demo: Demo, io: Io): Promise<void> {
  let progress = { done: 0, total: 1 }
  const bar = io.stderr.isTTY ? new ProgressBar(io.stderr, 'Writing logs of the demo', () => progress, 'windows') : null
  try {
    await demo.writeHistory((told) => {
      progress = told
    })
  } finally {
    bar?.end()
  }
}
