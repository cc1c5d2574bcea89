import * as z from 'zod/mini'
import { SyncError } from '../../core/sync-run.ts'
import type { ReadEvents } from './admin-api.ts'
import type { Endpoint, Transport } from './transport.ts'
import { time } from './wire.ts'

const MAX_PAGES = 10_000

const cursor = z.string().check(z.minLength(1), z.maxLength(20_000))

/** `data` with a cursor in `next_page`. */
export function pageOf<Row>(row: z.ZodMiniType<Row>) {
  return z.object({
    data: z.array(row),
    has_more: z.optional(z.boolean()),
    next_page: z.nullish(cursor),
    /** Until when the data are complete, epoch milliseconds. */
    data_refreshed_at: z.nullish(time),
  })
}

/** `data` whose last id is the cursor. */
export function idPageOf<Row>(row: z.ZodMiniType<Row>) {
  return z.object({ data: z.array(row), has_more: z.boolean(), last_id: z.nullish(cursor) })
}

interface Paged {
  readonly data: readonly unknown[]
  readonly has_more?: boolean | undefined
  readonly next_page?: string | null | undefined
  readonly last_id?: string | null | undefined
}

/** All pages of an endpoint, in order. `cursor`: the parameter that takes it. */
export async function* readPages<Page extends Paged>(
  transport: Transport,
  endpoint: Endpoint<Page>,
  parameter: 'page' | 'after_id',
  events: ReadEvents,
  signal: AbortSignal,
): AsyncGenerator<Page> {
  const seen = new Set<string>()
  let query = endpoint.query
  for (;;) {
    const page = await transport.get({ ...endpoint, query }, events, signal)
    events.page(page.data.length)
    yield page
    const next = nextCursor(page, endpoint.path)
    if (next === null) return
    if (seen.has(next)) throw new SyncError('invalid_response', `${endpoint.path}: the pages go in circles`)
    if (seen.size >= MAX_PAGES)
      throw new SyncError('invalid_response', `${endpoint.path}: more than ${MAX_PAGES} pages`)
    seen.add(next)
    query = { ...endpoint.query, [parameter]: next }
  }
}

function nextCursor(page: Paged, path: string): string | null {
  if (page.has_more === false) return null
  const next = page.next_page ?? page.last_id ?? null
  if (next === null && page.has_more) {
    throw new SyncError('invalid_response', `${path}: has_more without a cursor to the next page`)
  }
  return next
}
