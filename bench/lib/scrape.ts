import { Agent, get } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { gunzipSync } from 'node:zlib'

const WAIT_LIMIT_MS = 10 * 60 * 1000

export interface Answer {
  readonly status: number
  readonly body: string
  /** From the request to the head of the answer, which is sent when all of it is made. */
  readonly firstByteMs: number
  /** From the request to the last byte of the answer. */
  readonly lastByteMs: number
}

export interface Series {
  readonly name: string
  /** The labels as they stand in the exposition, with their braces. */
  readonly labels: string
  readonly value: number
}

/** Asks one exporter over one kept connection, as Prometheus does. */
export class Scraper {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 })
  readonly #origin: string

  constructor(origin: string) {
    this.#origin = origin
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    const started = performance.now()
    return new Promise((resolve, reject) => {
      get(`${this.#origin}${path}`, { agent: this.#agent, headers }, (response) => {
        const firstByteMs = performance.now() - started
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => {
          const lastByteMs = performance.now() - started
          const bytes = Buffer.concat(chunks)
          const body = (response.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes).toString()
          resolve({ status: response.statusCode ?? 0, body, firstByteMs, lastByteMs })
        })
      }).on('error', reject)
    })
  }

  /** Asks again and again until the answer is as wanted. Not answering yet is waited for, too. */
  async until(path: string, isWanted: (body: string) => boolean, pauseMs: number): Promise<Answer> {
    const limit = performance.now() + WAIT_LIMIT_MS
    while (performance.now() < limit) {
      const answer = await this.get(path).catch(() => null)
      if (answer?.status === 200 && isWanted(answer.body)) return answer
      await delay(pauseMs)
    }
    throw new Error(`no answer as wanted from ${this.#origin}${path} within ${WAIT_LIMIT_MS / 1000} s`)
  }

  close(): void {
    this.#agent.destroy()
  }
}

export function parseSeries(body: string): Series[] {
  return body.split('\n').flatMap((line) => {
    const match = /^([a-zA-Z_:][\w:]*)(\{.*\})? (\S+)/.exec(line)
    return match ? [{ name: match[1] ?? '', labels: match[2] ?? '', value: Number(match[3]) }] : []
  })
}

/** Sum of all series of one name that have the label text. */
export function sumSeries(body: string, name: string, label = ''): number {
  const wanted = parseSeries(body).filter((series) => series.name === name && series.labels.includes(label))
  return wanted.reduce((sum, { value }) => sum + value, 0)
}
