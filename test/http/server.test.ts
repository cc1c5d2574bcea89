import { Agent, type RequestListener, request } from 'node:http'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startServer } from '../../src/http/server.ts'
import { ask } from './support.ts'

const LOOPBACK = { host: '127.0.0.1', port: 0 }
const hello: RequestListener = (_request, response) => response.end('hello')

async function start(app: RequestListener, addresses = [LOOPBACK]) {
  const server = await startServer({ app, addresses, onError: () => {} })
  onTestFinished(() => server.close(0))
  const [address = LOOPBACK] = server.addresses
  return { server, address }
}

describe('startServer', () => {
  it('listens on every address and says where', async () => {
    const { server } = await start(hello, [LOOPBACK, LOOPBACK, LOOPBACK])
    expect(new Set(server.addresses.map(({ port }) => port)).size).toBe(3)
    for (const address of server.addresses) {
      expect(address.port).toBeGreaterThan(0)
      expect((await ask(address, '/')).body.toString()).toBe('hello')
    }
  })

  it('listens everywhere without a host', async () => {
    const { address } = await start(hello, [{ host: '', port: 0 }])
    expect((await ask({ host: '127.0.0.1', port: address.port }, '/')).status).toBe(200)
  })

  it('names the address that is taken, and leaves none of the others open', async () => {
    const { address: taken } = await start(hello)
    const { server: probe, address: free } = await start(hello)
    await probe.close(0)
    const failed = startServer({ app: hello, addresses: [free, taken], onError: () => {} })
    await expect(failed).rejects.toMatchObject({
      name: 'OperatorError',
      message: `Cannot listen on 127.0.0.1:${taken.port}: another program listens there`,
      fix: 'Stop it, if it is another exporter, or choose another address with --web.listen-address.',
    })
    await expect(ask(free, '/')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })

  it.each([
    {
      address: { host: '192.0.2.1', port: 0 },
      message: 'Cannot listen on 192.0.2.1:0: this machine has no such address',
      fix: 'Choose one of its addresses with --web.listen-address.',
    },
    {
      address: { host: '2001:db8::1', port: 0 },
      message: /^Cannot listen on \[2001:db8::1\]:0: /,
      fix: /--web\.listen-address\.$/,
    },
    {
      address: { host: 'no-such-name.invalid', port: 0 },
      // Some name servers answer even for names that cannot exist.
      message:
        /^Cannot listen on no-such-name\.invalid:0: (the host name is not known|this machine has no such address)$/,
      fix: /--web\.listen-address\.$/,
    },
  ])('says what is wrong with $address.host', async ({ address, message, fix }) => {
    const failed = startServer({ app: hello, addresses: [address], onError: () => {} })
    await expect(failed).rejects.toMatchObject({
      message: typeof message === 'string' ? message : expect.stringMatching(message),
      fix: typeof fix === 'string' ? fix : expect.stringMatching(fix),
    })
  })
})

describe('close', () => {
  it('lets a running answer finish and takes no new requests', async () => {
    const running = slowApp()
    const { server, address } = await start(running.app)
    const answer = ask(address, '/')
    await running.started
    const closed = server.close(60_000)
    await expect(ask(address, '/')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    running.finish()
    expect((await answer).body.toString()).toBe('done')
    await closed
  })

  it('does not wait for connections that are kept open, idle or just answered', async () => {
    const running = slowApp()
    const { server, address } = await start(running.app)
    const agent = new Agent({ keepAlive: true })
    onTestFinished(() => agent.destroy())
    const answer = new Promise<void>((resolve) => {
      request({ ...address, agent }, (response) => response.resume().on('end', resolve)).end()
    })
    await running.started
    const closed = server.close(3_600_000)
    running.finish()
    await answer
    await closed
  })

  it('cuts off what takes longer than the time of grace', async () => {
    const running = slowApp()
    const { server, address } = await start(running.app)
    const cutOff = expect(ask(address, '/')).rejects.toMatchObject({ code: 'ECONNRESET' })
    await running.started
    await server.close(20)
    await cutOff
  })
})

/** Answers when it is told to. */
function slowApp() {
  let begin = () => {}
  let finish = () => {}
  const started = new Promise<void>((resolve) => {
    begin = resolve
  })
  const app: RequestListener = (_request, response) => {
    finish = () => response.end('done')
    begin()
  }
  return { app, started, finish: () => finish() }
}
