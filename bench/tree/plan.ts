import type { Length } from './conversation.ts'
import { word } from './filler.ts'
import { Random } from './random.ts'
import { AGENT_TYPES, MAIN_MODELS, RELEASES } from './releases.ts'
import type { Session } from './session.ts'
import { divideLogNormal, divideWhole } from './sizes.ts'

const DAY_MS = 24 * 60 * 60 * 1000
const HUGE_LINES_FROM_BYTES = 8_000_000
/** Spread of file sizes: the median is a sixth of the mean and a twentieth of the files holds half of the bytes. */
const BYTES_SIGMA = 1.9
const RESPONSES_SIGMA = 1.1

export interface TreeOptions {
  /** Folder that gets `projects/` and `truth.json`. */
  readonly directory: string
  readonly seed: number
  /** Number of `.jsonl` files. */
  readonly files: number
  /** Size of all log files, about; null where `responses` decides. */
  readonly bytes: number | null
  /** Distinct responses, exactly; null where `bytes` decides. */
  readonly responses: number | null
  readonly projects: number
  /** Lines are spread over the 60 days before this, in epoch milliseconds. */
  readonly nowMs: number
  /** Short lines and few of them per response, where their number matters and not their size. */
  readonly isCompact: boolean
}

export interface FilePlan {
  readonly session: Session
  readonly length: Length
  /** Seed of the conversation; the same seed and session give the same lines. */
  readonly stream: number
}

export interface SessionPlan {
  readonly main: FilePlan
  readonly agents: readonly FilePlan[]
  /** The session this one begins with a copy of. */
  readonly forkOf: FilePlan | null
}

/** Decides what every file of a tree holds, without writing any. */
export function planTree(options: TreeOptions): SessionPlan[] {
  const random = new Random(options.seed)
  const lengths = planLengths(options, random)
  const projects = Array.from({ length: options.projects }, (_, index) => `${word(random)}-${word(random)}-${index}`)
  const plans: SessionPlan[] = []
  /** Sessions that a later one may be a fork of. Agents would make the copy depend on what they wrote. */
  const originals: FilePlan[] = []
  let stream = 0
  const next = (session: Session): FilePlan => {
    const length = lengths.pop()
    if (length === undefined) throw new RangeError('more files than lengths')
    return {
      session: { ...session, hasHugeLines: options.bytes !== null && length.bytes > HUGE_LINES_FROM_BYTES },
      length,
      stream: ++stream,
    }
  }
  while (lengths.length > 0) {
    const main = next(planSession(options, random.pick(projects), random))
    const agentCount = random.chance(0.35) ? Math.min(lengths.length, 1 + random.below(9)) : 0
    const agents = Array.from({ length: agentCount }, () => next(planAgent(main.session, random)))
    const isFork = agentCount === 0 && originals.length > 0 && random.chance(0.06)
    if (isFork) {
      const forkOf = random.pick(originals)
      const { id } = main.session
      plans.push({ main: { ...main, session: { ...forkOf.session, id } }, agents, forkOf })
    } else {
      plans.push({ main, agents, forkOf: null })
      if (agentCount === 0) originals.push(main)
    }
  }
  return plans
}

function planLengths({ files, bytes, responses }: TreeOptions, random: Random): Length[] {
  if (responses !== null) {
    return divideWhole(responses, files, RESPONSES_SIGMA, random).map((part) => ({ bytes: Infinity, responses: part }))
  }
  if (bytes === null) throw new RangeError('a tree needs a size: bytes or responses')
  return divideLogNormal(bytes, files, BYTES_SIGMA, random).map((part) => ({ bytes: part, responses: Infinity }))
}

function planSession({ nowMs, isCompact }: TreeOptions, project: string, random: Random): Session {
  return {
    id: random.uuid(),
    cwd: `/home/dev/src/${project}`,
    branch: random.chance(0.6) ? 'main' : `feature/${word(random)}`,
    release: random.pickWeighted(RELEASES),
    model: random.pickWeighted(MAIN_MODELS),
    startMs: nowMs - Math.round(random.next() * 60 * DAY_MS),
    endMs: nowMs,
    agentId: null,
    agentType: '',
    copyOf: null,
    cacheLifetime: random.chance(0.85) ? '1h' : '5m',
    isCompact,
    hasHugeLines: false,
  }
}

function planAgent(parent: Session, random: Random): Session {
  const { name, model } = random.pickWeighted(AGENT_TYPES)
  return {
    ...parent,
    model: parent.model.isProxied ? parent.model : model,
    startMs: Math.min(parent.endMs, parent.startMs + random.below(3 * 60 * 60 * 1000)),
    agentId: `a${random.hex(16)}`,
    agentType: name,
    cacheLifetime: '5m',
  }
}
