import type { RequestListener } from 'node:http'
import type { App } from '../../app.ts'
import type { Config } from '../../config/config.ts'
import { isLoopback } from '../../config/listen-address.ts'
import { createApp } from '../../http/app.ts'
import { type RunningServer, startServer } from '../../http/server.ts'
import { VERSION } from '../../lib/version.ts'
import type { Health } from '../../metrics/health.ts'

export interface WebParts {
  readonly app: Pick<App, 'snapshot'>
  readonly health: Health
  isReady(): boolean
  reload(): Promise<void>
  onError(error: unknown): void
}

export interface Web extends RunningServer {
  /** Takes over the settings of the web interface, all but where it listens. */
  configure(config: Config): void
}

/** Listens, and answers by the configuration that was given last. */
export async function startWeb(config: Config, parts: WebParts): Promise<Web> {
  let answer: RequestListener = createWebApp(config, parts)
  const server = await startServer({
    app: (request, response) => answer(request, response),
    addresses: config.web.listenAddress,
    onError: parts.onError,
  })
  return {
    ...server,
    configure(changed) {
      answer = createWebApp({ ...changed, web: { ...changed.web, listenAddress: config.web.listenAddress } }, parts)
    },
  }
}

function createWebApp({ web }: Config, { app, health, isReady, reload, onError }: WebParts): RequestListener {
  return createApp({
    snapshot: () => app.snapshot(),
    health,
    isReady,
    reload,
    onError,
    version: VERSION,
    telemetryPath: web.telemetryPath,
    lifecycle: web.enableLifecycle,
    maxRequests: web.maxRequests,
    // Who lets other machines in has been warned, and may be asked under any name.
    allowedHosts: web.listenAddress.every(isLoopback) ? web.allowedHosts : null,
  })
}
