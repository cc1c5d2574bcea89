import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import { dashboardFiles } from '../../grafana/dashboards/index.ts'
import { blocksOf } from '../prometheus/support/fenced-blocks.ts'
import { isInstalled } from '../support/binaries.ts'

interface Request {
  readonly call: string
  readonly authorization: string | undefined
  readonly body: { readonly uid?: string; readonly folderUid?: string; readonly dashboard?: { readonly uid: string } }
}

/** Takes everything, as Grafana would, and remembers it. */
async function startGrafana(status: number) {
  const requests: Request[] = []
  const server = createServer(async (request, response) => {
    const body = JSON.parse(await text(request))
    requests.push({ call: `${request.method} ${request.url}`, authorization: request.headers.authorization, body })
    response.writeHead(status, { 'content-type': 'application/json' }).end('{}')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return { url: `http://127.0.0.1:${address.port}`, requests }
}

function importInto(url: string) {
  const [block] = blocksOf('grafana/README.md').filter(({ language }) => language === 'sh')
  const cwd = new URL('../../grafana', import.meta.url).pathname
  const env = { PATH: process.env['PATH'], GRAFANA_URL: url, GRAFANA_TOKEN: 'test-token' }
  return promisify(execFile)('sh', ['-e', '-c', block?.text ?? 'exit 1'], { cwd, env })
}

describe.runIf(isInstalled('curl') && isInstalled('jq'))('the documented import by the HTTP API', () => {
  it('makes the folder and puts every dashboard into it', async () => {
    const grafana = await startGrafana(200)
    await importInto(grafana.url)
    const [folder, ...dashboards] = grafana.requests
    expect(folder).toMatchObject({ call: 'POST /api/folders', body: { uid: 'claude-usage', title: 'Claude usage' } })
    expect(dashboards).toHaveLength(dashboardFiles().size)
    for (const { call, body } of dashboards) {
      expect(call).toBe('POST /api/dashboards/db')
      expect(body).toMatchObject({ folderUid: 'claude-usage', overwrite: true })
      // Grafana would look for the dashboard of that number instead of the uid.
      expect(body.dashboard).not.toHaveProperty('id')
    }
    expect(new Set(dashboards.map(({ body }) => body.dashboard?.uid)).size).toBe(dashboards.length)
    expect(new Set(grafana.requests.map(({ authorization }) => authorization))).toEqual(new Set(['Bearer test-token']))
  })

  it('says when Grafana refuses', async () => {
    const grafana = await startGrafana(403)
    await expect(importInto(grafana.url)).rejects.toThrow()
  })
})
