import type { DropReason, RemoteWriteFailure } from './reasons.ts'

/** Who is told how it goes. */
export interface RemoteWriteHealth {
  /** There is a destination: what is counted is shown from now on. */
  remoteWriteBegan(): void
  /** A request was taken. Times in epoch milliseconds; `newest` is that of the samples. */
  remoteWriteSent(sent: { readonly samples: number; readonly newest: number; readonly now: number }): void
  remoteWriteFailed(reason: RemoteWriteFailure): void
  remoteWriteDropped(reason: DropReason, samples: number): void
  /** Compressed bytes that wait, what is being sent included. */
  remoteWritePending(bytes: number): void
}
