import type { Worker } from 'node:worker_threads'

export interface Comparison {
  readonly password: string
  readonly hash: string
}

/**
 * A thread that answers each `Comparison` it is sent with whether the password has the hash, in order. A comparison
 * takes a core for 50 ms to seconds, during which nothing else could be answered on the main thread.
 */
export function startBcryptThread(): Worker
