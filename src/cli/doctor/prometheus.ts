import * as z from 'zod/mini'
import { ALERT_GROUPS, RECORDING_GROUPS } from '../../alerts/catalogue.ts'
import { AskError, type Asker, createAsker } from './ask.ts'
import { type Fault, failedHop, type Hop, judgeHop } from './hop.ts'

const NAME = 'Prometheus'
/** The job of the scrape configuration that comes with the exporter; alerts and the history import know this name. */
const JOB = 'claude-usage-exporter'
/** A month and the one before it, so that months can be compared. */
const MIN_RETENTION_DAYS = 62

const target = z.object({
  labels: z.object({ job: z._default(z.string(), ''), instance: z._default(z.string(), '') }),
  scrapeUrl: z.string(),
  health: z.string(),
  lastError: z._default(z.string(), ''),
})
const targets = z.object({ data: z.object({ activeTargets: z.array(target) }) })
const ruleState = z.object({ health: z.optional(z.string()), name: z._default(z.string(), '') })
const rules = z.object({
  data: z.object({ groups: z.array(z.object({ name: z.string(), rules: z.array(ruleState) })) }),
})
const runtime = z.object({ data: z.object({ storageRetention: z._default(z.string(), '') }) })
const alertmanagers = z.object({ data: z.object({ activeAlertmanagers: z.array(z.object({ url: z.string() })) }) })

type Target = z.infer<typeof target>

/**
 * Asks a Prometheus whether it scrapes the exporter, knows the rules and keeps enough.
 *
 * @param exporter where the exporter answers; null where that is not known
 */
export async function prometheusHop(url: URL, exporter: URL | null): Promise<Hop> {
  const asker = createAsker(url)
  try {
    const { data } = await asker.json('/api/v1/targets?state=active', targets)
    const own = data.activeTargets.filter((found) => isOurs(found, exporter))
    const [first] = own
    if (first === undefined) {
      const seen = `${url.origin} scrapes ${data.activeTargets.length} targets, none of them is the exporter`
      return failedHop(
        NAME,
        seen,
        `Add a scrape job ${JOB} with ${exporter?.host ?? 'the address of the exporter'} (prometheus/prometheus.yml is one).`,
      )
    }
    const faults = [
      ...targetFaults(own),
      ...(await ruleFaults(asker)),
      ...(await retentionFaults(asker)),
      ...(await alertingFaults(asker)),
    ]
    const { job, instance } = first.labels
    return judgeHop(
      NAME,
      `${url.origin} scrapes ${instance} as job ${job}; rules are loaded, its history is long enough`,
      faults,
    )
  } catch (error) {
    if (!(error instanceof AskError)) throw error
    return failedHop(NAME, `${url.origin}: ${error.message}`, 'Start it, or name the right address with --prometheus.')
  }
}

function isOurs({ labels, scrapeUrl }: Target, exporter: URL | null): boolean {
  if (labels.job === JOB) return true
  if (exporter === null || !URL.canParse(scrapeUrl)) return false
  return new URL(scrapeUrl).port === exporter.port
}

function targetFaults(own: readonly Target[]): Fault[] {
  const faults: Fault[] = []
  for (const { health, lastError, scrapeUrl, labels } of own) {
    if (health === 'down') {
      const seen = `it cannot scrape ${scrapeUrl}: ${lastError.slice(0, 200)}`
      faults.push({
        state: 'failed',
        seen,
        remedy:
          'From where Prometheus runs, the address must reach the exporter: see web.listen_address and web.allowed_hosts.',
      })
    } else if (health !== 'up') {
      faults.push({
        state: 'warning',
        seen: `${scrapeUrl} was not scraped yet`,
        remedy: 'Wait for one scrape interval.',
      })
    }
    if (labels.job !== JOB) {
      const seen = `the job is called ${labels.job}, not ${JOB}`
      faults.push({
        state: 'warning',
        seen,
        remedy: `Rename the job, or ClaudeExporterDown never fires and a history needs \`backfill --job ${labels.job}\`.`,
      })
    }
  }
  if (new Set(own.map(({ scrapeUrl }) => scrapeUrl)).size < own.length) {
    faults.push({
      state: 'warning',
      seen: 'it scrapes the exporter twice',
      remedy: 'Take one of the two scrape jobs out: sums over both count everything twice.',
    })
  }
  return faults
}

async function ruleFaults(asker: Asker): Promise<Fault[]> {
  const wanted = [...RECORDING_GROUPS, ...ALERT_GROUPS].map(({ name }) => name)
  const query = wanted.map((name) => `rule_group[]=${encodeURIComponent(name)}`).join('&')
  const { data } = await asker.json(`/api/v1/rules?exclude_alerts=true&${query}`, rules)
  const loaded = new Map(data.groups.map((group) => [group.name, group]))
  const missing = wanted.filter((name) => !loaded.has(name))
  const faults: Fault[] = []
  if (missing.length > 0) {
    const seen =
      missing.length === wanted.length ? 'the rules are not loaded' : `rules are missing: ${missing.join(', ')}`
    faults.push({
      state: 'warning',
      seen,
      remedy: 'Add prometheus/rules/recording.yml and alerts.yml to its rule_files and reload it.',
    })
  }
  const broken = wanted.flatMap((name) => (loaded.get(name)?.rules ?? []).filter(({ health }) => health === 'err'))
  if (broken.length > 0) {
    const names = broken
      .slice(0, 3)
      .map(({ name }) => name)
      .join(', ')
    faults.push({
      state: 'warning',
      seen: `${broken.length} rules fail (${names})`,
      remedy: `${NAME}'s page of rules tells why; load the rule files of this version.`,
    })
  }
  return faults
}

async function retentionFaults(asker: Asker): Promise<Fault[]> {
  const { storageRetention } = (await asker.json('/api/v1/status/runtimeinfo', runtime)).data
  const days = retentionDays(storageRetention)
  if (days === null || days >= MIN_RETENTION_DAYS) return []
  const seen = `it forgets after ${storageRetention}`
  return [{ state: 'warning', seen, remedy: 'Start it with --storage.tsdb.retention.time=400d to compare months.' }]
}

const DAYS = { y: 365, w: 7, d: 1, h: 1 / 24, m: 1 / 1_440, s: 1 / 86_400 } as const

/** Days of a retention such as `15d` or `1y2w or 10GiB`; null where it names no time. */
export function retentionDays(text: string): number | null {
  const [time] = /^(\d+(?:\.\d+)?(?:ms|[ywdhms]))+/.exec(text) ?? []
  if (time === undefined) return null
  let days = 0
  for (const [, amount, unit] of time.matchAll(/(\d+(?:\.\d+)?)(ms|[ywdhms])/g)) {
    if (unit !== 'ms') days += Number(amount) * DAYS[unit as keyof typeof DAYS]
  }
  return days
}

async function alertingFaults(asker: Asker): Promise<Fault[]> {
  const { activeAlertmanagers } = (await asker.json('/api/v1/alertmanagers', alertmanagers)).data
  if (activeAlertmanagers.length > 0) return []
  return [
    {
      state: 'warning',
      seen: 'it sends alerts to nobody',
      remedy: 'Name an Alertmanager under alerting in its configuration, or use notices (`notify`).',
    },
  ]
}
