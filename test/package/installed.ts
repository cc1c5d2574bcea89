import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** Starts an installed program on a free port of this machine and waits until it listens. */
export async function startInstalled(
  program: string,
  { home, env }: { readonly home: string; readonly env: Readonly<Record<string, string>> },
) {
  const child = spawn(program, ['serve', '--web.listen-address=127.0.0.1:0', `--storage.path=${home}/served`], {
    cwd: home,
    env: { ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let log = ''
  const url = await new Promise<string>((resolve, reject) => {
    child.stderr.on('data', (chunk: Buffer) => {
      log += chunk
      const listening = /msg=listening address=(\S+)/.exec(log)?.[1]
      if (listening) resolve(`http://${listening}`)
    })
    child.once('exit', (code, signal) => reject(new Error(`the exporter ended (${code ?? signal}): ${log}`)))
  })
  return {
    url,
    async end() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
    },
  }
}

/** Repeats until the value is not null; gives up after half a minute. */
export async function eventually<T>(look: () => Promise<T | null>): Promise<T> {
  for (const end = Date.now() + 30_000; ; await new Promise((resolve) => setTimeout(resolve, 50))) {
    const value = await look()
    if (value !== null) return value
    if (Date.now() > end) throw new Error('it did not happen within 30 s')
  }
}
