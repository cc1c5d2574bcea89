import type { Command } from 'commander'
import { flagsFrom } from '../../config/flags.ts'
import { loadConfig } from '../../config/load.ts'
import { ENVIRONMENT_PREFIX } from '../../config/setting.ts'
import { OperatorError } from '../../core/errors.ts'
import { codeOf } from '../../plan-windows/small-file.ts'
import { planWindowState } from '../../plan-windows/state.ts'
import { type AccountFile, planWindowsFolder, readAccount, storedAccounts } from '../../plan-windows/store.ts'
import { jsonText } from '../../report/json.ts'
import type { Io } from '../io.ts'
import { storageFolder } from '../statusline/storage-folder.ts'
import { windowsJson } from './json.ts'
import { statusCommand } from './status-command.ts'
import { windowsLines } from './table.ts'

/** Prints the plan windows that status lines stored. Throws OperatorError where their folder cannot be read. */
export async function runWindows(io: Io, command: Command): Promise<void> {
  const { json = false } = command.opts<{ readonly json?: boolean }>()
  const { config } = await loadConfig({ ...io.host, flags: flagsFrom(command) })
  const now = io.clock.now()
  const files = accountFiles(planWindowsFolder(config.storage.path))
  const report = {
    windows: files
      .flatMap(({ windows }) => [...windows].sort((a, b) => (a.window < b.window ? -1 : 1)))
      .map((row) => ({ ...row, state: planWindowState(row, now) })),
    problems: files.flatMap(({ account, problem }) => (problem === null ? [] : [{ account, problem }])),
    statusCommand: statusCommand(config.storage.path, await storageFolder({ ...io.host, env: elsewhere(io.host.env) })),
    now,
    timeZone: config.timeZone,
  }
  if (json) io.stdout.write(jsonText(windowsJson(report)))
  else io.stdout.write(`${windowsLines(report, io.stdout).join('\n')}\n`)
}

/** Claude Code need not run with the settings of this shell. */
function elsewhere(env: Io['host']['env']): Io['host']['env'] {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith(ENVIRONMENT_PREFIX)))
}

function accountFiles(folder: string): AccountFile[] {
  try {
    return storedAccounts(folder).map((account) => readAccount(folder, account))
  } catch (cause) {
    throw new OperatorError(`Cannot read the plan windows in ${folder}`, {
      seen: codeOf(cause),
      fix: 'Make the folder readable for this user; the status line of Claude Code writes it.',
      cause,
    })
  }
}
