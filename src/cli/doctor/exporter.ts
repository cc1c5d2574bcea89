import type { Config } from '../../config/config.ts'
import { AskError, createAsker, statusText } from './ask.ts'
import { type Fault, failedHop, type Hop, judgeHop, skippedHop } from './hop.ts'

const NAME = 'Exporter'

/** Where the exporter of this configuration answers on this machine; null where its port is not known beforehand. */
export function exporterUrl({ web }: Config): URL | null {
  const [address] = web.listenAddress
  if (address === undefined || address.port === 0) return null
  const everywhere = ['', '0.0.0.0', '::', '[::]'].includes(address.host)
  const host = everywhere ? '127.0.0.1' : address.host.includes(':') ? `[${address.host}]` : address.host
  return new URL(`http://${host}:${address.port}`)
}

interface ExporterFacts {
  readonly telemetryPath: string
  /** Agents that are not installed here: that the exporter does not read them is no fault. */
  readonly absent: ReadonlySet<string>
}

/** Asks the running exporter whether it is ready and what it says of itself. */
export async function exporterHop(url: URL | null, { telemetryPath, absent }: ExporterFacts): Promise<Hop> {
  if (url === null) return skippedHop(NAME, 'web.listen_address has no fixed port: --exporter names its address')
  const asker = createAsker(url)
  try {
    const ready = await asker.get('/-/ready')
    if (ready.status === 503) {
      return failedHop(NAME, `${url.origin} is starting or stopping`, 'Wait a moment; its log tells what it waits for.')
    }
    if (ready.status === 401) return lockedHop(url)
    if (ready.status !== 200) return failedHop(NAME, `${url.origin}: ${statusText(ready.status)}`, OTHER_PROGRAM)
    const metrics = await asker.get(telemetryPath)
    if (metrics.status !== 200) {
      return failedHop(NAME, `${url.origin}${telemetryPath}: ${statusText(metrics.status)}`, 'Its log tells why.')
    }
    return judgeHop(NAME, `${url.origin} is ready, ${telemetryPath} has everything`, metricFaults(metrics.text, absent))
  } catch (error) {
    if (!(error instanceof AskError)) throw error
    const remedy = 'Start it (`claude-usage-exporter`), or name its address with --exporter.'
    return failedHop(NAME, `${url.origin}: ${error.message}`, remedy)
  }
}

const OTHER_PROGRAM = 'Another program may be at this address: --exporter names the right one.'

/** Behind `web.config_file`; this program does not know the passwords, only their hashes. */
function lockedHop({ origin }: URL): Hop {
  return judgeHop(NAME, '', [
    {
      state: 'warning',
      seen: `${origin} runs and asks for a login, so its metrics were not looked at`,
      remedy: 'Nothing, where Prometheus has the login: --prometheus tells.',
    },
  ])
}

/** What `/metrics` says is wrong, the worst first. */
function metricFaults(text: string, absent: ReadonlySet<string>): Fault[] {
  const faults: Fault[] = []
  const values = samples(text)
  if (!values.has('claude_exporter_build_info')) {
    faults.push({ state: 'failed', seen: 'the metrics are of another program', remedy: OTHER_PROGRAM })
    return faults
  }
  if (lowest(values.get('claude_exporter_ledger_up')) === 0) {
    faults.push({
      state: 'failed',
      seen: 'its ledger does not take what it reads',
      remedy: 'Look at free disk space and at its log.',
    })
  }
  const down = (values.get('claude_exporter_source_up') ?? [])
    .filter(({ value }) => value === 0)
    .map(({ labels }) => /source="([^"]*)"/.exec(labels)?.[1] ?? 'a source')
    .filter((source) => !absent.has(source))
  if (down.length > 0) {
    const seen = `it cannot read ${down.join(', ')}`
    faults.push({ state: 'warning', seen, remedy: '`runs --failed` and its log tell why.' })
  }
  if (lowest(values.get('claude_exporter_load_complete')) === 0) {
    faults.push({
      state: 'warning',
      seen: 'it is still loading older logs',
      remedy: 'Wait until that is done: until then the counters are left out.',
    })
  }
  return faults
}

interface Sample {
  readonly labels: string
  readonly value: number
}

function samples(text: string): Map<string, Sample[]> {
  const found = new Map<string, Sample[]>()
  for (const line of text.split('\n')) {
    const [, name, labels = '', value] =
      /^(claude_exporter_(?:build_info|ledger_up|source_up|load_complete))(\{.*\})? (\S+)/.exec(line) ?? []
    if (name === undefined) continue
    const list = found.get(name) ?? []
    found.set(name, list)
    list.push({ labels, value: Number(value) })
  }
  return found
}

function lowest(list: readonly Sample[] | undefined): number | null {
  return list === undefined ? null : Math.min(...list.map(({ value }) => value))
}
