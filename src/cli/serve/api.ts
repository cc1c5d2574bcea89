import type { Api } from '../../api/create-api.ts'
import type { App } from '../../app.ts'
import type { Config } from '../../config/config.ts'
import { VERSION } from '../../lib/version.ts'

/** The parts of the exporter that the API needs. */
export type ApiApp = Pick<App, 'snapshot' | 'ledger' | 'pricing' | 'clock' | 'readableSources' | 'readNow'>

/** Gives the API, which is loaded and made on the first occasion: its schemas take time that a start does not have. */
export function lazyApi({ timeZone }: Pick<Config, 'timeZone'>, app: ApiApp): () => Promise<Api> {
  let api: Promise<Api> | undefined
  return () => {
    api ??= import('../../api/create-api.ts').then(({ createApi }) =>
      createApi({
        snapshot: () => app.snapshot(),
        ledger: app.ledger,
        modelName: (id) => app.pricing.name(id).model,
        now: () => app.clock.now(),
        timeZone,
        version: VERSION,
        sync: { sources: () => app.readableSources, read: (source) => app.readNow(source) },
      }),
    )
    return api
  }
}
