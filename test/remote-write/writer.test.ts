import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Destination } from '../../src/remote-write/destination.ts'
import { tempFolder } from '../support/temp.ts'
import { answering, createTestWriter, destinationOf, gauge, startFakeReceiver, until } from './support.ts'

let receiver: Awaited<ReturnType<typeof startFakeReceiver>>
let ends: (() => Promise<unknown>)[]

beforeEach(async () => {
  receiver = await startFakeReceiver()
  ends = []
})

afterEach(async () => {
  for (const end of ends) await end()
  await receiver.close()
})

describe('createRemoteWriter', () => {
  it('sends everything in every interval, with up, in the order of time', async () => {
    const { writer, show } = begin({})
    await until('five moments', () => times('x').length >= 5)
    show(gauge('x', [' 2']))
    await until('the new value', () => samplesOf('x').some((sample) => sample.includes(' 2 @')))
    expect(samplesOf('up')[0]).toMatch(/^up\{instance=laptop,job=claude-usage-exporter\} 1 @\d+$/)
    const sent = times('x')
    expect(sent).toEqual([...new Set(sent)].sort((a, b) => a - b))
    expect(receiver.mostOpen()).toBe(1)
    await writer.stop()
  })

  it('speaks the protocol', async () => {
    begin({ headers: new Map([['X-Scope-OrgID', 'team']]) })
    await until('a request', () => receiver.requests.length > 0)
    expect(receiver.requests[0]?.headers).toMatchObject({
      'content-encoding': 'snappy',
      'content-type': 'application/x-protobuf',
      'x-prometheus-remote-write-version': '0.1.0',
      'user-agent': expect.stringMatching(/^claude-usage-exporter\/\d/),
      'x-scope-orgid': 'team',
    })
  })

  it('tells what the families are', async () => {
    begin({})
    await until('metadata', () => receiver.requests.some(({ metadata }) => metadata.length > 0))
    const metadata = receiver.requests.flatMap((request) => request.metadata)
    expect(metadata).toContainEqual({ type: 2, family: 'x', help: 'Help of x.', unit: '' })
  })

  it('leaves out what is to be left out', async () => {
    const { show } = begin({ drop: new Set(['secret_metric', 'up']) })
    show(gauge('x', [' 1']), gauge('secret_metric', [' 5']))
    await until('three moments', () => times('x').length >= 3)
    expect(JSON.stringify(receiver.requests)).not.toMatch(/secret_metric|"up\{/)
  })

  it('ends a series that is no more, once', async () => {
    const { show } = begin({})
    show(gauge('x', [' 1']), gauge('gone', ['{a="1"} 1', '{a="2"} 2']))
    await until('both', () => samplesOf('gone').length >= 2)
    show(gauge('x', [' 1']), gauge('gone', ['{a="2"} 2']))
    await until('an end', () => samplesOf('gone').some((sample) => sample.includes(' end ')))
    const count = times('x').length
    await until('more', () => times('x').length >= count + 3)
    const over = samplesOf('gone').filter((sample) => sample.includes(' end '))
    expect(over).toHaveLength(1)
    expect(over[0]).toMatch(/^gone\{a=1,instance=laptop,job=claude-usage-exporter\} end @\d+$/)
  })

  it('sends the last values and ends all series when it stops', async () => {
    const { writer, show } = begin({ intervalMs: 3_600_000 })
    await until('the first moment', () => times('x').length > 0)
    show(gauge('x', [' 5']), gauge('late', [' 7']))
    await writer.stop()
    const values = (name: string) => samplesOf(name).map((sample) => sample.split(' ')[1])
    expect(values('x')).toEqual(['1', '5', 'end'])
    expect(values('late')).toEqual(['7', 'end'])
    expect(values('up')).toEqual(['1', '1', 'end'])
    const count = receiver.requests.length
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(receiver.requests).toHaveLength(count)
  })

  it('sends what waited once the receiver is back, in order and none twice', async () => {
    const { told, log } = begin({})
    receiver.answer(503)
    await until('a queue', () => (told.failures['server'] ?? 0) >= 5)
    const tried = receiver.requests.length
    receiver.answer(204)
    await until('an empty queue', () => told.samples > 20 && told.pending === 0)
    const after = receiver.requests
      .slice(tried)
      .flatMap(({ samples }) => samples.filter((sample) => sample.startsWith('x{')))
    const sent = after.map((sample) => Number(sample.split('@')[1]))
    expect(sent).toEqual([...new Set(sent)].sort((a, b) => a - b))
    expect(told.dropped).toEqual({})
    expect(log.join('\n')).toMatch(/remote write failed.*"reason":"server","status":503/)
    expect(log.join('\n')).toContain('remote write works again')
  })

  it('waits as long as a busy receiver asks', async () => {
    const { told } = begin({})
    let firstAt = 0
    receiver.answer((response) => {
      firstAt ||= Date.now()
      response.writeHead(429, { 'retry-after': '1' }).end('slow down')
    })
    await until('being throttled', () => (told.failures['throttled'] ?? 0) > 0)
    receiver.answer(204)
    await until('success', () => told.samples > 0)
    // Timers may ring a moment early.
    expect(Date.now() - firstAt).toBeGreaterThan(950)
    expect(told.failures['throttled']).toBe(1)
  })

  it.each([
    { status: 400, body: 'invalid labels', dropped: 'refused' },
    { status: 413, body: '', dropped: 'refused' },
    { status: 500, body: 'too old sample\n', dropped: 'too_old' },
    { status: 400, body: 'out of bounds', dropped: 'too_old' },
  ])('drops what is answered with $status "$body", and goes on', async ({ status, body, dropped }) => {
    const { told, log } = begin({})
    let refusals = 3
    receiver.answer((response) => {
      if (refusals-- > 0) answering(status, body)(response)
      else answering(204, '')(response)
    })
    await until('success', () => told.samples > 0)
    expect(told.failures).toEqual({ refused: 3 })
    expect(told.dropped[dropped]).toBeGreaterThan(0)
    expect(log.join('\n')).toContain(`"status":${status},"answer":"${body.trim()}"`)
  })

  it('gives up what is too old after a long time of failures', async () => {
    let shift = 0
    const { told } = begin({}, { clock: { now: () => Date.now() + shift } })
    receiver.answer(500)
    await until('a failure', () => (told.failures['server'] ?? 0) > 0)
    shift = 2 * 3_600_000 + 1_000
    await until('drops', () => (told.dropped['age'] ?? 0) > 0)
    const tried = receiver.requests.length
    receiver.answer(204)
    await until('success', () => told.samples > 0)
    const oldest = Math.min(
      ...receiver.requests
        .slice(tried + 1)
        .flatMap(({ samples }) => samples.map((sample) => Number(sample.split('@')[1]))),
    )
    expect(oldest).toBeGreaterThan(Date.now() + 3_600_000)
  })

  it('sends one request at a time to a slow receiver', async () => {
    const { told } = begin({})
    receiver.answer((response) => void setTimeout(() => response.writeHead(204).end(), 60))
    await until('some', () => told.samples >= 10)
    expect(receiver.mostOpen()).toBe(1)
    expect(told.failures).toEqual({})
  })

  it('tries again where the receiver never answers, and stops nevertheless', async () => {
    const { writer, told } = begin({ timeoutMs: 50 })
    receiver.answer(() => {})
    await until('timeouts', () => (told.failures['timeout'] ?? 0) >= 2)
    await writer.stop()
    expect(told.dropped['stopped']).toBeGreaterThan(0)
    expect(told.pending).toBe(0)
  })

  it('goes on after connections that break, and answers that lead elsewhere', async () => {
    const { told } = begin({})
    receiver.answer((response) => void response.socket?.destroy())
    await until('broken connections', () => (told.failures['network'] ?? 0) >= 2)
    receiver.answer(answering(302, '', { location: 'http://127.0.0.1:1/login' }))
    await until('redirects', () => (told.failures['redirect'] ?? 0) >= 2)
    receiver.answer(204)
    await until('success', () => told.samples > 0)
    expect(told.dropped).toEqual({})
  })

  it('reads a token again for every request', async () => {
    const file = join(tempFolder(), 'token')
    const { told, log } = begin({ bearerToken: { file } })
    await until('a failure', () => (told.failures['credentials'] ?? 0) > 0)
    writeFileSync(file, ' first-token\n')
    await until('the first', () => authorizations().includes('Bearer first-token'))
    writeFileSync(file, 'second-token')
    await until('the second', () => authorizations().includes('Bearer second-token'))
    expect(log.join('\n')).toContain('ENOENT')
  })

  it('logs in by name and password', async () => {
    const file = join(tempFolder(), 'password')
    writeFileSync(file, 'sésame\n')
    begin({ basicAuth: { username: 'ada', password: { file } } })
    await until('a request', () => receiver.requests.length > 0)
    expect(authorizations()[0]).toBe(`Basic ${Buffer.from('ada:sésame').toString('base64')}`)
  })

  it('tells nobody what is secret, and lets no answer forge lines', async () => {
    const basic = Buffer.from('ada:pass-word-1').toString('base64')
    const { told, log } = begin({
      headers: new Map([['X-Key', 'header-secret-2']]),
      basicAuth: { username: 'ada', password: { text: 'pass-word-1' } },
    })
    receiver.answer(
      answering(401, `no ${basic} pass-word-1 header-secret-2\u001b[2J ${'x'.repeat(5_000)}\nlevel=error forged`),
    )
    await until('refusals', () => (told.failures['refused'] ?? 0) >= 2)
    const text = log.join('\n')
    expect(text).toContain('no [redacted] [redacted] [redacted]')
    for (const unwanted of [basic, 'pass-word-1', 'header-secret-2', 'forged', '\u001b']) {
      expect(text).not.toContain(unwanted)
    }
    expect(Math.max(...log.map(({ length }) => length))).toBeLessThan(600)
  })

  it('takes over other settings, and keeps what waits', async () => {
    const { writer, told } = begin({ bearerToken: { text: 'old' } })
    receiver.answer(503)
    await until('a queue', () => (told.failures['server'] ?? 0) >= 3)
    await writer.configure(destinationOf(receiver.url, { bearerToken: { text: 'new' } }))
    receiver.answer(204)
    await until('success', () => told.samples > 0)
    expect(authorizations()).toContain('Bearer new')
    expect(told.dropped).toEqual({})
  })

  it('ends series under their old labels when external labels change', async () => {
    const { writer } = begin({})
    await until('a moment', () => times('x').length > 0)
    await writer.configure(destinationOf(receiver.url, { externalLabels: new Map([['instance', 'other']]) }))
    await until('new labels', () => samplesOf('x').some((sample) => sample.startsWith('x{instance=other} 1')))
    expect(samplesOf('x').filter((sample) => sample.includes(' end '))).toEqual([
      expect.stringMatching(/^x\{instance=laptop,job=claude-usage-exporter\} end/),
    ])
  })

  it('moves to another address, having ended all series at the first', async () => {
    const second = await startFakeReceiver()
    ends.push(() => second.close())
    const { writer } = begin({})
    await until('a moment', () => times('x').length > 0)
    await writer.configure(destinationOf(second.url))
    await until('a moment there', () => second.requests.length > 1)
    const last = receiver.requests.at(-1)?.samples ?? []
    expect(last.every((sample) => sample.includes(' end '))).toBe(true)
    await writer.configure(null)
    const count = second.requests.length
    await new Promise((resolve) => setTimeout(resolve, 60))
    expect(second.requests).toHaveLength(count)
  })

  it('begins when it is configured later, and not before it is started', async () => {
    const made = createTestWriter(null)
    ends.push(() => made.writer.stop())
    await made.writer.configure(destinationOf(receiver.url))
    await new Promise((resolve) => setTimeout(resolve, 40))
    expect(receiver.requests).toHaveLength(0)
    made.writer.start()
    await until('a moment', () => times('x').length > 0)
  })

  it('waits while the clock is set back, so that no time comes twice', async () => {
    let shift = 0
    const { log } = begin({}, { clock: { now: () => Date.now() + shift } })
    await until('some', () => times('x').length >= 3)
    shift = -60_000
    await until('a warning', () => log.some((line) => line.startsWith('the clock went back')))
    const sent = times('x')
    shift = 0
    await until('more', () => times('x').length >= sent.length + 3)
    expect(times('x')).toEqual([...new Set(times('x'))].sort((a, b) => a - b))
  })

  it('goes on when values could not be taken once', async () => {
    let calls = 0
    const { told } = begin(
      {},
      {
        families: async () => {
          if (++calls < 3) throw new Error('not now')
          return [gauge('x', [' 1'])]
        },
      },
    )
    await until('success', () => told.samples > 0)
    expect(told.failures).toEqual({ internal: 2 })
  })
})

function begin(changes: Partial<Destination>, parts: Parameters<typeof createTestWriter>[1] = {}) {
  const made = createTestWriter(destinationOf(receiver.url, changes), parts)
  ends.unshift(() => made.writer.stop())
  made.writer.start()
  return made
}

function samplesOf(name: string): string[] {
  return receiver.requests.flatMap(({ samples }) => samples.filter((sample) => sample.startsWith(`${name}{`)))
}

function times(name: string): number[] {
  return samplesOf(name).map((sample) => Number(sample.split('@')[1]))
}

function authorizations(): (string | undefined)[] {
  return receiver.requests.map(({ headers }) => headers.authorization)
}
