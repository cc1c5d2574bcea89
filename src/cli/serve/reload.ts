import { isDeepStrictEqual } from 'node:util'
import type { LoadedConfig } from '../../config/load.ts'
import { allSettings } from '../../config/settings.ts'

/** Settings that a running exporter takes over; every other one needs a restart. */
export const LIVE_SETTINGS: ReadonlySet<string> = new Set([
  'log.level',
  'log.format',
  'web.telemetry_path',
  'web.enable_lifecycle',
  'web.allowed_hosts',
  'web.max_requests',
  'budgets',
  'balance.top_ups',
  'notify.webhook_url',
  'notify.webhook_url_file',
  'notify.format',
  'reports',
  'owners',
  'owners_share',
  ...allSettings.map(({ path }) => path).filter((path) => /^(alerts|remote_write)\./.test(path)),
])

export interface ReloadParts {
  /** Reads and checks the configuration as at the start. */
  readonly read: () => Promise<LoadedConfig>
  /** Takes over the settings that can change while running. */
  readonly apply: (loaded: LoadedConfig) => Promise<void>
  /** Told how it went: the settings that wait for a restart, or the error. */
  readonly done: (result: ReloadResult) => void
}

export type ReloadResult =
  | { readonly ok: true; readonly changed: readonly string[]; readonly needRestart: readonly string[] }
  | { readonly ok: false; readonly error: unknown }

/**
 * Reloading the configuration, one at a time. A configuration with anything wrong in it changes nothing, and the
 * returned function rejects.
 *
 * @param started the configuration the process started with
 */
export function createReloader(started: LoadedConfig, { read, apply, done }: ReloadParts): () => Promise<void> {
  let current = started
  let last: Promise<void> = Promise.resolve()
  const reload = async () => {
    try {
      const next = await read()
      const changed = changedSettings(current, next).filter((path) => LIVE_SETTINGS.has(path))
      await apply(next)
      current = next
      // Against the start, not the last reload: what waits for a restart keeps waiting, and what was taken back does not.
      const needRestart = changedSettings(started, next).filter((path) => !LIVE_SETTINGS.has(path))
      done({ ok: true, changed, needRestart })
    } catch (error) {
      done({ ok: false, error })
      throw error
    }
  }
  return () => {
    last = last.then(reload, reload)
    return last
  }
}

function changedSettings(before: LoadedConfig, after: LoadedConfig): string[] {
  const values = new Map(before.settings.map(({ path, value }) => [path, value]))
  return after.settings.filter(({ path, value }) => !isDeepStrictEqual(values.get(path), value)).map(({ path }) => path)
}
