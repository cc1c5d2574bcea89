/** How a release of Claude Code writes its log, as far as it matters to a reader. */
export interface Release {
  readonly version: string
  /** Share of the sessions. */
  readonly weight: number
  /** Which lines of a response carry the final output count and the stop reason. */
  readonly finalCounts: 'never' | 'last line' | 'all lines'
  /** Before 2.1.80 the envelope (folder, session, version) stands before the message, later behind it. */
  readonly envelope: 'first' | 'last'
  /** `usage` with `iterations`, `speed` and `server_tool_use`. */
  readonly hasIterations: boolean
  /** A live echo of a sub-agent's lines in the transcript of its parent. */
  readonly hasAgentProgress: boolean
  /** Copied lines name the session that paid. */
  readonly hasRequestSession: boolean
}

const OLD = {
  envelope: 'first',
  hasIterations: false,
  hasAgentProgress: true,
  hasRequestSession: false,
} as const
const NEW = {
  finalCounts: 'all lines',
  envelope: 'last',
  hasIterations: true,
  hasAgentProgress: false,
  hasRequestSession: false,
} as const

export const RELEASES: readonly Release[] = [
  { ...OLD, version: '2.1.4', weight: 4, finalCounts: 'last line' },
  { ...OLD, version: '2.1.19', weight: 6, finalCounts: 'never' },
  { ...OLD, version: '2.1.50', weight: 6, finalCounts: 'never' },
  { ...OLD, version: '2.1.74', weight: 9, finalCounts: 'last line' },
  { ...NEW, version: '2.1.126', weight: 20 },
  { ...NEW, version: '2.1.212', weight: 25 },
  { ...NEW, version: '2.1.329', weight: 30, hasRequestSession: true },
]

export interface Model {
  readonly id: string
  /** Reached through a gateway of another vendor: no request ids, and a first line with counts that are only guesses. */
  readonly isProxied: boolean
}

export const MAIN_MODELS: readonly (Model & { readonly weight: number })[] = [
  { id: 'claude-opus-4-8', weight: 30, isProxied: false },
  { id: 'claude-opus-5', weight: 25, isProxied: false },
  { id: 'claude-sonnet-5', weight: 25, isProxied: false },
  { id: 'claude-sonnet-4-6', weight: 10, isProxied: false },
  { id: 'orchard-coder-2', weight: 6, isProxied: true },
]

/** Sub-agents, each with the model its definition asks for. */
export const AGENT_TYPES = [
  { name: 'Explore', weight: 45, model: direct('claude-haiku-4-5-20251001') },
  { name: 'general-purpose', weight: 20, model: direct('claude-opus-4-8') },
  { name: 'Plan', weight: 10, model: direct('claude-sonnet-5') },
  { name: 'code-reviewer', weight: 15, model: direct('claude-sonnet-5') },
  { name: 'test-runner', weight: 10, model: direct('claude-haiku-5-5') },
] as const

function direct(id: string): Model {
  return { id, isProxied: false }
}
