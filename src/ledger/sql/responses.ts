import { MEASURES, type Measures } from '../../core/measures.ts'
import { COST_ORIGINS } from '../append.ts'
import type { RateRow, StoredPart } from '../ledger.ts'
import type { LabelReader } from './labels.ts'
import type { Rows } from './store.ts'

export interface PartQuery {
  readonly from: number
  readonly to: number
  readonly session?: string
}

/** Responses of a range, part by part, in the order of time. */
export async function readStoredParts(
  rows: Rows,
  labelsOf: LabelReader,
  { from, to, session }: PartQuery,
): Promise<StoredPart[]> {
  const where = `message.at >= ? AND message.at < ?${session === undefined ? '' : ' AND session.ext_id = ?'}`
  const parameters = session === undefined ? [from, to] : [from, to, session]
  const part = (table: string) =>
    `SELECT message.at, session.ext_id, ${table}.label_id, ${table}.cost_origin, ${table}.rate_id,
       ${MEASURES.map((name) => `${table}.${name}`).join(', ')}
     FROM message JOIN session ON session.id = message.session_id
     ${table === 'message' ? '' : 'JOIN message_part ON message_part.key = message.key'} WHERE ${where}`
  const rates = await readRates(rows)
  const parts = await rows.all(part('message'), ...parameters)
  parts.push(...(await rows.all(part('message_part'), ...parameters)))
  const labels = await labelsOf(
    rows,
    parts.map(([, , label]) => Number(label)),
  )
  return parts
    .flatMap(([at, ext, labelId, origin, rateId, ...values]) => {
      const label = labels.get(Number(labelId))
      if (label === undefined) return []
      return {
        time: Number(at),
        session: String(ext),
        label,
        costOrigin: COST_ORIGINS[Number(origin)] ?? 'none',
        rate: rates.get(Number(rateId)) ?? null,
        values: values as Measures,
      }
    })
    .sort((a, b) => a.time - b.time)
}

async function readRates(rows: Rows): Promise<ReadonlyMap<number, RateRow>> {
  const found = await rows.all('SELECT id, rate_key, model, description, prices FROM rate')
  return new Map(
    found.map(([id, key, model, description, prices]) => [
      Number(id),
      {
        key: String(key),
        model: String(model),
        description: String(description),
        pico: JSON.parse(String(prices)) as (number | null)[],
      },
    ]),
  )
}
