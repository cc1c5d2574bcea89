import type { Command } from 'commander'
import type { Config } from '../../config/config.ts'
import { flagsFrom } from '../../config/flags.ts'
import { loadConfig } from '../../config/load.ts'
import { isoTime } from '../../core/period.ts'
import { type LedgerPlace, ledgerPlace } from '../../ledger-place.ts'
import { jsonText } from '../../report/json.ts'
import type { Io } from '../io.ts'
import type { PrivacyOptions } from './command.ts'
import { privacyLines } from './lines.ts'
import { type KnownNames, readNames } from './names.ts'
import { surfaces } from './surfaces.ts'

/** Prints every name that can be seen. */
export async function runPrivacy(io: Io, command: Command): Promise<void> {
  const { all = false, json = false } = command.opts<PrivacyOptions>()
  const { config } = await loadConfig({ ...io.host, flags: flagsFrom(command) })
  const place = ledgerPlace(config, io.clock)
  const names = await namesIn(place, config)
  const found = surfaces(config, names)
  const notes = [...settingNotes(config), ...(place.exists() ? [] : ['There is no ledger yet: no log was read.'])]
  if (json) {
    const head = { schemaVersion: 1, report: 'privacy', generatedAt: isoTime(io.clock.now(), config.timeZone) }
    io.stdout.write(jsonText({ ...head, notes, surfaces: found }))
  } else io.stdout.write(`${privacyLines({ surfaces: found, all, notes }, io.stdout).join('\n')}\n`)
}

async function namesIn(place: LedgerPlace, config: Config): Promise<KnownNames> {
  if (!place.exists()) return readNames(null, config)
  const ledger = await place.openReader()
  try {
    return await readNames(ledger, config)
  } finally {
    await ledger.close()
  }
}

function settingNotes({ projects }: Config): string[] {
  const notes = ['Prompts, answers, tool inputs and file contents are nowhere: they are never read out of a log.']
  if (projects.label === 'path') notes.push('Whole paths of projects are labels (projects.label: path).')
  notes.push('A setting that hides names applies to what is read from then on; --new-ledger reads the logs again.')
  return notes
}
