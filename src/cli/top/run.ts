import type { Command } from 'commander'
import { flagsFrom } from '../../config/flags.ts'
import { loadConfig } from '../../config/load.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import { openSqliteReader } from '../../ledger/sqlite/ledger.ts'
import { sqliteLedgerPath } from '../../ledger/sqlite/path.ts'
import type { Io } from '../io.ts'
import { isInUse } from '../ledger/open-for-report.ts'
import { awaitStopSignal } from '../serve/stop-signal.ts'
import { readBurn } from './burn.ts'
import type { TopGrouping, TopOptions } from './command.ts'
import { OTHER_LINES, topLines } from './lines.ts'
import { openScreen, type ScreenEvent } from './screen.ts'

const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const

/** Shows what is used now until it is asked to end. Returns the exit code. */
export async function runTop(io: Io, command: Command): Promise<number> {
  const { by, interval, once = false } = command.opts<TopOptions>()
  const { config } = await loadConfig({ ...io.host, flags: flagsFrom(command) })
  const path = sqliteLedgerPath(config.storage.path)
  const ledger = openSqliteReader(path)
  const { timeZone } = config
  const look: Look = { io, ledger, timeZone, isLive: () => isInUse(path) }
  try {
    if (!once && io.stdout.isTTY) return await showLive(look, by, interval)
    io.stdout.write(`${(await linesOf(look, by, Number.POSITIVE_INFINITY)).join('\n')}\n`)
    return 0
  } finally {
    await ledger.close()
  }
}

interface Look {
  readonly io: Io
  readonly ledger: Ledger
  readonly timeZone: string
  readonly isLive: () => boolean
}

async function linesOf({ io, ledger, timeZone, isLive }: Look, by: TopGrouping, maxRows: number): Promise<string[]> {
  const burn = await readBurn(ledger, { by, now: io.clock.now(), timeZone })
  return topLines(burn, { timeZone, isLive: isLive(), maxRows }, io.stdout)
}

const KEYS: Readonly<Record<string, TopGrouping>> = { p: 'project', a: 'agent', s: 'session', m: 'model' }
const CTRL_C = '\u0003'
const HINT = 'p projects  a agents  s sessions  m models  q end'

async function showLive(look: Look, first: TopGrouping, intervalMs: number): Promise<number> {
  const { io } = look
  const { style } = io.stdout
  let by = first
  let exitCode: number | null = null
  let wake: () => void = () => {}
  const told = (event: ScreenEvent) => {
    if (event.kind === 'key') {
      if (event.key === 'q' || event.key === CTRL_C) exitCode = 0
      else by = KEYS[event.key] ?? by
    }
    wake()
  }
  const signals = awaitStopSignal(io)
  void signals.first.then((signal) => {
    exitCode = EXIT_CODES[signal]
    wake()
  })
  const screen = openScreen(io, told)
  const ended = () => exitCode !== null
  try {
    while (!ended()) {
      const pause = new Promise<void>((resolve) => {
        wake = resolve
      })
      const lines = await linesOf(look, by, screen.rows - OTHER_LINES)
      if (ended()) break
      screen.draw([...lines, '', style.dim(HINT)])
      const timer = setTimeout(() => wake(), intervalMs)
      await pause
      clearTimeout(timer)
    }
    return exitCode ?? 0
  } finally {
    screen.close()
    signals.dispose()
  }
}
