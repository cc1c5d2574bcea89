/** Why a request failed. Closed list: fit for a label value. */
export const REMOTE_WRITE_FAILURES = [
  'credentials',
  'network',
  'timeout',
  'redirect',
  'throttled',
  'server',
  'refused',
  'internal',
] as const
export type RemoteWriteFailure = (typeof REMOTE_WRITE_FAILURES)[number]

/** Why samples are not sent. `thinned`: they were between others that are. */
export const REMOTE_WRITE_DROPS = ['age', 'size', 'thinned', 'refused', 'too_old', 'stopped'] as const
export type DropReason = (typeof REMOTE_WRITE_DROPS)[number]
