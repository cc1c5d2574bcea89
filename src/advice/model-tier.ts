/** Families from the most able and expensive to the least; those of one tier cost about the same. */
const TIERS = [['mythos', 'fable'], ['opus'], ['sonnet'], ['haiku']] as const
const SMALLEST_TIER = TIERS.length - 1

interface Model {
  readonly id: string
  readonly family: string
  readonly tier: number
  readonly major: number
  readonly minor: number
}

export interface Candidate {
  readonly model: string
  /** `newer` of the same family, or the newest that is one tier `smaller`. */
  readonly kind: 'newer' | 'smaller'
  /** True in the smallest tier, whose models may cost more for long prompts. */
  readonly isSmallest: boolean
}

/**
 * The model to take instead: a newer one of the same family where that is cheaper, else the newest cheaper one a tier
 * below, of no earlier generation. Null where the ids given have none, and for ids that do not tell their family.
 */
export function cheaperModel(
  id: string,
  known: Iterable<string>,
  isCheaper: (candidate: string, isSmallest: boolean) => boolean,
): Candidate | null {
  const model = readModel(id)
  if (model === null) return null
  const others = [...known]
    .flatMap((name) => readModel(name) ?? [])
    .sort(compareNewest)
    .filter((other) => isCheaper(other.id, other.tier === SMALLEST_TIER))
  const newer = others.find((other) => other.family === model.family && compareNewest(other, model) < 0)
  if (newer !== undefined) return toCandidate(newer, 'newer')
  const smaller = others.find((other) => other.tier === model.tier + 1 && other.major >= model.major)
  return smaller === undefined ? null : toCandidate(smaller, 'smaller')
}

/** Reads `claude-opus-4-8`, `claude-opus-4-5-20251101` and `claude-3-5-haiku-20241022`. */
function readModel(id: string): Model | null {
  const [, family, major, minor] =
    /^claude-([a-z]+)-(\d{1,2})(?:-(\d{1,2}))?(?:-\d{8})?$/.exec(id) ?? inOldOrder(id) ?? []
  const tier = TIERS.findIndex((families) => families.some((name) => name === family))
  if (family === undefined || tier === -1) return null
  return { id, family, tier, major: Number(major), minor: Number(minor ?? 0) }
}

function inOldOrder(id: string): (string | undefined)[] | null {
  const match = /^claude-(\d{1,2})(?:-(\d{1,2}))?-([a-z]+)-\d{8}$/.exec(id)
  return match && ['', match[3], match[1], match[2]]
}

function compareNewest(a: Model, b: Model): number {
  return b.major - a.major || b.minor - a.minor || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
}

function toCandidate({ id, tier }: Model, kind: Candidate['kind']): Candidate {
  return { model: id, kind, isSmallest: tier === SMALLEST_TIER }
}
