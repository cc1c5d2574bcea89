import { hashSync } from 'bcryptjs'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createGuard } from '../../../src/http/web-config/guard.ts'
import { problem, problemOf, sendRaw, startApp } from '../support.ts'
import { webConfigFrom } from './from-yaml.ts'

const HASH = hashSync('correct horse', 4)
const USERS = `basic_auth_users:\n  prometheus: "${HASH}"\n`
const basic = (user: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
})
const RIGHT = { headers: basic('prometheus', 'correct horse') }

async function startGuarded(text: string) {
  const guard = createGuard(webConfigFrom(text))
  onTestFinished(() => guard.close())
  return { guard, ...(await startApp({ guard: guard.handler, lifecycle: true, maxRequests: 0 })) }
}

const PATHS = [
  '/',
  '/metrics',
  '/metrics/',
  '//metrics',
  '/-/healthy',
  '/healthz',
  '/-/ready',
  '/readyz',
  '/-/reload',
  '/nothing',
  '/%ff',
  '/metrics?collect[]=tokens',
  '/../metrics',
]

describe('users', () => {
  it('are the only ones who get an answer, at every path and by every method', async () => {
    const { get } = await startGuarded(USERS)
    const wrong = [{}, basic('prometheus', 'wrong'), basic('nobody', 'correct horse'), { authorization: 'Bearer x' }]
    for (const path of PATHS) {
      for (const headers of wrong) {
        for (const method of ['GET', 'HEAD', 'POST', 'OPTIONS']) {
          const answer = await get(path, { method, headers })
          expect([path, answer.status, answer.headers['www-authenticate']]).toEqual([
            path,
            401,
            'Basic realm="claude-usage-exporter", charset="UTF-8"',
          ])
          expect(answer.body.toString()).not.toMatch(/claude_tokens|Healthy/)
        }
      }
      expect([path, (await get(path, RIGHT)).status]).not.toEqual([path, 401])
    }
  })

  it('are let in with their passwords', async () => {
    const { get } = await startGuarded(USERS)
    expect((await get('/-/healthy', RIGHT)).body.toString()).toBe('Healthy.\n')
    expect((await get('/metrics', RIGHT)).body.toString()).toContain('claude_tokens_total')
  })

  it('are told what is missing', async () => {
    const { get } = await startGuarded(USERS)
    expect(problemOf(await get('/metrics'))).toEqual(
      problem(401, 'Unauthorized', 'This needs the name and the password of a user.'),
    )
  })

  it('count as requests by their status', async () => {
    const { get } = await startGuarded(USERS)
    await get('/metrics')
    expect((await get('/metrics', RIGHT)).body.toString()).toContain(
      'claude_exporter_http_requests_total{handler="/metrics",code="401"} 1\n',
    )
  })

  it('cannot pass by asking for no path at all', async () => {
    const { address } = await startGuarded(USERS)
    expect(await sendRaw(address, 'OPTIONS * HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n')).toMatch(
      / 401 /,
    )
    expect(
      await sendRaw(address, 'GET http://localhost/metrics HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n'),
    ).toMatch(/ 401 /)
  })

  it('change with the file', async () => {
    const { guard, get } = await startGuarded(USERS)
    expect((await get('/metrics', RIGHT)).status).toBe(200)
    guard.configure(webConfigFrom(`basic_auth_users:\n  prometheus: "${hashSync('battery staple', 4)}"\n`))
    expect((await get('/metrics', RIGHT)).status).toBe(401)
    expect((await get('/metrics', { headers: basic('prometheus', 'battery staple') })).status).toBe(200)
    guard.configure(webConfigFrom(''))
    expect((await get('/metrics')).status).toBe(200)
  })
})

describe('200 requests with wrong passwords at the same time', () => {
  it('are refused one way or another, while a user who was let in before is answered first', async () => {
    const { get, errors } = await startGuarded(`basic_auth_users:\n  prometheus: "${hashSync('correct horse', 10)}"\n`)
    expect((await get('/-/healthy', RIGHT)).status).toBe(200)
    const ended: string[] = []
    const flood = Array.from({ length: 200 }, async (_, n) => {
      const { status } = await get('/metrics', { headers: basic('prometheus', `guess ${n}`) })
      ended.push(`guess ${status}`)
      return status
    })
    // Some guesses are being compared by now: they are the last to be answered.
    const answers = await Promise.all(
      Array.from({ length: 5 }, async () => {
        const { status } = await get('/-/healthy', RIGHT)
        ended.push(`right ${status}`)
        return status
      }),
    )
    const statuses = await Promise.all(flood)
    expect(new Set(answers)).toEqual(new Set([200]))
    expect(new Set(statuses)).toEqual(new Set([401, 429]))
    expect(statuses.filter((status) => status === 401).length).toBeGreaterThanOrEqual(8)
    expect(ended.at(-1)).toBe('guess 401')
    expect(errors).toEqual([])
    // And it goes on.
    expect((await get('/metrics', RIGHT)).status).toBe(200)
  })
})

describe('what else the file says', () => {
  it('adds headers to every answer, refusals included, but not in place of those that are set anyway', async () => {
    const { get } = await startGuarded(
      `${USERS}http_server_config:\n  headers: {Strict-Transport-Security: max-age=60, X-Frame-Options: deny, Content-Security-Policy: "default-src 'self'"}\n`,
    )
    const added = { 'strict-transport-security': 'max-age=60', 'x-frame-options': 'deny' }
    expect((await get('/metrics')).headers).toMatchObject({ ...added, 'content-security-policy': "default-src 'self'" })
    const page = (await get('/', RIGHT)).headers
    expect(page).toMatchObject(added)
    expect(page['content-security-policy']).toContain("default-src 'none'")
  })

  it('limits the rate of requests', async () => {
    const { get, guard } = await startGuarded('rate_limit: {interval: 1h, burst: 3}')
    const statuses = []
    for (let n = 0; n < 5; n++) statuses.push((await get('/-/healthy')).status)
    expect(statuses).toEqual([200, 200, 200, 429, 429])
    guard.configure(webConfigFrom('rate_limit: {interval: 1h, burst: 1}'))
    expect((await get('/-/healthy')).status).toBe(200)
    expect((await get('/-/healthy')).headers['retry-after']).toBe('1')
  })
})
