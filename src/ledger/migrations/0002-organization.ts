import type { Dialect } from '../dialect.ts'

/**
 * What organisations tell of their usage, cost and names, and the log of runs. An amount is two columns, dollars rounded
 * down and the pico-dollars above them: one column would hold less than ten million dollars.
 */
export function organization({ big, identity, strict, keyed }: Dialect): readonly string[] {
  const bucket = `organization TEXT NOT NULL, start ${big} NOT NULL, label_id INTEGER NOT NULL, width ${big} NOT NULL,
       generation TEXT NOT NULL`
  const bucketKey = 'PRIMARY KEY(organization, start, label_id)'
  const counts = (names: readonly string[]) => names.map((name) => `${name} ${big} NOT NULL`).join(', ')
  return [
    `CREATE TABLE api_label(id ${identity}, organization TEXT NOT NULL, workspace_id TEXT NOT NULL,
       api_key_id TEXT NOT NULL, model TEXT NOT NULL, service_tier TEXT NOT NULL, context_window TEXT NOT NULL,
       cost_type TEXT NOT NULL, token_type TEXT NOT NULL, description TEXT NOT NULL,
       UNIQUE(organization, workspace_id, api_key_id, model, service_tier, context_window, cost_type, token_type,
         description))${strict}`,
    `CREATE TABLE api_usage(${bucket},
       ${counts(['input', 'cache_write_5m', 'cache_write_1h', 'cache_read', 'output', 'web_searches'])},
       requests ${big}, ${bucketKey})${keyed}`,
    `CREATE TABLE api_cost(${bucket}, ${counts(['amount_usd', 'amount_pico'])}, list_usd ${big}, list_pico ${big},
       ${bucketKey})${keyed}`,
    `CREATE TABLE api_coverage(organization TEXT NOT NULL, report TEXT NOT NULL, day ${big} NOT NULL, generation TEXT,
       width ${big} NOT NULL, complete_to ${big} NOT NULL, read_at ${big} NOT NULL,
       PRIMARY KEY(organization, report, day))${keyed}`,
    `CREATE TABLE claude_code_day(id ${identity}, organization TEXT NOT NULL, start ${big} NOT NULL, width ${big} NOT NULL,
       actor_type TEXT NOT NULL, actor TEXT NOT NULL, terminal TEXT NOT NULL, is_remote INTEGER NOT NULL,
       customer_type TEXT NOT NULL, subscription_type TEXT NOT NULL,
       ${counts(['sessions', 'lines_added', 'lines_removed', 'commits', 'pull_requests', 'edits_accepted', 'edits_rejected'])},
       UNIQUE(organization, start, actor_type, actor, terminal, is_remote, customer_type, subscription_type))${strict}`,
    `CREATE TABLE claude_code_model(day_id INTEGER NOT NULL, model TEXT NOT NULL,
       ${counts(['input', 'output', 'cache_read', 'cache_write', 'estimated_usd', 'estimated_pico'])},
       PRIMARY KEY(day_id, model))${keyed}`,
    `CREATE TABLE organization(organization TEXT PRIMARY KEY, id TEXT NOT NULL, name TEXT NOT NULL,
       sees_spend_limits INTEGER NOT NULL, read_at ${big} NOT NULL)${keyed}`,
    `CREATE TABLE workspace(organization TEXT NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL, status TEXT NOT NULL,
       PRIMARY KEY(organization, id))${keyed}`,
    `CREATE TABLE api_key(organization TEXT NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL, status TEXT NOT NULL,
       workspace_id TEXT NOT NULL, PRIMARY KEY(organization, id))${keyed}`,
    `CREATE TABLE rate_limit(organization TEXT NOT NULL, workspace_id TEXT NOT NULL, applies_to TEXT NOT NULL,
       limiter TEXT NOT NULL, value ${big} NOT NULL, PRIMARY KEY(organization, workspace_id, applies_to, limiter))${keyed}`,
    `CREATE TABLE spend_limit(organization TEXT NOT NULL, id TEXT NOT NULL, scope TEXT NOT NULL, scope_id TEXT NOT NULL,
       period TEXT NOT NULL, limit_usd ${big}, limit_pico ${big}, spent_usd ${big}, spent_pico ${big},
       PRIMARY KEY(organization, id))${keyed}`,
    `CREATE TABLE sync_run(id ${identity}, source TEXT NOT NULL, cause TEXT NOT NULL, started_at ${big} NOT NULL,
       ended_at ${big}, result TEXT NOT NULL, generation TEXT, from_at ${big}, to_at ${big}, attempts INTEGER NOT NULL,
       requests ${big} NOT NULL, ${counts(['fetched', 'added', 'changed', 'removed', 'unchanged'])}, reason TEXT,
       error TEXT)${strict}`,
    `CREATE INDEX sync_run_source ON sync_run(source, started_at)`,
    `CREATE INDEX sync_run_at ON sync_run(started_at)`,
  ]
}
