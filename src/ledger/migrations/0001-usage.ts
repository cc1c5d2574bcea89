import { MEASURES } from '../../core/measures.ts'
import type { Dialect } from '../dialect.ts'

/** Responses, their sums, and where reading stopped. */
export function usage({ bytes, big, identity, strict, keyed }: Dialect): readonly string[] {
  const measures = MEASURES.map((name) => `${name} ${big} NOT NULL`).join(', ')
  return [
    `CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL)${keyed}`,
    `CREATE TABLE label(id ${identity}, source TEXT NOT NULL, agent TEXT NOT NULL, provider TEXT NOT NULL,
       model TEXT NOT NULL, model_id TEXT NOT NULL, project TEXT NOT NULL, branch TEXT NOT NULL, billing TEXT NOT NULL,
       exposed INTEGER NOT NULL, zero_until ${big} NOT NULL, folded INTEGER NOT NULL,
       UNIQUE(source, agent, provider, model, model_id, project, branch, billing))${strict}`,
    `CREATE TABLE session(id ${identity}, source TEXT NOT NULL, ext_id TEXT NOT NULL, first_at ${big} NOT NULL,
       last_at ${big} NOT NULL, label_id INTEGER NOT NULL, UNIQUE(source, ext_id))${strict}`,
    `CREATE TABLE rate(id ${identity}, rate_key TEXT NOT NULL UNIQUE, model TEXT NOT NULL, description TEXT NOT NULL,
       prices TEXT NOT NULL)${strict}`,
    // An ordinary rowid table: clustered by a hash it would save a tenth of the space and make time ranges slow.
    `CREATE TABLE message(key ${bytes} NOT NULL UNIQUE, at ${big} NOT NULL, label_id INTEGER NOT NULL,
       session_id INTEGER NOT NULL, rate_id INTEGER NOT NULL, cost_origin INTEGER NOT NULL, flags INTEGER NOT NULL,
       parts INTEGER NOT NULL, win_rank INTEGER NOT NULL, win_output ${big} NOT NULL, win_total ${big} NOT NULL,
       win_at ${big} NOT NULL, win_uuid ${bytes} NOT NULL, own_rank INTEGER NOT NULL, own_at ${big} NOT NULL,
       own_file_at ${big} NOT NULL, own_session_id INTEGER NOT NULL, paid INTEGER NOT NULL, ${measures})${strict}`,
    `CREATE INDEX message_at ON message(at)`,
    `CREATE TABLE message_part(key ${bytes} NOT NULL, part INTEGER NOT NULL, label_id INTEGER NOT NULL,
       rate_id INTEGER NOT NULL, cost_origin INTEGER NOT NULL, ${measures}, PRIMARY KEY(key, part))${keyed}`,
    `CREATE TABLE held(key ${bytes} PRIMARY KEY, since ${big} NOT NULL, line_at ${big} NOT NULL, source TEXT NOT NULL,
       stream TEXT NOT NULL)${keyed}`,
    `CREATE TABLE shadowed_key(key ${bytes} PRIMARY KEY)${keyed}`,
    `CREATE TABLE seen_key(key ${bytes} PRIMARY KEY)${keyed}`,
    `CREATE TABLE rollup(slot ${big} NOT NULL, label_id INTEGER NOT NULL, session_id INTEGER NOT NULL, ${measures},
       PRIMARY KEY(slot, label_id, session_id))${keyed}`,
    `CREATE INDEX rollup_session ON rollup(session_id)`,
    // kind 0: what the counters show; kind 1: what corrections would have taken away from them.
    `CREATE TABLE counter(label_id INTEGER NOT NULL, kind INTEGER NOT NULL, ${measures}, PRIMARY KEY(label_id, kind))${keyed}`,
    `CREATE TABLE claim(session_id INTEGER NOT NULL, model TEXT NOT NULL, project TEXT NOT NULL, at ${big} NOT NULL,
       continues TEXT NOT NULL, input ${big} NOT NULL, output ${big} NOT NULL, cache_read ${big} NOT NULL,
       cache_write ${big} NOT NULL, cost_usd ${big} NOT NULL, cost_pico ${big} NOT NULL, pending_since ${big} NOT NULL,
       shown_input ${big} NOT NULL, shown_output ${big} NOT NULL, shown_cache_read ${big} NOT NULL,
       shown_cache_write ${big} NOT NULL, shown_usd ${big} NOT NULL, shown_pico ${big} NOT NULL,
       zero_until ${big} NOT NULL, PRIMARY KEY(session_id, model))${keyed}`,
    `CREATE TABLE stream(source TEXT NOT NULL, stream TEXT NOT NULL, path TEXT NOT NULL, cursor TEXT NOT NULL,
       updated_at ${big} NOT NULL, gone_at ${big}, PRIMARY KEY(source, stream))${keyed}`,
    `CREATE TABLE tally(source TEXT NOT NULL, name TEXT NOT NULL, value ${big} NOT NULL, PRIMARY KEY(source, name))${keyed}`,
  ]
}
