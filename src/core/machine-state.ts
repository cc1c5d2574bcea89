/**
 * `silent`: its exporter has given no sign of life for longer than it may. `stale`: it has, but the logs are not read as a
 * whole any more. `unknown`: only its use is known.
 */
export const MACHINE_STATES = ['ok', 'silent', 'stale', 'unknown'] as const
export type MachineState = (typeof MACHINE_STATES)[number]

/** How far the last reading of all logs may be behind the last sign of life, seconds. */
export const MACHINE_STALE_SECONDS = 3_600

export interface MachineSigns {
  /** Last sign of life, and when all logs were last read; epoch milliseconds, null: never. */
  readonly seenAt: number
  readonly readAt: number | null
}

/**
 * How a machine does. One that reads no logs, because it only shows what others read, is never stale.
 *
 * @param machine null where the ledger knows it by its use only
 * @param silentAfterSeconds `alerts.machine_silent_after`
 */
export function machineState(machine: MachineSigns | null, now: number, silentAfterSeconds: number): MachineState {
  if (machine === null) return 'unknown'
  const { seenAt, readAt } = machine
  if (now - seenAt > silentAfterSeconds * 1_000) return 'silent'
  return readAt !== null && seenAt - readAt > MACHINE_STALE_SECONDS * 1_000 ? 'stale' : 'ok'
}
