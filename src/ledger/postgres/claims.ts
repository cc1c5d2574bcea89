import { PICO_PER_USD } from '../../core/money.ts'
import type { ClaimRow } from '../transaction.ts'
import { type ColumnType, type HotQueries, transposed, unnested } from './hot-queries.ts'
import { chunks } from './messages.ts'

const COLUMNS: readonly ColumnType[] = [
  ['session_id', 'integer'],
  ['model', 'text'],
  ['project', 'text'],
  ['at', 'bigint'],
  ['continues', 'text'],
  ['input', 'bigint'],
  ['output', 'bigint'],
  ['cache_read', 'bigint'],
  ['cache_write', 'bigint'],
  ['cost_usd', 'bigint'],
  ['cost_pico', 'bigint'],
  ['pending_since', 'bigint'],
]
const names = COLUMNS.map(([name]) => name).join(', ')
const SAVE = `INSERT INTO claim(${names}, shown_input, shown_output, shown_cache_read, shown_cache_write, shown_usd,
    shown_pico, zero_until)
  SELECT ${names}, 0, 0, 0, 0, 0, 0, 0 FROM ${unnested(COLUMNS)}
  ON CONFLICT (session_id, model) DO UPDATE SET ${COLUMNS.slice(2)
    .map(([name]) => `${name} = excluded.${name}`)
    .join(', ')}
  WHERE excluded.at > claim.at OR (excluded.at = claim.at AND excluded.output >= claim.output)`

/** The agents' own totals that a transaction stores; the last of a session and model counts. */
export class Claims {
  readonly #hot: HotQueries
  readonly #claims = new Map<string, ClaimRow & { readonly now: number }>()

  constructor(hot: HotQueries) {
    this.#hot = hot
  }

  save(claims: readonly ClaimRow[], now: number): void {
    for (const row of claims) {
      const text = `${row.sessionId}\n${row.claim.model}`
      const before = this.#claims.get(text)?.claim
      const isOlder =
        before !== undefined &&
        (row.claim.time < before.time || (row.claim.time === before.time && row.claim.output < before.output))
      if (!isOlder) this.#claims.set(text, { ...row, now })
    }
  }

  async flush(): Promise<void> {
    const rows = [...this.#claims].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => valuesOf(row))
    for (const chunk of chunks(rows)) await this.#hot.count(SAVE, transposed(chunk, COLUMNS.length))
    this.#claims.clear()
  }
}

function valuesOf({ sessionId, claim, now }: ClaimRow & { readonly now: number }): unknown[] {
  const { model, project, time, continues, input, output, cacheRead, cacheWrite, costPico } = claim
  return [
    sessionId,
    model,
    project,
    time,
    continues ?? '',
    input,
    output,
    cacheRead,
    cacheWrite,
    costPico / PICO_PER_USD,
    costPico % PICO_PER_USD,
    now,
  ]
}
