import type { RemoteWriteFailure } from './reasons.ts'

/** A request without an answer. The message holds neither the URL nor a secret. */
export class RemoteWriteError extends Error {
  override readonly name = 'RemoteWriteError'
  readonly reason: RemoteWriteFailure

  constructor(reason: RemoteWriteFailure, message: string) {
    super(message)
    this.reason = reason
  }
}
