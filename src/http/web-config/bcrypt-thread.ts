import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { compareSync } from 'bcryptjs'

/** Tells this thread from those of others that load the module. */
const THREAD = 'bcrypt'

export interface Comparison {
  readonly password: string
  readonly hash: string
}

/**
 * A thread that answers each `Comparison` it is sent with whether the password has the hash, in order. A comparison
 * takes a core for 50 ms to seconds, during which nothing else could be answered on the main thread.
 */
export function startBcryptThread(): Worker {
  const file = new URL(import.meta.url)
  const worker = new Worker(file, {
    workerData: THREAD,
    // Before it is built, this is a file in TypeScript.
    execArgv: file.pathname.endsWith('.ts') ? ['--import', 'tsx'] : [],
  })
  worker.unref()
  return worker
}

if (!isMainThread && workerData === THREAD) {
  parentPort?.on('message', ({ password, hash }: Comparison) => {
    parentPort?.postMessage(compareSync(password, hash))
  })
}
