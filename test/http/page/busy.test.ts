import { expect, it } from 'vitest'
import type { Api } from '../../../src/api/create-api.ts'
import { ApiProblem } from '../../../src/api/problem.ts'
import { problem, problemOf, startApp } from '../support.ts'

/** An API that has no time to read the ledger, for this reason. */
function apiThatFails(error: Error): () => Promise<Api> {
  const api: Pick<Api, 'context' | 'inTurn'> = {
    context: () => ({ current: { version: 1 } }) as ReturnType<Api['context']>,
    inTurn: () => Promise.reject(error),
  }
  return async () => api as Api
}

it('while the ledger cannot be read the page says so, and when to come again', async () => {
  const busy = new ApiProblem(503, 'The ledger is <busy>: ask again in a moment.', { retryAfterSeconds: 3 })
  const { get, errors } = await startApp({ api: apiThatFails(busy) })
  const { status, headers, body } = await get('/')
  expect(status).toBe(503)
  expect(headers).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'retry-after': '3',
    'cache-control': 'no-store',
    'content-security-policy': expect.stringMatching(/^default-src 'none'; style-src 'sha256-/),
  })
  expect(headers.etag).toBeUndefined()
  expect(body.toString()).toContain('The ledger is &lt;busy&gt;: ask again in a moment.')
  expect(body.toString()).toContain('<a href="/">Try again</a>')
  expect(errors).toEqual([])
})

it('a fault of the program is told to the log and not to who asks', async () => {
  const fault = new Error('no such table: secret')
  const { get, errors } = await startApp({ api: apiThatFails(fault) })
  expect(problemOf(await get('/'))).toEqual(
    problem(500, 'Internal Server Error', 'The request could not be answered. The log of the exporter says why.'),
  )
  expect(errors).toEqual([fault])
})

it('where the metrics are at / there is no page', async () => {
  const { get } = await startApp({ telemetryPath: '/' })
  const { headers, body } = await get('/')
  expect(headers['content-type']).toMatch(/^text\/plain/)
  expect(body.toString()).toContain('# TYPE ')
})
