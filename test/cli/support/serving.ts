import { setTimeout as delay } from 'node:timers/promises'
import { run } from '../../../src/cli/run.ts'
// Loaded before the first test waits for it: that alone takes long on a machine with much to do.
import '../../../src/cli/serve/serve.ts'
import { type FakeIo, type FakeIoOptions, fakeIo } from './fake-io.ts'

export interface Serving {
  readonly io: FakeIo
  readonly url: string
  /** Waits until the log has this in it. */
  logged(text: string): Promise<void>
  /** Asks it to stop and returns the exit code. */
  stop(signal?: 'SIGTERM' | 'SIGINT'): Promise<number>
  /** The exit code, whatever ended it. */
  readonly ended: Promise<number>
}

/** Runs the exporter within this process until it listens. */
export async function startServing(line = '', options: FakeIoOptions = {}): Promise<Serving> {
  const io = fakeIo(options)
  const ended = run(['--web.listen-address', '127.0.0.1:0', ...line.split(' ').filter(Boolean)], io)
  const logged = (text: string) =>
    eventually(
      () => io.err().includes(text),
      () => `"${text}" in\n${io.err()}`,
    )
  await logged('msg=listening')
  return {
    io,
    url: `http://${/msg=listening address=(\S+)/.exec(io.err())?.[1]}`,
    logged,
    ended,
    stop(signal = 'SIGTERM') {
      io.emitter.emit(signal)
      return ended
    },
  }
}

async function eventually(look: () => boolean, what: () => string): Promise<void> {
  for (const end = Date.now() + 30_000; !look(); await delay(10)) {
    if (Date.now() > end) throw new Error(`did not happen: ${what()}`)
  }
}
