// In JavaScript, because the thread is started from this very file, which nobody translates before the build.
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { compareSync } from 'bcryptjs'

/** Tells this thread from those of others that load the module. */
const THREAD = 'bcrypt'

export function startBcryptThread() {
  const worker = new Worker(new URL(import.meta.url), { workerData: THREAD, execArgv: [] })
  worker.unref()
  return worker
}

if (!isMainThread && workerData === THREAD) {
  parentPort.on('message', ({ password, hash }) => parentPort.postMessage(compareSync(password, hash)))
}
