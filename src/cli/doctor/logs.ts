import type { Config } from '../../config/config.ts'
import { enabledSources } from '../../config/enabled-sources.ts'
import { configuredSources } from '../../configured-sources.ts'
import type { SourceName } from '../../core/usage.ts'
import type { Ledger, SourceTally } from '../../ledger/ledger.ts'
import type { Machine } from '../../sources/create-sources.ts'
import type { Source } from '../../sources/source.ts'
import { formatCount } from '../terminal/figures.ts'
import { type Fault, type Hop, judgeHop, skippedHop } from './hop.ts'

const LIMIT_MS = 5_000
/** Rejected lines beyond this part of all lines are more than a torn line now and then. */
const MANY_REJECTED = 0.01

export interface LogHops {
  readonly hops: readonly Hop[]
  /** Agents that are not installed, beside others that are. */
  readonly absent: ReadonlySet<SourceName>
}

/** Looks for the logs of each agent; nothing is stored. */
export async function logHops(config: Config, machine: Machine, ledger: Ledger | null): Promise<LogHops> {
  const enabled = enabledSources(config)
  if (enabled.length === 0)
    return { hops: [skippedHop('Session logs', 'all agents are switched off (sources.*.enabled)')], absent: new Set() }
  const tallies = new Map((await ledger?.tallies())?.map((tally) => [tally.source, tally]))
  const sources = configuredSources(config, machine)
  const found = await Promise.all(sources.map((source) => lookFor(source)))
  const isAnyFound = found.some(({ roots }) => roots.some(({ state }) => state !== 'missing'))
  const hops = sources.map((source, index) =>
    sourceHop(source.name, found[index]?.roots ?? [], { tally: tallies.get(source.name), isAnyFound }),
  )
  const absent = sources.filter((_, index) => hops[index]?.state === 'skipped').map(({ name }) => name)
  return { hops, absent: new Set(absent) }
}

type Roots = ReturnType<Source['status']>['roots']

/** Where logs are, without reading more than the first of them. */
async function lookFor(source: Source): Promise<{ readonly roots: Roots }> {
  for await (const _ of source.read({ signal: AbortSignal.timeout(LIMIT_MS) })) break
  return source.status()
}

const SETTINGS: Readonly<Record<SourceName, string>> = {
  'claude-code': 'sources.claude_code.roots',
  openclaw: 'sources.openclaw.roots',
  pi: 'sources.pi.roots',
}

interface SourceFacts {
  readonly tally: SourceTally | undefined
  /** Whether the folder of any agent exists. */
  readonly isAnyFound: boolean
}

function sourceHop(name: SourceName, roots: Roots, { tally, isAnyFound }: SourceFacts): Hop {
  const there = roots.filter(({ state }) => state !== 'missing')
  const hop = `Logs of ${name}`
  if (there.length === 0) {
    const looked = roots.map(({ path }) => path).join(', ')
    if (isAnyFound) return skippedHop(hop, `not installed: there is no ${looked}`)
    const remedy = `Run the agent once as this user, or name its folders in ${SETTINGS[name]}.`
    return { name: hop, state: 'failed', seen: `no folder of logs: looked for ${looked}`, remedy }
  }
  const faults = there.flatMap(({ path, state, problem }): Fault[] => {
    if (state === 'ok') return []
    const seen = `${path}: ${problem ?? state}`
    return [{ state: 'failed', seen, remedy: 'Make it readable for the user that the exporter runs as.' }]
  })
  const lines = tally?.lines ?? 0
  const rejected = Object.entries(tally?.rejected ?? {}).filter(([, count]) => count > 0)
  const sum = rejected.reduce((total, [, count]) => total + count, 0)
  if (lines > 0 && sum / lines > MANY_REJECTED) {
    const reasons = rejected.map(([reason, count]) => `${reason} ${formatCount(count)}`).join(', ')
    faults.push({
      state: 'warning',
      seen: `${formatCount(sum)} of ${formatCount(lines)} lines were rejected (${reasons})`,
      remedy: 'A newer version of the exporter may know this format; --log.level debug tells of single lines.',
    })
  }
  const folders = there.map(({ path }) => path).join(', ')
  const read =
    tally === undefined ? 'no line read yet' : `${formatCount(lines)} lines read, ${formatCount(sum)} rejected`
  return judgeHop(hop, `${folders}; ${read}`, faults)
}
