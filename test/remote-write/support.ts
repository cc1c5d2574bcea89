import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { Logger } from '../../src/lib/logger.ts'
import type { Family } from '../../src/metrics/render/family.ts'
import type { Destination } from '../../src/remote-write/destination.ts'
import type { RemoteWriteHealth } from '../../src/remote-write/health.ts'
import { createRemoteWriter, type WriterParts } from '../../src/remote-write/writer.ts'
import { eventually } from '../support/exporter.ts'
import { type DecodedMetadata, decodeRequest } from './decode.ts'

export interface ReceivedRequest {
  readonly headers: IncomingHttpHeaders
  /** `name{labels} value @time`, or `end` for a value. */
  readonly samples: readonly string[]
  readonly metadata: readonly DecodedMetadata[]
}

/** What a receiver answers: a status, or its own way. */
type Answer = number | ((response: ServerResponse) => void)

/** A receiver that answers as it is told, and remembers every request. */
export async function startFakeReceiver() {
  const requests: ReceivedRequest[] = []
  let answer: Answer = 204
  let open = 0
  let mostOpen = 0
  const server = createServer(async (request, response) => {
    open++
    mostOpen = Math.max(mostOpen, open)
    response.on('close', () => open--)
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { series, metadata } = decodeRequest(Buffer.concat(chunks))
    const samples = series.flatMap(({ labels, samples: given }) =>
      given.map(({ value, bits, at }) => {
        const [, ...rest] = labels.map(([label, text]) => `${label}=${text}`)
        return `${labels[0]?.[1]}{${rest.join(',')}} ${bits === '7ff0000000000002' ? 'end' : value} @${at}`
      }),
    )
    requests.push({ headers: request.headers, samples, metadata })
    if (typeof answer === 'number') response.writeHead(answer).end()
    else answer(response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    url: `http://127.0.0.1:${address.port}/api/v1/write`,
    requests: requests as readonly ReceivedRequest[],
    mostOpen: () => mostOpen,
    answer(next: Answer) {
      answer = next
    },
    close() {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Answers with this. */
export function answering(status: number, body: string, headers: Record<string, string> = {}) {
  return (response: ServerResponse) => void response.writeHead(status, headers).end(body)
}

export function destinationOf(url: string, changes: Partial<Destination> = {}): Destination {
  return {
    url,
    intervalMs: 20,
    timeoutMs: 5_000,
    maxAgeMs: 7_200_000,
    headers: new Map(),
    bearerToken: null,
    basicAuth: null,
    tls: { caFile: null, certFile: null, keyFile: null },
    externalLabels: new Map([
      ['job', 'claude-usage-exporter'],
      ['instance', 'laptop'],
    ]),
    drop: new Set(),
    ...changes,
  }
}

export function gauge(name: string, lines: readonly string[]): Family {
  return { name, type: 'gauge', help: `Help of ${name}.`, unit: '', lines }
}

/** A writer over families that a test sets, with everything it told remembered. */
export function createTestWriter(destination: Destination | null, parts: Partial<WriterParts> = {}) {
  const told = { samples: 0, failures: {} as Record<string, number>, dropped: {} as Record<string, number>, pending: 0 }
  const log: string[] = []
  let families: readonly Family[] = [gauge('x', [' 1'])]
  const note = (message: string, facts: object = {}) => void log.push(`${message} ${JSON.stringify(facts)}`)
  const logger: Pick<Logger, 'info' | 'warn' | 'error'> = { info: note, warn: note, error: note }
  const health: RemoteWriteHealth = {
    remoteWriteBegan: () => {},
    remoteWriteSent: ({ samples }) => {
      told.samples += samples
    },
    remoteWriteFailed: (reason) => {
      told.failures[reason] = (told.failures[reason] ?? 0) + 1
    },
    remoteWriteDropped: (reason, samples) => {
      told.dropped[reason] = (told.dropped[reason] ?? 0) + samples
    },
    remoteWritePending: (bytes) => {
      told.pending = bytes
    },
  }
  const writer = createRemoteWriter({
    destination,
    families: async () => families,
    clock: { now: () => Date.now() },
    logger,
    health,
    backoff: { firstMs: 5, longestMs: 20 },
    chance: () => 0,
    ...parts,
  })
  return {
    writer,
    told,
    log,
    show(...next: readonly Family[]) {
      families = next
    },
  }
}

/** Waits until it is so. */
export function until(what: string, isSo: () => boolean): Promise<true> {
  return eventually(what, async () => (isSo() ? true : null))
}
