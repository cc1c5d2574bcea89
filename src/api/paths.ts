/** What can be read, in the order in which paths are matched. Words in braces stand for one part of a path. */
export const READ_PATHS = [
  '/api/usage/summary',
  '/api/usage/{provider}',
  '/api/status',
  '/api/budgets',
  '/api/sessions',
  '/api/projects',
  '/api/agents',
  '/api/models',
  '/api/machines',
  '/api/alerts',
  '/api/advice',
  '/api/windows',
  '/api/runs',
  '/api/sources',
  '/api/prices',
  '/api/chargeback',
  '/api/openapi.json',
  '/openapi.json',
  '/claude-usage.json',
] as const
export type ReadPath = (typeof READ_PATHS)[number]

/** What starts something. */
export const ACTION_PATHS = ['/api/usage/sync-anthropic', '/api/sync/{source}'] as const
export type ActionPath = (typeof ACTION_PATHS)[number]
