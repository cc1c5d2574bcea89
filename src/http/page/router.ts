import { type Request, type Response, Router } from 'express'
import type { Api } from '../../api/create-api.ts'
import type { ApiProblem } from '../../api/problem.ts'
import { type Body, createBody } from '../../lib/body.ts'
import { methodNotAllowed, notFound } from '../problem.ts'
import { sendBody } from '../send-body.ts'
import { Keeper } from './keeper.ts'
import { sendBusy, sendIndex } from './plain.ts'

/** Below it are the style and the script of the page. */
export const ASSETS_PATH = '/assets/'

/** Nothing may come from elsewhere, and nothing that stands in the page itself is run. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  'img-src data:', // the icon
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

export interface PageParts {
  /** Without it there is a page of links only. */
  readonly api?: () => Promise<Api>
  readonly version: string
  readonly telemetryPath: string
}

/** Serves the page and what it needs. All of it is loaded when it is first asked for. */
export function pageRouter({ api, version, telemetryPath }: PageParts): Router {
  const router = Router({ caseSensitive: true, strict: true })
  const showPage = api && pageHandler(api, telemetryPath)
  router
    .route('/')
    .get(async (request, response) => {
      if (showPage) await showPage(request, response)
      else sendIndex(response, version, telemetryPath)
    })
    .all(methodNotAllowed('GET', 'HEAD'))
  router
    .route(`${ASSETS_PATH}*path`)
    .get(async (request, response, next) => {
      const asset = (await assets()).get(request.path)
      if (asset === undefined) {
        notFound(request, response, next)
        return
      }
      response.set('cache-control', 'public, max-age=31536000, immutable')
      await sendBody(request, response, asset.body, asset.type)
    })
    .all(methodNotAllowed('GET', 'HEAD'))
  return router
}

function pageHandler(load: () => Promise<Api>, telemetryPath: string) {
  const keeper = new Keeper(async () => makePage(await load(), telemetryPath))
  return async (request: Request, response: Response): Promise<void> => {
    try {
      const { version } = (await load()).context().current
      const page = await keeper.get(version, performance.now())
      response.set({ 'content-security-policy': CONTENT_SECURITY_POLICY, 'cache-control': 'no-cache' })
      await sendBody(request, response, page, 'text/html; charset=utf-8')
    } catch (error) {
      // The class itself would be loaded with it, and with that the whole API.
      if (!(error instanceof Error) || error.name !== 'ApiProblem') throw error
      const { message, problem } = error as ApiProblem
      sendBusy(response, message, problem.retryAfterSeconds ?? 1)
    }
  }
}

async function makePage(api: Api, telemetryPath: string): Promise<Body> {
  const [{ readOverview }, { renderPage }, { style, script }] = await Promise.all([
    import('../../overview/read.ts'),
    import('../../page/page.ts'),
    loadAssets(),
  ])
  const overview = await api.inTurn(() => readOverview(api.context()))
  return createBody(
    renderPage(overview, {
      assets: { kind: 'linked', style: style.address, script: script.address },
      telemetryPath,
    }),
  )
}

interface Asset {
  readonly body: Body
  readonly type: string
}

let assetsByPath: ReadonlyMap<string, Asset> | undefined

/** By their paths: nothing else can be asked for. */
async function assets(): Promise<ReadonlyMap<string, Asset>> {
  if (assetsByPath === undefined) {
    const { style, script } = await loadAssets()
    assetsByPath = new Map([
      [style.address, { body: createBody(style.text, 9), type: 'text/css; charset=utf-8' }],
      [script.address, { body: createBody(script.text, 9), type: 'text/javascript; charset=utf-8' }],
    ])
  }
  return assetsByPath
}

async function loadAssets() {
  const { loadPageAssets } = await import('../../page/assets.ts')
  return loadPageAssets()
}
