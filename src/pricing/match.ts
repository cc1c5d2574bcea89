import { BoundedMap } from '../lib/bounded-map.ts'
import type { ModelRow } from './models.ts'
import type { ModelName } from './pricing.ts'

/** A model id as the program understands it. */
export interface Match {
  readonly name: ModelName
  /** Null for a model without a price. */
  readonly row: ModelRow | null
  /** True unless the id names a partner cloud, where the first party's surcharges do not exist. */
  readonly isFirstParty: boolean
  /** True for a Bedrock id that is bound to a region. */
  readonly isRegional: boolean
  /** True where the id itself asks for fast mode. */
  readonly isFast: boolean
}

/** Ids are text from log files: the memory spent on remembering them is bounded. */
const MAX_REMEMBERED_IDS = 2_000
const MAX_ID_LENGTH = 256

/**
 * Reads model ids. An id matches a known one exactly, or after a decoration of a known kind was taken off; never by
 * prefix, because `claude-opus-4` is not `claude-opus-4-8`.
 */
export function createMatcher(
  known: ReadonlyMap<string, ModelRow>,
  aliases: ReadonlyMap<string, string>,
): (id: string) => Match {
  const remembered = new BoundedMap<string, Match>(MAX_REMEMBERED_IDS)
  return (id) => {
    const found = remembered.get(id)
    if (found) return found
    const match = matchId(id, known, aliases)
    if (id.length <= MAX_ID_LENGTH) remembered.set(id, match)
    return match
  }
}

function matchId(text: string, known: ReadonlyMap<string, ModelRow>, aliases: ReadonlyMap<string, string>): Match {
  const logged = text.trim() || 'unknown'
  const alias = aliases.get(logged) ?? aliases.get(withoutWindow(logged))
  const id = alias ?? logged
  const bare = withoutWindow(id)
  const { provider, spellings, isRegional, isFast } = readShape(bare)
  const row = firstKnown([id, bare, ...spellings], known)
  return {
    name: { model: row?.id ?? id, provider },
    row,
    isFirstParty: provider !== 'amazon-bedrock' && provider !== 'google-vertex',
    isRegional,
    isFast,
  }
}

/** Claude Code appends the context window it asks for; it does not change the model. */
function withoutWindow(id: string): string {
  return id.replace(/\[1m\]$/i, '')
}

interface IdShape {
  readonly provider: string
  /** What the platform's id may be called in the price table, most likely first. */
  readonly spellings: readonly string[]
  readonly isRegional: boolean
  readonly isFast: boolean
}

function readShape(id: string): IdShape {
  const plain = { spellings: [id], isRegional: false, isFast: false }
  if (id.length > MAX_ID_LENGTH) return { ...plain, provider: 'unknown' }
  return (
    readBedrock(id) ??
    readVertex(id) ??
    readGateway(id) ?? { ...plain, provider: id.startsWith('claude-') ? 'anthropic' : 'unknown' }
  )
}

// Shapes of https://docs.aws.amazon.com/bedrock/latest/userguide/models-supported.html and inference-profiles-support.html
const BEDROCK_ARN = /^arn:aws[a-z-]*:bedrock:/
const BEDROCK =
  /^(?:arn:[^/]+\/)?(?:(global|us|eu|apac|au|jp|ca|us-gov)\.)?anthropic\.(claude-[a-z0-9.-]+?)(?:-v\d+(?::\d+)?)?(?::\d+k)?$/

function readBedrock(id: string): IdShape | null {
  const [, region = 'global', model] = BEDROCK.exec(id) ?? []
  if (model === undefined && !BEDROCK_ARN.test(id)) return null
  const spellings = model === undefined ? [] : [model]
  return { provider: 'amazon-bedrock', spellings, isRegional: region !== 'global', isFast: false }
}

// Shapes of https://cloud.google.com/vertex-ai/generative-ai/docs/partner-models/claude
const VERTEX = /^(claude-[a-z0-9.-]+?)(?:-v\d+)?@(\d{8}|default|latest)$/

function readVertex(id: string): IdShape | null {
  const [, model, date = ''] = VERTEX.exec(id) ?? []
  if (model === undefined) return null
  const spelling = /^\d/.test(date) ? `${model}-${date}` : model
  return { provider: 'google-vertex', spellings: [spelling], isRegional: false, isFast: false }
}

const GATEWAY = /^(?:(vercel|openrouter)\/)?(anthropic)\/(claude-[a-z0-9.-]+?)(-fast)?(?::[a-z]+)*$/

function readGateway(id: string): IdShape | null {
  const [, gateway, vendor, model, fast] = GATEWAY.exec(id) ?? []
  if (vendor === undefined || model === undefined) return null
  // Gateways write `claude-opus-4.8`; the oldest models have the dot in their own name.
  const spellings = [model, model.replaceAll('.', '-')]
  return { provider: gateway ?? vendor, spellings, isRegional: false, isFast: fast !== undefined }
}

function firstKnown(spellings: readonly string[], known: ReadonlyMap<string, ModelRow>): ModelRow | null {
  for (const spelling of spellings) {
    const row = known.get(spelling)
    if (row) return row
  }
  for (const spelling of spellings) {
    const row = known.get(spelling.replace(/-20\d{6}$/, ''))
    if (row) return row
  }
  return null
}
