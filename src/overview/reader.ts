import type { Api } from '../api/create-api.ts'
import { waited } from '../lib/wait.ts'
import type { Overview } from './overview.ts'

/** So often it is looked whether the history is read at last. */
const LOOK_MS = 1_000

export type OverviewApi = Pick<Api, 'context' | 'inTurn'>

/**
 * Gives everything that is shown as of now, once the history is read; null where it is aborted before that. Those who
 * ask at the same time get the same. Rejects with LedgerError, and with ApiProblem where too many others ask.
 */
export function overviewReader(api: () => Promise<OverviewApi>): (signal: AbortSignal) => Promise<Overview | null> {
  let reading: Promise<Overview> | null = null

  const readNow = async ({ context, inTurn }: OverviewApi) => {
    const { readOverview } = await import('./read.ts')
    return inTurn(() => readOverview(context()))
  }

  return async (signal) => {
    const asked = await api()
    while (!asked.context().current.complete) {
      if (!(await waited(LOOK_MS, signal))) return null
    }
    if (signal.aborted) return null
    reading ??= readNow(asked).finally(() => {
      reading = null
    })
    return reading
  }
}
