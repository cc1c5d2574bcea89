import type { Command } from 'commander'
import { flagsFrom } from '../../config/flags.ts'
import { loadConfig } from '../../config/load.ts'
import { printConfig } from '../../config/print.ts'
import { pricingOf } from '../../configured-pricing.ts'
import { escapeControls } from '../../lib/escape.ts'
import type { Io } from '../io.ts'
import { webConfigReader } from '../serve/read-web-config.ts'

/** Prints the configuration in force as YAML that can be used as a configuration file. */
export async function checkConfig(io: Io, command: Command): Promise<void> {
  const loaded = await loadConfig({ ...io.host, flags: flagsFrom(command) })
  pricingOf(loaded.config)
  const readWebConfig = await webConfigReader(loaded, io.host)
  readWebConfig?.()
  const origin = loaded.file === null ? 'No configuration file.' : `Configuration file: ${escapeControls(loaded.file)}`
  io.stdout.write(`# ${origin}\n# Every setting in force, with where it was given unless it is a default.\n`)
  io.stdout.write(printConfig(loaded))
}
