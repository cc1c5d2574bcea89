import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as z from 'zod'
// The exporter has to listen soon after it was started: what it consists of is loaded before.
import '../../../src/api/create-api.ts'
import '../../../src/cli/serve/serve.ts'
import { homeWith, SAMPLE } from '../../cli/support/sample.ts'
import { startServing } from '../../cli/support/serving.ts'
import { type Answer, type Asked, ask } from '../support.ts'

export interface ServedApi {
  readonly home: string
  /** Path of the configuration file. */
  readonly config: string
  stop(): Promise<void>
  get(path: string, asked?: Asked): Promise<Answer>
  json(path: string): Promise<Record<string, unknown>>
}

const BUDGETS = `budgets:
- {name: daily, limit_usd: 0.1, period: day}
- {name: weekly, limit_tokens: 1000000, period: week}
- {name: blog, limit_usd: 50, period: month, scope: {project: blog}}
`

/** A whole exporter on the sample ledger, with the history loaded. */
export async function serveSample(): Promise<ServedApi> {
  // Those of the other helpers are gone after one test.
  const home = mkdtempSync(join(tmpdir(), 'claude-usage-api-'))
  cpSync(await homeWith(SAMPLE), home, { recursive: true })
  const config = join(home, 'c.yml')
  writeFileSync(config, BUDGETS)
  // A budget is unknown where no log can be read.
  mkdirSync(join(home, '.claude', 'projects'), { recursive: true })
  const serving = await startServing(`--config.file ${config}`, { home })
  await serving.logged('following them')
  const { hostname: host, port } = new URL(serving.url)
  const get = (path: string, asked: Asked = {}) => ask({ host, port: Number(port) }, path, asked)
  return {
    home,
    config,
    get,
    async stop() {
      await serving.stop()
      rmSync(home, { recursive: true, force: true })
    },
    json: async (path) => JSON.parse((await get(path)).body.toString()),
  }
}

interface Operation {
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly schema: object }[]
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: object }>> }>
  >
}

export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, object>> }
}

/** What is wrong with an answer by the published description alone; null: nothing. */
export function faultOf(
  openApi: OpenApi,
  path: string,
  method: string,
  { status, headers, body }: Answer,
): string | null {
  const response = openApi.paths[path]?.[method]?.responses[String(status)]
  if (response === undefined) return `${method} ${path} may not answer ${status}`
  if (response.content === undefined) return body.length === 0 ? null : 'a body that is not described'
  const [type = ''] = (headers['content-type'] ?? '').split(';')
  const described = response.content[type]
  if (described === undefined) return `${type} is not described`
  const $defs = openApi.components.schemas
  const schema = JSON.parse(
    JSON.stringify({ ...described.schema, $defs }).replaceAll('#/components/schemas/', '#/$defs/'),
  )
  const result = z.fromJSONSchema(schema).safeParse(JSON.parse(body.toString()))
  return result.success ? null : z.prettifyError(result.error)
}
