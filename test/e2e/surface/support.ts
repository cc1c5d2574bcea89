import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ListenAddress } from '../../../src/http/server.ts'
import type { OpenApi } from '../../http/api/support.ts'
import { type Answer, type Asked, ask } from '../../http/support.ts'
import { claudeLine } from '../../support/claude-line.ts'
import { eventually, type RunningExporter, startExporter } from '../../support/exporter.ts'

/** Every path that is no path of the API. */
const OTHER_PATHS = ['/', '/metrics', '/-/healthy', '/healthz', '/-/ready', '/readyz', '/-/reload', '/nothing']

/** A home folder that the test of a whole file uses. */
export interface Home {
  readonly folder: string
  readonly storage: string
  /** Writes a log of Claude Code. */
  write(name: string, lines: readonly string[]): void
  remove(): void
}

export function makeHome(): Home {
  const folder = mkdtempSync(join(tmpdir(), 'claude-usage-surface-'))
  const logs = join(folder, '.claude', 'projects', '-src-shop')
  mkdirSync(logs, { recursive: true })
  return {
    folder,
    storage: join(folder, 'ledger'),
    write: (name, lines) => writeFileSync(join(logs, `${name}.jsonl`), lines.join('')),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

export interface Surface {
  readonly exporter: RunningExporter
  readonly address: ListenAddress
  readonly get: (path: string, asked?: Asked) => Promise<Answer>
  stop(): Promise<void>
}

/** The built program on a few responses, with all of them read. */
export async function startSurface(flags: readonly string[] = []): Promise<Surface> {
  const home = makeHome()
  const time = Date.now() - 3_600_000
  home.write('a', [
    claudeLine({ id: '1', output: 10, time }),
    claudeLine({ id: '2', output: 20, time: time + 1_000, session: 's2', cwd: '/src/blog' }),
  ])
  const exporter = await startExporter({ home: home.folder, storage: home.storage, flags })
  await eventually('the history', () => exporter.scrape(), 50_000)
  const { hostname: host, port } = new URL(exporter.url)
  const address = { host, port: Number(port) }
  return {
    exporter,
    address,
    get: (path, asked) => ask(address, path, asked),
    async stop() {
      await exporter.kill('SIGKILL')
      home.remove()
    },
  }
}

/** The published description. */
export async function describedBy(get: Surface['get']): Promise<OpenApi> {
  return JSON.parse((await get('/openapi.json')).body.toString()) as OpenApi
}

/** Every path there is, as it is asked for: of the API, of the page and its parts, and the others. */
export async function everyPath(get: Surface['get']): Promise<string[]> {
  const { paths } = await describedBy(get)
  const page = (await get('/')).body.toString()
  const assets = [...new Set(page.match(/\/assets\/[^"'\s>]+/g) ?? [])]
  return [...Object.keys(paths).map(filled), ...assets, ...OTHER_PATHS]
}

export function filled(path: string): string {
  return path.replace('{provider}', 'anthropic').replace('{source}', 'claude-code')
}

/** What a connection got back. */
export interface RawAnswer {
  readonly text: string
  /** Whether it was ended from the other side. */
  readonly ended: boolean
}

/**
 * Sends bytes as they are, piece by piece for as long as the other side takes them, and gives what comes back until it
 * ends the connection. `waitMs`: until it is ended here, counted from the last piece.
 */
export function sendPieces(
  { host, port }: ListenAddress,
  pieces: Iterable<string | Buffer>,
  waitMs = 30_000,
): Promise<RawAnswer> {
  return new Promise((resolve) => {
    const socket = connect(port, host)
    let text = ''
    let ended = true
    let goOn = () => {}
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1')
    })
    // A refusal may come while bytes are still under way: the connection is reset then.
    socket.on('error', () => {})
    socket.on('drain', () => goOn())
    socket.on('close', () => {
      goOn()
      resolve({ text, ended })
    })
    void (async () => {
      for (const piece of pieces) {
        if (socket.destroyed) return
        if (socket.write(piece)) continue
        await new Promise<void>((resume) => {
          goOn = resume
        })
      }
      setTimeout(() => {
        ended = socket.destroyed
        socket.destroy()
      }, waitMs).unref()
    })()
  })
}

/** Status of the first answer in the text; null without one. */
export function statusOf(text: string): number | null {
  const status = /^HTTP\/1\.1 (\d{3}) /.exec(text)?.[1]
  return status === undefined ? null : Number(status)
}
