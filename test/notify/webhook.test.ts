import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { redacted } from '../../src/notify/redact.ts'
import { Webhook } from '../../src/notify/webhook.ts'
import { WebhookError } from '../../src/notify/webhook-error.ts'
import { urlReader } from '../../src/notify/webhook-url.ts'
import { tempFolder } from '../support/temp.ts'
import { SECRETS, startReceiver } from './support/receiver.ts'

async function failureOf(promise: Promise<unknown>): Promise<WebhookError> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  )
  if (!(error instanceof WebhookError)) throw new Error(`expected a WebhookError, got ${inspect(error)}`)
  for (const secret of SECRETS) expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(secret)
  return error
}

function webhookTo(url: URL, timeoutMs = 10_000): Webhook {
  return new Webhook({ url: async () => url, timeoutMs })
}

describe('the webhook', () => {
  it('posts JSON to the whole address', async () => {
    const receiver = await startReceiver()
    expect(await webhookTo(receiver.url).post('{"text":"ü"}')).toEqual({ status: 200, text: 'ok' })
    expect(receiver.received).toEqual([
      {
        method: 'POST',
        path: receiver.url.pathname + receiver.url.search,
        type: 'application/json; charset=utf-8',
        body: '{"text":"ü"}',
      },
    ])
  })

  it('is content with an answer without a body', async () => {
    const receiver = await startReceiver()
    receiver.answerStatus(204)
    expect(await webhookTo(receiver.url).post('{}')).toEqual({ status: 204, text: '' })
  })

  it.each([400, 404, 500, 503])('fails with status %i and says what came back', async (status) => {
    const receiver = await startReceiver()
    receiver.answerStatus(status, {}, `Cannot POST ${receiver.url.pathname}\n for ${receiver.url.href}\u001b[31m`)
    const error = await failureOf(webhookTo(receiver.url).post('{}'))
    expect(error).toMatchObject({ reason: 'status', status, message: `the webhook answered ${status}` })
    expect(error.answer).toBe('Cannot POST [redacted] for [redacted]\\u001b[31m')
  })

  it('follows no redirect', async () => {
    const receiver = await startReceiver()
    const other = await startReceiver()
    receiver.answerStatus(307, { location: other.url.href })
    expect(await failureOf(webhookTo(receiver.url).post('{}'))).toMatchObject({ reason: 'redirect', status: 307 })
    expect(other.received).toEqual([])
  })

  it.each([
    ['30', 30_000],
    ['0.5', 500],
    ['999999', 3_600_000],
    ['Wed, 21 Oct 2026 07:28:00 GMT', undefined],
    ['-5', undefined],
  ])('is asked to wait: Retry-After %s', async (header, retryAfterMs) => {
    const receiver = await startReceiver()
    receiver.answerStatus(429, { 'retry-after': header })
    expect((await failureOf(webhookTo(receiver.url).post('{}'))).retryAfterMs).toBe(retryAfterMs)
  })

  it('gives up on an answer that does not come', async () => {
    const receiver = await startReceiver()
    receiver.answerWith(() => {})
    expect(await failureOf(webhookTo(receiver.url, 50).post('{}'))).toMatchObject({ reason: 'timeout' })
  })

  it('gives up on a body that does not end', async () => {
    const receiver = await startReceiver()
    receiver.answerWith((response) => response.writeHead(200).write('o'))
    expect(await failureOf(webhookTo(receiver.url, 50).post('{}'))).toMatchObject({ reason: 'timeout' })
  })

  it('reads no more of an endless answer than it shows', async () => {
    const receiver = await startReceiver()
    let isClosed = false
    receiver.answerWith(async (response) => {
      response.on('close', () => {
        isClosed = true
      })
      while (!isClosed) {
        response.write('x'.repeat(65_536))
        await sleep(1)
      }
    })
    const { text } = await webhookTo(receiver.url).post('{}')
    expect(text).toBe('x'.repeat(4_096))
    while (!isClosed) await sleep(1)
  })

  it('says that a connection is refused, not where', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    await new Promise((resolve) => server.close(resolve))
    const port = typeof address === 'object' ? address?.port : 0
    const error = await failureOf(webhookTo(new URL(`http://127.0.0.1:${port}/services/T0SECRET`)).post('{}'))
    expect(error).toMatchObject({ reason: 'network', message: 'no connection, or one that broke: ECONNREFUSED' })
  })

  it('says that a connection broke', async () => {
    const receiver = await startReceiver()
    receiver.answerWith((response) => response.destroy())
    expect(await failureOf(webhookTo(receiver.url).post('{}'))).toMatchObject({ reason: 'network' })
  })

  it('hangs up when it is told to', async () => {
    const receiver = await startReceiver()
    const stop = new AbortController()
    receiver.answerWith(() => stop.abort())
    expect(await failureOf(webhookTo(receiver.url).post('{}', stop.signal))).toMatchObject({ reason: 'stopped' })
  })
})

describe('the address of the webhook', () => {
  it('is none where none is set', () => {
    expect(urlReader({ url: null, urlFile: null })).toBeNull()
  })

  it('is read again when its file changes', async () => {
    const path = join(tempFolder(), 'url')
    writeFileSync(path, 'https://one.example/hook\n')
    const read = urlReader({ url: null, urlFile: path })
    expect((await read?.())?.href).toBe('https://one.example/hook')
    writeFileSync(path, 'https://another.example/hook\n')
    expect((await read?.())?.href).toBe('https://another.example/hook')
  })

  it.each([
    ['nothing', '\n'],
    ['two lines', 'https://one.example/T0SECRET\nhttps://two.example/T0SECRET\n'],
    ['no address', 'T0SECRET'],
    ['an address anybody on the way can read', 'http://one.example/services/T0SECRET'],
    ['another scheme', 'file:///services/T0SECRET'],
    ['a name that only begins like this machine', 'http://127.0.0.1.evil.example/T0SECRET'],
    ['a book', 'T0SECRET'.repeat(10_000)],
  ])('refuses a file with %s, without repeating it', async (_what, text) => {
    const path = join(tempFolder(), 'url')
    writeFileSync(path, text)
    const error = await failureOf(urlReader({ url: null, urlFile: path })?.() ?? Promise.resolve())
    expect(error.reason).toBe('url')
    expect(error.message).toContain(path)
  })

  it('says why a file cannot be read', async () => {
    const folder = tempFolder()
    const error = await failureOf(urlReader({ url: null, urlFile: join(folder, 'none') })?.() ?? Promise.resolve())
    expect(error).toMatchObject({ reason: 'url', message: `cannot read the file ${folder}/none: ENOENT` })
  })

  it('says so where it is no file', async () => {
    const path = tempFolder()
    const error = await failureOf(urlReader({ url: null, urlFile: path })?.() ?? Promise.resolve())
    expect(error.message).toMatch(/EISDIR$/)
  })
})

describe('an answer that repeats the address', () => {
  it.each([
    ['whole', 'see https://h.example/a/T0SECRET?k=s3cr3t-t0ken&x=1 now', 'see [redacted] now'],
    ['the path', 'no route /a/T0SECRET here', 'no route [redacted] here'],
    ['a part of the path', 'channel T0SECRET is gone', 'channel [redacted] is gone'],
    ['a parameter', 'bad token s3cr3t-t0ken', 'bad token [redacted]'],
    ['as HTML', 'POST /a/T0SECRET?k=s3cr3t-t0ken&amp;x=1', 'POST [redacted]'],
  ])('%s', (_how, text, expected) => {
    expect(redacted(text, new URL('https://h.example/a/T0SECRET?k=s3cr3t-t0ken&x=1'))).toBe(expected)
  })
})
