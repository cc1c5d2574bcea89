import type { RequestHandler } from 'express'
import { OperatorError } from '../../core/errors.ts'
import type { RunningServer } from '../../http/server.ts'
import { createGuard } from '../../http/web-config/guard.ts'
import { watchWebConfig } from '../../http/web-config/watch.ts'
import { isProtected, type TlsSettings, type WebConfig } from '../../http/web-config/web-config.ts'
import type { Logger } from '../../lib/logger.ts'

/** What a web configuration file does for a server. */
export interface WebSecurity {
  readonly tls: TlsSettings | null
  readonly guard: RequestHandler | null
  /** Whether nobody gets in without a password or a certificate, over TLS. */
  readonly isProtected: boolean
  /** Takes over changes of the file from now on. */
  follow(server: Pick<RunningServer, 'secure'>): void
  close(): Promise<void>
}

export const NO_SECURITY: WebSecurity = {
  tls: null,
  guard: null,
  isProtected: false,
  follow() {},
  async close() {},
}

/**
 * Reads the file and keeps to it while it changes; one with anything wrong in it changes nothing. Throws as `read` does.
 */
export function createWebSecurity(read: () => WebConfig, logger: Pick<Logger, 'info' | 'warn' | 'error'>): WebSecurity {
  const initial = read()
  const guard = createGuard(initial)
  let { tls } = initial
  let stop = () => {}
  warnOfHttp2(initial, logger)
  return {
    tls,
    guard: guard.handler,
    isProtected: isProtected(initial),
    follow(server) {
      stop = watchWebConfig({
        initial,
        read,
        changed(config) {
          if ((config.tls === null) !== (tls === null)) {
            logger.warn('TLS is turned on and off by a restart only; it stays as it is until then', {
              file: config.files[0],
              tls: tls !== null,
            })
          }
          if (tls !== null && config.tls !== null) {
            tls = config.tls
            server.secure(tls)
          }
          guard.configure({ ...config, tls })
          logger.info('web configuration reloaded', { file: config.files[0], users: config.users.size })
          warnOfHttp2(config, logger)
        },
        refused: (error) => {
          const facts = error instanceof OperatorError ? { reason: error.message, fix: error.fix } : { err: error }
          logger.error('the web configuration is not valid; the one before stays in force', facts)
        },
      })
    },
    async close() {
      stop()
      await guard.close()
    },
  }
}

function warnOfHttp2({ wantsHttp2, files }: WebConfig, logger: Pick<Logger, 'warn'>): void {
  if (wantsHttp2) logger.warn('HTTP/2 is not supported; clients are answered by HTTP/1.1', { file: files[0] })
}
