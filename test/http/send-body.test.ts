import { gunzipSync } from 'node:zlib'
import express from 'express'
import { describe, expect, it, onTestFinished } from 'vitest'
import { sendBody } from '../../src/http/send-body.ts'
import { startServer } from '../../src/http/server.ts'
import { createBody } from '../../src/lib/body.ts'
import { type Asked, ask } from './support.ts'

const TYPE = 'text/plain; charset=utf-8'
const LONG = 'figures '.repeat(200)
const TAG = createBody(LONG).etag

/** Asks for a text that is sent so. */
async function asking(text: string, asked: Asked = {}, status = 200) {
  const app = express().use((request, response) => {
    response.status(status)
    return sendBody(request, response, createBody(text), TYPE)
  })
  const server = await startServer({ app, addresses: [{ host: '127.0.0.1', port: 0 }], onError: () => {} })
  onTestFinished(() => server.close(0))
  const [address = { host: '', port: 0 }] = server.addresses
  return ask(address, '/', asked)
}

describe('a body', () => {
  it.each([
    { encodings: undefined, encoding: undefined },
    { encodings: 'gzip, deflate, br, zstd', encoding: 'gzip' },
    { encodings: 'GZIP', encoding: 'gzip' },
    { encodings: 'gzip;q=0', encoding: undefined },
    { encodings: 'gzip;q=0.2, identity;q=0.8', encoding: undefined },
    { encodings: '*', encoding: 'gzip' },
    { encodings: 'identity;q=0, br', encoding: undefined },
    { encodings: 'br', encoding: undefined },
    { encodings: ';;,=', encoding: undefined },
  ])('goes out as $encoding to who takes "$encodings"', async ({ encodings, encoding }) => {
    const headers = encodings === undefined ? {} : { 'accept-encoding': encodings }
    const answer = await asking(LONG, { headers })
    expect(answer.headers).toMatchObject({
      'content-type': TYPE,
      'content-length': String(answer.body.length),
      vary: 'Accept-Encoding',
      etag: `"${TAG}${encoding === undefined ? '' : '-gzip'}"`,
    })
    expect(answer.headers['content-encoding']).toBe(encoding)
    expect((encoding === undefined ? answer.body : gunzipSync(answer.body)).toString()).toBe(LONG)
  })

  it('that is short is not compressed', async () => {
    const { headers, body } = await asking('short', { headers: { 'accept-encoding': 'gzip' } })
    expect([headers['content-encoding'], body.toString()]).toEqual([undefined, 'short'])
  })

  it.each([
    { given: `"${TAG}"`, encodings: '', tag: `"${TAG}"` },
    { given: `"${TAG}-gzip"`, encodings: 'gzip', tag: `"${TAG}-gzip"` },
    { given: `W/"${TAG}"`, encodings: '', tag: `"${TAG}"` },
    { given: `"a", W/"b" ,"${TAG}","c"`, encodings: '', tag: `"${TAG}"` },
    { given: '*', encodings: '', tag: `"${TAG}"` },
    { given: '*', encodings: 'gzip', tag: `"${TAG}-gzip"` },
    // Who has it in one encoding and now takes another one needs nothing either.
    { given: `"${TAG}"`, encodings: 'gzip', tag: `"${TAG}"` },
    { given: `"${TAG}-gzip"`, encodings: '', tag: `"${TAG}-gzip"` },
    { given: `"${TAG}", "${TAG}-gzip"`, encodings: 'gzip', tag: `"${TAG}-gzip"` },
  ])('is not sent to who has $given and takes "$encodings"', async ({ given, encodings, tag }) => {
    for (const method of ['GET', 'HEAD']) {
      const headers = { 'if-none-match': given, 'accept-encoding': encodings }
      const answer = await asking(LONG, { method, headers })
      expect([answer.status, answer.body.length]).toEqual([304, 0])
      expect(answer.headers).toMatchObject({ etag: tag, vary: 'Accept-Encoding' })
      expect(answer.headers).not.toHaveProperty('content-encoding')
    }
  })

  it.each([
    '',
    '"other"',
    TAG,
    `"${TAG}`,
    `"${TAG}-br"`,
    `w/"${TAG}"`,
    '"*"',
    `"${TAG.toLowerCase()}x"`,
    ','.repeat(5_000),
  ])('is sent to who has %s', async (given) => {
    const { status, body } = await asking(LONG, { headers: { 'if-none-match': given } })
    expect([status, body.toString()]).toEqual([200, LONG])
  })

  it('of what was started is sent whatever the client has', async () => {
    const { status, body } = await asking('{"runs":[]}', { method: 'POST', headers: { 'if-none-match': '*' } }, 202)
    expect([status, body.toString()]).toEqual([202, '{"runs":[]}'])
  })

  it('has its length but no content in the answer to HEAD', async () => {
    const { headers, body } = await asking(LONG, { method: 'HEAD' })
    expect([headers['content-length'], body.length]).toEqual([String(LONG.length), 0])
  })
})
