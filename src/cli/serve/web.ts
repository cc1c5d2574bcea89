import type { RequestListener } from 'node:http'
import type { Api } from '../../api/create-api.ts'
import type { App } from '../../app.ts'
import type { Config } from '../../config/config.ts'
import { isLoopback } from '../../config/listen-address.ts'
import { createApp } from '../../http/app.ts'
import { type RunningServer, startServer } from '../../http/server.ts'
import type { WebConfig } from '../../http/web-config/web-config.ts'
import type { Logger } from '../../lib/logger.ts'
import { VERSION } from '../../lib/version.ts'
import type { Health } from '../../metrics/health.ts'
import { createWebSecurity, NO_SECURITY, type WebSecurity } from './web-security.ts'

export interface WebParts {
  readonly app: Pick<App, 'snapshot'>
  readonly api?: () => Promise<Api>
  readonly health: Health
  isReady(): boolean
  reload(): Promise<void>
  onError(error: unknown): void
  /** Reads the web configuration file; null where there is none. */
  readonly readWebConfig: (() => WebConfig) | null
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>
}

export interface Web extends Omit<RunningServer, 'secure'>, Pick<WebSecurity, 'isProtected'> {
  readonly scheme: 'http' | 'https'
  /** Takes over the settings of the web interface, all but where it listens. */
  configure(config: Config): void
}

/** Listens, and answers by the configuration that was given last. */
export async function startWeb(config: Config, parts: WebParts): Promise<Web> {
  const { readWebConfig, logger, onError } = parts
  const security = readWebConfig === null ? NO_SECURITY : createWebSecurity(readWebConfig, logger)
  const { tls, guard, isProtected } = security
  let answer: RequestListener = createWebApp(config, parts, guard)
  const { addresses, close, secure } = await startServer({
    app: (request, response) => answer(request, response),
    addresses: config.web.listenAddress,
    tls,
    onError,
  })
  security.follow({ secure })
  return {
    addresses,
    scheme: tls === null ? 'http' : 'https',
    isProtected,
    async close(graceMs) {
      await close(graceMs)
      await security.close()
    },
    configure(changed) {
      const web = { ...changed.web, listenAddress: config.web.listenAddress }
      answer = createWebApp({ ...changed, web }, parts, guard)
    },
  }
}

function createWebApp(
  { web }: Config,
  { app, api, health, isReady, reload, onError }: WebParts,
  guard: WebSecurity['guard'],
): RequestListener {
  return createApp({
    guard,
    ...(api !== undefined && { api }),
    snapshot: () => app.snapshot(),
    health,
    isReady,
    reload,
    onError,
    version: VERSION,
    telemetryPath: web.telemetryPath,
    lifecycle: web.enableLifecycle,
    maxRequests: web.maxRequests,
    // Who lets other machines in has been warned, and may be asked under any name, unless names were given.
    allowedHosts: web.listenAddress.every(isLoopback) || web.allowedHosts.length > 0 ? web.allowedHosts : null,
  })
}
