import * as z from 'zod/mini'
import { AskError, createAsker, statusText } from './ask.ts'
import { type Fault, failedHop, type Hop, judgeHop } from './hop.ts'

const NAME = 'Grafana'

/** The dashboards of `grafana/generated`. */
export const DASHBOARD_UIDS = ['overview', 'budgets', 'cache', 'projects', 'billing', 'health'].map(
  (name) => `claude-usage-${name}`,
)

const health = z.object({ database: z._default(z.string(), ''), version: z._default(z.string(), '') })
const found = z.array(z.object({ uid: z.string() }))

/** Asks a Grafana whether it runs and has the dashboards. */
export async function grafanaHop(url: URL, token: string | undefined): Promise<Hop> {
  const asker = createAsker(url, token === undefined ? {} : { token })
  try {
    const { database, version } = await asker.json('/api/health', health)
    if (database !== 'ok') {
      return failedHop(NAME, `${url.origin}: its database is ${database || 'unknown'}`, "Look at Grafana's own log.")
    }
    const query = DASHBOARD_UIDS.map((uid) => `dashboardUIDs=${uid}`).join('&')
    const answer = await asker.get(`/api/search?type=dash-db&${query}`)
    if (answer.status !== 200) {
      const faults: Fault[] = [
        {
          state: 'warning',
          seen: `${url.origin} runs version ${version}, but its dashboards were not looked at: ${statusText(answer.status)}`,
          remedy: 'Give a service account token that may view them with --grafana-token-file.',
        },
      ]
      return judgeHop(NAME, '', faults)
    }
    return judgeHop(NAME, `${url.origin} runs version ${version} and has all dashboards`, dashboardFaults(answer.text))
  } catch (error) {
    if (!(error instanceof AskError)) throw error
    return failedHop(NAME, `${url.origin}: ${error.message}`, 'Start it, or name the right address with --grafana.')
  }
}

function dashboardFaults(text: string): Fault[] {
  const parsed = found.safeParse(parseJson(text))
  if (!parsed.success) throw new AskError('the answer is not what this API promises')
  const there = new Set(parsed.data.map(({ uid }) => uid))
  const missing = DASHBOARD_UIDS.filter((uid) => !there.has(uid))
  if (missing.length === 0) return []
  const seen =
    missing.length === DASHBOARD_UIDS.length
      ? 'it has none of the dashboards'
      : `dashboards are missing: ${missing.join(', ')}`
  return [
    {
      state: 'failed',
      seen,
      remedy: 'Import the files of grafana/generated, or provision that folder (grafana/README.md).',
    },
  ]
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
