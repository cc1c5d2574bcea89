import { DEFAULT_ACCOUNT, isAccountName } from '../../core/plan-window.ts'
import { planReadings } from '../../plan-windows/reading.ts'
import { planWindowState } from '../../plan-windows/state.ts'
import { type AccountFile, planWindowsFolder, storeReadings } from '../../plan-windows/store.ts'
import { readTodayUsd } from '../../plan-windows/today-file.ts'
import type { Io } from '../io.ts'
import { createStyle, hasColors } from '../terminal/style.ts'
import { readStatusInput } from './input.ts'
import { formattedLine, statusLine } from './line.ts'
import type { StatuslineOptions } from './options.ts'
import { sessionFacts } from './session.ts'
import { storageFolder } from './storage-folder.ts'

type StatuslineIo = Pick<Io, 'stdin' | 'stdout' | 'clock' | 'host'>

/**
 * Stores what Claude Code says of plan windows and prints a status line. Never throws: what goes wrong is a remark in the
 * line, because nobody looks anywhere else.
 */
export async function runStatusline(io: StatuslineIo, options: StatuslineOptions): Promise<void> {
  io.stdout.write(`${await lineOf(io, options).catch(() => 'claude-usage-exporter: no status line')}\n`)
}

async function lineOf(io: StatuslineIo, { account = DEFAULT_ACCOUNT, format, storagePath }: StatuslineOptions) {
  const { host, clock, stdout } = io
  const input = await readStatusInput(io.stdin())
  const json = 'json' in input ? input.json : null
  const now = clock.now()
  const storage = await storageFolder(host, storagePath)
  const stored: AccountFile = isAccountName(account)
    ? storeReadings(planWindowsFolder(storage), account, planReadings(json, now), now)
    : { account, windows: [], problem: 'an account is a-z, 0-9, - and _' }
  const facts = {
    session: sessionFacts(json),
    windows: [...stored.windows]
      .filter((row) => planWindowState(row, now) === 'current')
      .sort((a, b) => (a.window < b.window ? -1 : 1)),
    todayUsd: readTodayUsd(storage, now),
    now,
  }
  const remark =
    'problem' in input ? input.problem : stored.problem === null ? null : `limits not stored: ${stored.problem}`
  // Claude Code shows colours, but what it reads from is no terminal.
  const style = createStyle(hasColors({ isTTY: true, env: host.env }))
  const { width } = stdout
  return format === undefined
    ? statusLine(facts, remark, { style, width })
    : formattedLine(format, facts, remark, { style, width })
}
