import { once } from 'node:events'
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import { dirname, join } from 'node:path'
import { TLSSocket } from 'node:tls'
import { describe, expect, it, onTestFinished } from 'vitest'
import { stringify } from 'yaml'
import { issue, makeAuthority } from '../../http/web-config/certificates.ts'
import { decodeRequest } from '../../remote-write/decode.ts'
import { isInstalled } from '../../support/binaries.ts'
import { claudeLine } from '../../support/claude-line.ts'
import { eventually, type RunningExporter, startExporter } from '../../support/exporter.ts'
import { createReceiver, RECEIVERS, type Receiver } from '../../support/receivers.ts'
import { tempFolder } from '../../support/temp.ts'

const TOKENS = 'claude_tokens_total{token_type="output"}'
/** Families that only change when something is used. */
const QUIET = /^claude_(tokens|requests|estimated_cost_usd|cache_read_savings_usd|sessions_started)_total\{/
const STOP_LIMIT_MS = 10_000

describe.each(RECEIVERS.map((program) => ({ program })))('serve with remote write to $program', ({ program }) => {
  it.skipIf(!isInstalled(program))(
    'gives what its /metrics shows, also after the receiver was away, and ends its series when it is stopped',
    async () => {
      const receiver = await createReceiver(program, tempFolder())
      onTestFinished(() => receiver.end())
      await receiver.start()
      const machine = await startWriting({ url: receiver.writeUrl })
      await untilShown(receiver, TOKENS, 10)
      const scraped = await scrapeOf(machine.exporter)
      const sent = [...scraped].filter(([series]) => QUIET.test(series))
      expect(sent.length).toBeGreaterThan(6)
      const differences = []
      for (const [series, value] of sent) {
        const [stored] = (await receiver.query(withLabels(series), nowSeconds())).values()
        if (stored !== Number(value)) differences.push({ series, value, stored })
      }
      expect(differences).toEqual([])

      await receiver.end()
      machine.respond('2', 30)
      await eventually('the new response', async () => ((await outputOf(machine.exporter)) === 40 ? true : null))
      machine.configure({ url: receiver.writeUrl, interval: '6s' })
      await eventually('a failure', async () => (machine.exporter.log().includes('remote write failed') ? true : null))
      await receiver.start()
      machine.configure({ url: receiver.writeUrl })
      await untilShown(receiver, TOKENS, 40)

      const began = performance.now()
      await machine.exporter.kill('SIGTERM')
      expect(machine.exporter.process.exitCode).toBe(0)
      expect(performance.now() - began).toBeLessThan(2 * STOP_LIMIT_MS)
      expect(machine.exporter.log()).not.toContain('could not stop in time')
      await eventually('the end of all series', async () => {
        const left = await receiver.query(`{instance="laptop"}`, nowSeconds())
        return left.size === 0 ? true : null
      })
    },
  )
})

describe('serve with remote write', () => {
  it.skipIf(!isInstalled('prometheus'))(
    'takes over labels, and tells of a name in drop that there is not',
    async () => {
      const receiver = await createReceiver('prometheus', tempFolder())
      onTestFinished(() => receiver.end())
      await receiver.start()
      const { exporter, configure } = await startWriting({ url: receiver.writeUrl })
      await untilShown(receiver, TOKENS, 10)
      configure({
        url: receiver.writeUrl,
        external_labels: { instance: 'other' },
        drop: ['claude_tokens_total', 'claude_tokens_totals'],
      })
      await eventually('series under the other name', async () =>
        (await receiver.query('claude_requests_total{instance="other"}', nowSeconds())).size === 1 ? true : null,
      )
      await eventually('the end of the old ones', async () =>
        (await receiver.query('{instance="laptop"}', nowSeconds())).size === 0 ? true : null,
      )
      expect(await receiver.query('claude_tokens_total', nowSeconds())).toEqual(new Map())
      const said = exporter
        .log()
        .split('\n')
        .filter((line) => line.includes('remote_write.drop names'))
      expect(said).toEqual([expect.stringContaining('names=claude_tokens_totals')])
    },
  )

  it.skipIf(!isInstalled('openssl'))('writes by TLS with its own certificate to an authority of its own', async () => {
    const folder = tempFolder()
    const authority = makeAuthority(folder)
    const server = issue(folder, 'server', authority, 'IP:127.0.0.1')
    const client = issue(folder, 'client', authority)
    const names: string[] = []
    let series = 0
    const receiver = createServer(
      { cert: server.cert, key: server.key, ca: authority.cert, requestCert: true, rejectUnauthorized: true },
      async (request, response) => {
        const chunks: Buffer[] = []
        for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
        series += decodeRequest(Buffer.concat(chunks)).series.length
        const { socket } = request
        if (socket instanceof TLSSocket) names.push(String(socket.getPeerCertificate().subject.CN))
        response.writeHead(204).end()
      },
    )
    receiver.listen(0, '127.0.0.1')
    await once(receiver, 'listening')
    onTestFinished(() => {
      receiver.closeAllConnections()
      receiver.close()
    })
    const address = receiver.address()
    const url = `https://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/api/v1/write`
    const own = { cert_file: client.certFile, key_file: client.keyFile }

    const { exporter, configure } = await startWriting({ url, tls: own })
    // The system's authorities do not know the server.
    await eventually('the refusal', async () =>
      /answer=.*(?:SELF_SIGNED_CERT|UNABLE_TO)/.test(exporter.log()) ? true : null,
    )
    expect(series).toBe(0)
    configure({ url, tls: { ca_file: authority.certFile } })
    await eventually('the refusal of a client without certificate', async () =>
      /reason=network answer=.*(?:CERTIFICATE_REQUIRED|ECONNRESET|EPIPE)/.test(exporter.log()) ? true : null,
    )
    expect(series).toBe(0)
    configure({ url, tls: { ...own, ca_file: authority.certFile } })
    await eventually('what is written', async () => (series > 0 ? true : null))
    expect(new Set(names)).toEqual(new Set(['client']))
    expect(exporter.log()).not.toContain('PRIVATE KEY')
  })
})

/** An exporter with one response of 10 output tokens that writes with these settings. */
async function startWriting(settings: object) {
  const home = tempFolder()
  const file = join(home, 'exporter.yml')
  const log = join(home, '.claude', 'projects', '-src-shop', 's1.jsonl')
  const respond = (id: string, output: number) =>
    appendFileSync(log, claudeLine({ id, output, time: Date.now(), cacheRead: 7 }))
  const write = (next: object) =>
    writeFileSync(file, stringify({ machine: { name: 'laptop' }, remote_write: { interval: '5s', ...next } }))
  mkdirSync(dirname(log), { recursive: true })
  respond('1', 10)
  write(settings)
  const exporter = await startExporter({
    home,
    storage: join(home, 'ledger'),
    flags: [`--config.file=${file}`, '--tail.quiet-time=0s', '--metrics.zero-first=0s'],
  })
  onTestFinished(() => exporter.kill('SIGKILL'))
  return {
    exporter,
    respond,
    configure(next: object) {
      write(next)
      exporter.process.kill('SIGHUP')
    },
  }
}

async function untilShown(receiver: Receiver, expression: string, value: number): Promise<void> {
  await eventually(
    `${expression} ${value}`,
    async () => {
      const values = [...(await receiver.query(expression, nowSeconds())).values()]
      return values.length === 1 && values[0] === value ? true : null
    },
    40_000,
  )
}

async function scrapeOf(exporter: RunningExporter): Promise<ReadonlyMap<string, string>> {
  return eventually('the history', () => exporter.scrape())
}

async function outputOf(exporter: RunningExporter): Promise<number> {
  const values = [...(await scrapeOf(exporter))].filter(
    ([series]) => series.startsWith('claude_tokens_total{') && series.includes('token_type="output"'),
  )
  return values.reduce((sum, [, value]) => sum + Number(value), 0)
}

function withLabels(series: string): string {
  return series.replace('{', '{job="claude-usage-exporter",instance="laptop",')
}

function nowSeconds(): number {
  return Date.now() / 1_000
}
