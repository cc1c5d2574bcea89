import type { ClaudeCodeModel, ClaudeCodeRow } from '../../../core/organization.ts'
import type { StoredClaudeCodeRow } from '../../organization.ts'
import { fromAmount } from '../amount.ts'
import type { Rows } from '../store.ts'
import { compareTexts } from '../text.ts'

/** Columns that tell the rows of a report apart, besides the organisation. */
export const KEY = ['start', 'actor_type', 'actor', 'terminal', 'is_remote', 'customer_type', 'subscription_type']
export const COUNTS = [
  'sessions',
  'lines_added',
  'lines_removed',
  'commits',
  'pull_requests',
  'edits_accepted',
  'edits_rejected',
]
export const MODEL = ['model', 'input', 'output', 'cache_read', 'cache_write', 'estimated_usd', 'estimated_pico']

/** Rows of all organisations whose day begins within the range, by organisation and day. */
export async function readClaudeCode(
  rows: Rows,
  range: { readonly from: number; readonly to: number },
): Promise<StoredClaudeCodeRow[]> {
  const days = await readDays(rows, range)
  return days.map(({ organization, row }) => ({ organization, ...row }))
}

interface DayQuery {
  readonly from: number
  readonly to: number
  readonly organization?: string
}

export async function readDays(rows: Rows, { from, to, organization }: DayQuery) {
  const where = `start >= ? AND start < ?${organization === undefined ? '' : ' AND organization = ?'}`
  const parameters = organization === undefined ? [from, to] : [from, to, organization]
  const models = await readModels(rows, where, parameters)
  const found = await rows.all(
    `SELECT id, width, organization, ${[...KEY, ...COUNTS].join(', ')} FROM claude_code_day WHERE ${where}`,
    ...parameters,
  )
  return found
    .map(([id, width, name, ...cells]) => ({
      id: Number(id),
      width: Number(width),
      organization: String(name),
      row: dayFrom(cells, models.get(Number(id)) ?? []),
    }))
    .sort((a, b) => compareTexts(a.organization, b.organization) || a.row.start - b.row.start || a.id - b.id)
}

async function readModels(
  rows: Rows,
  where: string,
  parameters: readonly unknown[],
): Promise<ReadonlyMap<number, readonly ClaudeCodeModel[]>> {
  const models = new Map<number, ClaudeCodeModel[]>()
  const found = await rows.all(
    `SELECT day_id, ${MODEL.join(', ')} FROM claude_code_model
     WHERE day_id IN (SELECT id FROM claude_code_day WHERE ${where})`,
    ...parameters,
  )
  for (const [day, model, input, output, cacheRead, cacheWrite, usd, pico] of found) {
    const list = models.get(Number(day)) ?? []
    models.set(Number(day), list)
    list.push({
      model: String(model),
      input: Number(input),
      output: Number(output),
      cacheRead: Number(cacheRead),
      cacheWrite: Number(cacheWrite),
      estimatedPico: fromAmount(usd, pico),
    })
  }
  for (const list of models.values()) list.sort((a, b) => compareTexts(a.model, b.model))
  return models
}

/** Cells in the order of KEY and COUNTS. */
function dayFrom(cells: readonly unknown[], models: readonly ClaudeCodeModel[]): ClaudeCodeRow {
  const [start, actorType, actor, terminal, isRemote, customerType, subscriptionType, ...counts] = cells
  const count = (index: number) => Number(counts[index])
  return {
    start: Number(start),
    actorType: actorType === 'user' ? 'user' : 'api_key',
    actor: String(actor),
    terminal: String(terminal),
    isRemote: Number(isRemote) === 1,
    customerType: String(customerType),
    subscriptionType: String(subscriptionType),
    sessions: count(0),
    linesAdded: count(1),
    linesRemoved: count(2),
    commits: count(3),
    pullRequests: count(4),
    editsAccepted: count(5),
    editsRejected: count(6),
    models,
  }
}
