import type { ApiLabels } from '../../core/organization.ts'
import { DAY_MS, HOUR_MS } from '../../core/time.ts'
import type { TokenCounts } from '../../core/usage.ts'
import { createRandom } from '../world/random.ts'
import { KEYS, WORKSPACES } from './names.ts'
import type { DemoRequest } from './requests.ts'

/** Something that uses the organisation without a log on this machine. */
interface Service {
  readonly labels: ApiLabels
  /** Requests to be expected in an hour of UTC. */
  readonly perHour: (hour: number, isWeekend: boolean) => number
  /** Of a middling request; single ones use from a half to one and a half of it. */
  readonly tokens: TokenCounts
  /** Share of requests that search the web (up to three times), and that run code for an hour. */
  readonly searching?: number
  readonly computing?: number
  /** Days after the world begins on which it is turned off; for ever without. */
  readonly days?: number
}

const atWork = (hour: number) => hour >= 7 && hour < 19

const SERVICES: readonly Service[] = [
  {
    labels: labels(WORKSPACES.production, KEYS.chat, 'claude-sonnet-5-5'),
    perHour: (hour, isWeekend) => (atWork(hour) ? 16 : 5) * (isWeekend ? 0.5 : 1),
    tokens: { input: 2_100, cacheWrite5m: 700, cacheWrite1h: 0, cacheRead: 9_000, output: 420 },
    searching: 0.02,
  },
  {
    labels: labels(WORKSPACES.production, KEYS.batch, 'claude-sonnet-5-5', 'batch'),
    perHour: (hour) => (hour === 2 ? 130 : 0),
    tokens: { input: 3_800, cacheWrite5m: 0, cacheWrite1h: 0, cacheRead: 0, output: 350 },
  },
  {
    labels: labels(WORKSPACES.production, KEYS.chat, 'claude-haiku-5-5', 'priority'),
    perHour: (hour) => (atWork(hour) ? 12 : 4),
    tokens: { input: 900, cacheWrite5m: 0, cacheWrite1h: 0, cacheRead: 4_000, output: 180 },
  },
  {
    labels: labels(WORKSPACES.research, KEYS.contracts, 'claude-opus-5-5', 'standard', '200k-1M'),
    perHour: (hour, isWeekend) => (atWork(hour) && !isWeekend ? 0.4 : 0),
    tokens: { input: 14_000, cacheWrite5m: 0, cacheWrite1h: 16_000, cacheRead: 400_000, output: 2_600 },
    searching: 0.6,
    computing: 0.5,
  },
  {
    labels: labels(WORKSPACES.default, KEYS.console, 'claude-opus-5-5'),
    perHour: (hour, isWeekend) => (atWork(hour) && !isWeekend ? 0.5 : 0),
    tokens: { input: 3_500, cacheWrite5m: 0, cacheWrite1h: 0, cacheRead: 0, output: 900 },
  },
  {
    labels: labels(WORKSPACES.prototype, KEYS.prototype, 'claude-haiku-5-5'),
    perHour: (hour, isWeekend) => (atWork(hour) && !isWeekend ? 9 : 1),
    tokens: { input: 5_000, cacheWrite5m: 900, cacheWrite1h: 0, cacheRead: 11_000, output: 600 },
    days: 25,
  },
]

/** Requests of the services from inclusive, to exclusive. `since`: when the world begins. Epoch milliseconds. */
export function serviceRequestsBetween(since: number, from: number, to: number): DemoRequest[] {
  const requests: DemoRequest[] = []
  for (let hour = Math.floor(from / HOUR_MS) * HOUR_MS; hour < to; hour += HOUR_MS) {
    for (const [index, service] of SERVICES.entries()) {
      if (service.days !== undefined && hour >= since + service.days * DAY_MS) continue
      for (const request of requestsInHour(service, index, hour)) {
        if (request.time >= from && request.time < to) requests.push(request)
      }
    }
  }
  return requests
}

function* requestsInHour(service: Service, index: number, start: number): Generator<DemoRequest> {
  const { labels, perHour, tokens, searching = 0, computing = 0 } = service
  const date = new Date(start)
  const { next, chance, within } = createRandom(`service ${index} ${start}`)
  const expected = perHour(date.getUTCHours(), date.getUTCDay() % 6 === 0)
  const count = Math.floor(expected * (0.6 + 0.8 * next()) + next())
  for (let number = 0; number < count; number++) {
    const time = start + Math.floor(next() * HOUR_MS)
    const size = 0.5 + next()
    const part = (mean: number) => Math.round(mean * size)
    yield {
      time,
      id: `service ${index} ${start} ${number}`,
      labels,
      tokens: {
        input: part(tokens.input),
        cacheWrite5m: part(tokens.cacheWrite5m),
        cacheWrite1h: part(tokens.cacheWrite1h),
        cacheRead: part(tokens.cacheRead),
        output: part(tokens.output),
      },
      webSearches: chance(searching) ? within([1, 3]) : 0,
      containerHours: chance(computing) ? 1 : 0,
    }
  }
}

function labels(
  workspaceId: string,
  apiKeyId: string,
  model: string,
  serviceTier = 'standard',
  contextWindow = '0-200k',
): ApiLabels {
  return { workspaceId, apiKeyId, model, serviceTier, contextWindow }
}
