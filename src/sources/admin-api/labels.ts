import type { ApiLabels, Generation } from '../../core/organization.ts'
import type { TokenClass } from '../../core/usage.ts'

/** The five dimensions: more than five the API refuses. */
export const DIMENSIONS = ['model', 'workspace_id', 'api_key_id', 'service_tier', 'context_window']

type Dimension = string | null | undefined

interface WireLabels {
  readonly model?: Dimension
  readonly workspace_id?: Dimension
  readonly api_key_id?: Dimension
  readonly service_tier?: Dimension
  readonly context_window?: Dimension
}

/** Dimensions of a row; what the API leaves null becomes a word. */
export function labelsOf(row: WireLabels, generation: Generation): ApiLabels {
  return {
    workspaceId: row.workspace_id ?? (generation === 'legacy' ? 'default' : 'none'),
    apiKeyId: row.api_key_id ?? 'none',
    model: row.model ?? 'none',
    serviceTier: row.service_tier ?? 'none',
    contextWindow: row.context_window ?? 'none',
  }
}

export function labelKey(labels: ApiLabels): readonly string[] {
  return [labels.workspaceId, labels.apiKeyId, labels.model, labels.serviceTier, labels.contextWindow]
}

const CLASSES: ReadonlyMap<string, TokenClass> = new Map([
  ['uncached_input_tokens', 'input'],
  ['cache_creation.ephemeral_5m_input_tokens', 'cache_write_5m'],
  ['cache_creation.ephemeral_1h_input_tokens', 'cache_write_1h'],
  ['cache_read_input_tokens', 'cache_read'],
  ['output_tokens', 'output'],
])

/** A TokenClass for the API's word; `none` for null, the word itself where this program does not know it. */
export function tokenTypeOf(type: Dimension): string {
  return type == null ? 'none' : (CLASSES.get(type) ?? type)
}
