import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { flagsFrom } from '../../config/flags.ts'
import { type LoadedConfig, loadConfig } from '../../config/load.ts'
import { isPrivateUrl } from '../../config/url.ts'
import { pricingOf } from '../../configured-pricing.ts'
import { OperatorError } from '../../core/errors.ts'
import { isoTime } from '../../core/period.ts'
import { ledgerPlace } from '../../ledger-place.ts'
import { jsonText } from '../../report/json.ts'
import type { Io } from '../io.ts'
import { alertmanagerHop } from './alertmanager.ts'
import type { DoctorOptions } from './command.ts'
import { exporterHop, exporterUrl } from './exporter.ts'
import { firstBroken } from './first-broken.ts'
import { grafanaHop } from './grafana.ts'
import { failedHop, type Hop, okHop } from './hop.ts'
import { openLedgerHop } from './ledger.ts'
import { doctorLines } from './lines.ts'
import { logHops } from './logs.ts'
import { organizationHops } from './organizations.ts'
import { ownerHops } from './owners.ts'
import { prometheusHop } from './prometheus.ts'

/** Looks at every hop and prints what was found. Returns the exit code: 1 when one is broken. */
export async function runDoctor(io: Io, command: Command): Promise<number> {
  const options = command.opts<DoctorOptions>()
  const token = grafanaToken(io, options)
  const { hop, loaded } = await configurationHop(io, command)
  const hops = [
    hop,
    ...(loaded === null ? [] : await machineHops(io, loaded, options)),
    ...(await stackHops(options, loaded, token)),
  ]
  const broken = firstBroken(hops)
  if (options.json) {
    const head = {
      schemaVersion: 1,
      report: 'doctor',
      generatedAt: isoTime(io.clock.now(), loaded?.config.timeZone ?? 'UTC'),
    }
    io.stdout.write(jsonText({ ...head, healthy: broken === null, firstBroken: broken?.name ?? null, hops }))
  } else io.stdout.write(`${doctorLines(hops, io.stdout).join('\n')}\n`)
  return broken === null ? 0 : 1
}

async function configurationHop(io: Io, command: Command): Promise<{ hop: Hop; loaded: LoadedConfig | null }> {
  const name = 'Configuration'
  try {
    const loaded = await loadConfig({ ...io.host, flags: flagsFrom(command) })
    pricingOf(loaded.config)
    return { hop: okHop(name, loaded.file ?? 'no file; defaults, environment and flags'), loaded }
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error
    const seen = error.message.split('\n').join(' ')
    return { hop: failedHop(name, seen, error.fix ?? '`check-config` lists everything that is wrong.'), loaded: null }
  }
}

/** What stands on this machine, in the order in which figures pass it. */
async function machineHops(io: Io, { config }: LoadedConfig, { exporter }: DoctorOptions): Promise<Hop[]> {
  const now = io.clock.now()
  const { hop, ledger } = await openLedgerHop(ledgerPlace(config, io.clock), now)
  try {
    const logs = await logHops(config, io.host, ledger)
    const { telemetryPath } = config.web
    return [
      ...logs.hops,
      ...(await organizationHops(config, ledger, now)),
      hop,
      ...(await ownerHops(config, ledger, now)),
      await exporterHop(exporter ?? exporterUrl(config), { telemetryPath, absent: logs.absent }),
    ]
  } finally {
    await ledger?.close()
  }
}

async function stackHops(
  options: DoctorOptions,
  loaded: LoadedConfig | null,
  token: string | undefined,
): Promise<Hop[]> {
  const { prometheus, alertmanager, grafana } = options
  const exporter = options.exporter ?? (loaded === null ? null : exporterUrl(loaded.config))
  return Promise.all([
    ...(prometheus === undefined ? [] : [prometheusHop(prometheus, exporter)]),
    ...(alertmanager === undefined ? [] : [alertmanagerHop(alertmanager)]),
    ...(grafana === undefined ? [] : [grafanaHop(grafana, token)]),
  ])
}

function grafanaToken(io: Io, { grafana, grafanaTokenFile }: DoctorOptions): string | undefined {
  if (grafanaTokenFile === undefined) return undefined
  if (grafana !== undefined && !isPrivateUrl(grafana.href)) {
    throw new OperatorError('A token is sent over https only, or within this machine', {
      seen: grafana.origin,
      fix: 'Give --grafana an https address, or leave out --grafana-token-file.',
    })
  }
  const path = resolve(io.host.workingFolder, grafanaTokenFile)
  try {
    return readFileSync(path, 'utf8').trim()
  } catch (cause) {
    throw new OperatorError('The file of --grafana-token-file cannot be read', {
      seen: path,
      fix: 'Check its path and who may read it.',
      cause,
    })
  }
}
