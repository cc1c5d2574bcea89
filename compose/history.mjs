// Writes the ledger's past for Prometheus, before that starts for the first time: the service `history` of
// docker-compose.yml. prometheus/import-history.sh then brings it in. Exit code 1: there is no history to bring in, and
// Prometheus starts without.
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

const {
  EXPORTER_URL = 'http://exporter:10061/metrics',
  PROGRAM = '/app/dist/main.js',
  /** Where the files go; the import looks for them in its folder `ready`. */
  HISTORY = '/history',
  /** The data folder of Prometheus, which is only looked at. */
  PROMETHEUS_DATA = '/prometheus',
  /** Scrape target in the configuration of Prometheus. */
  INSTANCE = 'exporter:10061',
  CLAUDE_USAGE_EXPORTER_STORAGE_PATH: LEDGER = '/var/lib/claude-usage-exporter',
  ANSWER_LIMIT_SECONDS = '180',
} = process.env

const READY = join(HISTORY, 'ready')
const WRITING = join(HISTORY, 'writing')
const LOOK_EVERY_MS = 1_000
const TELL_EVERY_MS = 10_000
/** Reports of organisations come over the network; what is not there by then is left out. */
const ORGANIZATION_LIMIT_MS = 120_000

try {
  await main()
} catch (error) {
  console.error(`history: error: ${error.message}`)
  console.error(
    'history: Prometheus starts without the time before this. The ledger has it: the README says how to try again.',
  )
  process.exitCode = 1
}

async function main() {
  const reason = reasonToDoNothing()
  if (reason !== null) return tell(reason)
  await exporterHasLoaded()
  rmSync(WRITING, { recursive: true, force: true })
  mkdirSync(WRITING)
  backfill(join(WRITING, 'history.om'))
  // The import runs as another user and removes what it has brought in.
  chmodSync(WRITING, 0o777)
  rmSync(READY, { recursive: true, force: true })
  renameSync(WRITING, READY)
  tell(`wrote ${readdirSync(READY).length} files`)
}

/**
 * History is only written up to this very moment while Prometheus has no data. Beside data of its own it would tell the
 * same time twice, and counters would seem to fall.
 */
function reasonToDoNothing() {
  if (existsSync(join(PROMETHEUS_DATA, 'history-imported'))) return 'Prometheus has it'
  if (!readdirSync(PROMETHEUS_DATA).some((name) => name === 'wal' || /^[0-9A-Z]{26}$/.test(name))) return null
  if (existsSync(READY) && readdirSync(READY).length > 0) return 'the files written before are not all imported yet'
  return 'Prometheus began without it and has data of its own; the README says how to begin anew with history'
}

/** However long it takes, as long as it answers: gigabytes of logs may take minutes. */
async function exporterHasLoaded() {
  let told = Date.now()
  let answeredAt = told
  let loadedAt = null
  for (;;) {
    const state = await look()
    const now = Date.now()
    if (state !== null) answeredAt = now
    if (state?.loaded) {
      loadedAt ??= now
      if (state.waitsFor.length === 0) return
      if (now - loadedAt > ORGANIZATION_LIMIT_MS) {
        return tell(
          `goes on without ${state.waitsFor.join(', ')}, which took more than ${ORGANIZATION_LIMIT_MS / 1_000} s`,
        )
      }
    }
    if (now - answeredAt > Number(ANSWER_LIMIT_SECONDS) * 1_000) {
      throw new Error(`the exporter did not answer for ${ANSWER_LIMIT_SECONDS} s at ${EXPORTER_URL}: look at its log`)
    }
    if (now - told >= TELL_EVERY_MS) {
      told = now
      tell(`waiting for the exporter: ${describe(state)}`)
    }
    await delay(LOOK_EVERY_MS)
  }
}

function describe(state) {
  if (state === null) return 'no answer yet'
  return state.loaded ? `reading ${state.waitsFor.join(', ')}` : 'loading logs (its log tells how far)'
}

/** Null while it does not answer. `waitsFor`: sources of organisations whose first run has not ended. */
async function look() {
  try {
    const answer = await fetch(EXPORTER_URL, { signal: AbortSignal.timeout(10_000) })
    if (!answer.ok) return null
    const text = await answer.text()
    const sources = (family) =>
      new Set(
        [...text.matchAll(new RegExp(`^${family}\\{[^\\n]*source="(anthropic-[^"]+)"[^\\n]*\\} (?!0$)`, 'gm'))].map(
          (hit) => hit[1],
        ),
      )
    const ended = [
      ...sources('claude_exporter_sync_last_success_timestamp_seconds'),
      ...sources('claude_exporter_sync_failures_total'),
    ]
    const planned = [...sources('claude_exporter_sync_next_timestamp_seconds')]
    return {
      loaded: /^claude_exporter_load_complete 1$/m.test(text),
      waitsFor: planned.filter((source) => !ended.includes(source)),
    }
  } catch {
    return null
  }
}

function backfill(output) {
  // The exporter has read the logs, and this service has none. A file per day: promtool reads a file once per block.
  const flags = ['--no-sync', '--output', output, '--split-days', '1', '--until', 'now', '--instance', INSTANCE]
  // The budgets of the demo, which lie beside its ledger.
  const demo = join(LEDGER, 'demo.yml')
  if (existsSync(demo)) flags.push('--config.file', demo)
  const { status, signal, error } = spawnSync(process.execPath, [PROGRAM, 'backfill', ...flags], { stdio: 'inherit' })
  if (error) throw error
  if (status !== 0) throw new Error(`"backfill" ended with ${signal ?? `exit code ${status}`} (above is why)`)
}

function tell(text) {
  console.log(`history: ${text}`)
}
