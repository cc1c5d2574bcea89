import type { Command } from 'commander'
import { flagsFrom } from '../../config/flags.ts'
import { loadConfig } from '../../config/load.ts'
import { type LedgerPlace, ledgerPlace } from '../../ledger-place.ts'
import type { Io } from '../io.ts'
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
  const look: Look = { io, place: ledgerPlace(config, io.clock), timeZone: config.timeZone }
  if (!once && io.stdout.isTTY) return showLive(look, by, interval)
  io.stdout.write(`${(await linesOf(look, by, Number.POSITIVE_INFINITY)).join('\n')}\n`)
  return 0
}

interface Look {
  readonly io: Io
  readonly place: LedgerPlace
  readonly timeZone: string
}

/** Opened for every look: a reader stays at the moment it was opened. */
async function linesOf({ io, place, timeZone }: Look, by: TopGrouping, maxRows: number): Promise<string[]> {
  const ledger = await place.openReader()
  try {
    const burn = await readBurn(ledger, { by, now: io.clock.now(), timeZone })
    return topLines(burn, { timeZone, isLive: await place.isInUse(), maxRows }, io.stdout)
  } finally {
    await ledger.close()
  }
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
