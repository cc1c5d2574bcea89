import { durationText } from '../../core/duration-text.ts'
import { OperatorError } from '../../core/errors.ts'
import { type Ledger, LedgerError } from '../../ledger/ledger.ts'
import type { LedgerPlace } from '../../ledger-place.ts'
import { formatBytes } from '../terminal/figures.ts'
import { type Fault, failedHop, type Hop, judgeHop } from './hop.ts'

/** A larger ledger takes longer to check than anybody wants to wait here. */
const MAX_CHECKED_BYTES = 64 * 1024 * 1024
const OLD_MS = 24 * 60 * 60 * 1_000

const NAME = 'Ledger'

export interface OpenedLedger {
  readonly hop: Hop
  /** Null where it could not be opened. */
  readonly ledger: Ledger | null
}

/** Opens the ledger for reading and looks at it. The caller closes it. */
export async function openLedgerHop(place: LedgerPlace, now: number): Promise<OpenedLedger> {
  const { text: path } = place
  if (!place.exists()) {
    const remedy = 'Start the exporter, or run `sync`; --storage.path names another folder.'
    return { hop: failedHop(NAME, `there is none at ${path}`, remedy), ledger: null }
  }
  let ledger: Ledger | null = null
  try {
    ledger = await place.openReader()
    return { hop: await look(ledger, place, now), ledger }
  } catch (error) {
    await ledger?.close()
    const seen = seenIn(error)
    const remedy = remedyFor(error, place)
    return { hop: failedHop(NAME, seen.includes(path) ? seen : `${path}: ${seen}`, remedy), ledger: null }
  }
}

function seenIn(error: unknown): string {
  if (!(error instanceof Error)) return 'it cannot be opened'
  const isExplained = error instanceof OperatorError && error.seen !== undefined
  return isExplained ? `${error.message} (got ${error.seen})` : error.message
}

function remedyFor(error: unknown, { file }: LedgerPlace): string {
  if (error instanceof OperatorError && error.fix !== undefined) return error.fix
  if (file === null) return 'Check storage.url, the password, and whether this machine can reach the server.'
  return error instanceof LedgerError && error.failure === 'corrupt'
    ? 'Put a backup in its place (`ledger restore FILE`), or begin a new one with --new-ledger.'
    : 'Make it readable for this user, or name the right folder with --storage.path.'
}

async function look(ledger: Ledger, place: LedgerPlace, now: number): Promise<Hop> {
  const faults: Fault[] = []
  const bytes = await ledger.sizeBytes()
  const isChecked = bytes <= MAX_CHECKED_BYTES
  if (isChecked) {
    const { integrity, differences, organizationFaults } = await ledger.check()
    if (integrity !== 'ok') {
      faults.push({
        state: 'failed',
        seen: `damaged: ${integrity.split('\n')[0] ?? ''}`,
        remedy: 'Put a backup in its place (`ledger restore FILE`), or begin a new one with --new-ledger.',
      })
    } else if (differences.length + organizationFaults.length > 0) {
      faults.push({
        state: 'warning',
        seen: 'some of its sums are wrong',
        remedy: '`ledger check` tells which; `ledger rebuild-rollups` makes those of the reports anew.',
      })
    }
  }
  const stored = await ledger.lastStored()
  const isUsed = await place.isInUse()
  if (stored === null || (!isUsed && now - stored > OLD_MS)) {
    faults.push({
      state: 'warning',
      seen:
        stored === null
          ? 'nothing was stored yet'
          : `nothing new for ${durationText(now - stored)}, and no exporter is using it`,
      remedy: 'Start the exporter, or run `sync`.',
    })
  }
  const age = stored === null ? '' : `, something new ${durationText(now - stored)} ago`
  const state = isChecked ? 'no damage found' : 'damage not looked for, `ledger check` does'
  return judgeHop(NAME, `${place.text}: ${formatBytes(bytes)}${age}; ${state}`, faults)
}
