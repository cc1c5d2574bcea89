import { get, type IncomingMessage } from 'node:http'
import { expect, it, onTestFinished } from 'vitest'
import { startWeb } from '../../../src/cli/serve/web.ts'
import { Health } from '../../../src/metrics/health.ts'
import { loadFrom } from '../../config/load-from.ts'
import { healthOptions } from '../../metrics/health-options.ts'
import { sampleSnapshot } from '../../metrics/sample-snapshot.ts'

const OPEN = 'web: {listen_address: ["0.0.0.0:0"], allow_unprotected: true, allowed_hosts: ['
const LOOPBACK = 'web: {listen_address: ["127.0.0.1:0"], allowed_hosts: ['

it.each([
  { listens: 'on loopback', yaml: `${LOOPBACK}]}`, host: 'page.example', status: 403 },
  { listens: 'on loopback, with names', yaml: `${LOOPBACK}exporter]}`, host: 'page.example', status: 403 },
  { listens: 'on loopback, with names', yaml: `${LOOPBACK}exporter]}`, host: 'exporter:10061', status: 200 },
  { listens: 'everywhere, without names', yaml: `${OPEN}]}`, host: 'page.example', status: 200 },
  { listens: 'everywhere, with names', yaml: `${OPEN}exporter]}`, host: 'page.example', status: 403 },
  { listens: 'everywhere, with names', yaml: `${OPEN}exporter]}`, host: 'exporter:10061', status: 200 },
  { listens: 'everywhere, with names', yaml: `${OPEN}exporter]}`, host: '192.0.2.7:10061', status: 200 },
])('listening $listens, it answers $host with $status', async ({ yaml, host, status }) => {
  const { config } = await loadFrom({ yaml })
  const web = await startWeb(config, {
    app: { snapshot: () => sampleSnapshot },
    health: new Health(healthOptions),
    isReady: () => true,
    reload: async () => {},
    onError: () => {},
    readWebConfig: null,
    logger: { info: () => {}, warn: () => {}, error: () => {} },
  })
  onTestFinished(() => web.close(0))
  const port = web.addresses[0]?.port
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    get({ host: '127.0.0.1', port, path: '/metrics', headers: { host }, agent: false }, resolve).once('error', reject)
  })
  answer.resume()
  expect(answer.statusCode).toBe(status)
})
