import { MEASURES, type Measure } from '../../src/core/measures.ts'
import { MESSAGE_COLUMNS } from '../../src/ledger/message-columns.ts'
import type { Postgres } from '../../test/support/postgres.ts'
import { SCHEMA } from './cluster.ts'

const SESSIONS = 50_000
const LABEL_SETS = 2_000
const MACHINES = 50
const DAYS = 400
const DAY_MS = 86_400_000
/** Between two responses of a session. */
const STEP_MS = 60_000
const CHUNK = 1_000_000
/** Sessions at a time, one on each machine. */
const SLOT_MS = 15 * 60_000
const GROUP_MS = Math.floor((DAYS * DAY_MS) / (SESSIONS / MACHINES))

/** What a response counts, as SQL over its number `i`; everything else is 0. */
const VALUES: Partial<Readonly<Record<Measure, string>>> = {
  requests: '1',
  input: '3 + i % 11',
  cache_write_1h: '400 + i % 53',
  cache_read: '20000 + i % 977',
  output: '50 + i % 409',
  cost_pico: '(20000 + i % 977) * 500000',
  saved_pico: '(20000 + i % 977) * 4500000',
}

const sums = MEASURES.map((name) => `SUM(${name})`).join(', ')
const measures = MEASURES.join(', ')

/**
 * Makes responses inside the server, and the sums, counters and sessions that belong to them, as a team of 50 machines
 * would have left them over 400 days up to now. The schema is there and empty.
 */
export async function fillLedger(
  { psql }: Postgres,
  options: { readonly responses: number; readonly nowMs: number; readonly note: (text: string) => void },
): Promise<void> {
  const { responses, nowMs, note } = options
  const run = (sql: string) => psql(`SET search_path TO ${SCHEMA}; ${sql}`)
  const perSession = Math.ceil(responses / SESSIONS)
  const start = nowMs - DAYS * DAY_MS
  await run(dictionaries(nowMs))
  // Indexes are made once all rows are there.
  await run('DROP INDEX message_at; ALTER TABLE message DROP CONSTRAINT message_key_key')
  for (let from = 0; from < responses; from += CHUNK) {
    await run(messages({ from, to: Math.min(from + CHUNK, responses), perSession, start }))
    note(`${Math.min(from + CHUNK, responses)} of ${responses} responses made`)
  }
  await run('CREATE INDEX message_at ON message(at); ALTER TABLE message ADD CONSTRAINT message_key_key UNIQUE(key)')
  note('adding them up')
  await run(
    `SET work_mem TO '256MB';
     INSERT INTO rollup(slot, label_id, session_id, ${measures})
       SELECT at - at % ${SLOT_MS}, label_id, session_id, ${sums} FROM message GROUP BY 1, 2, 3;
     INSERT INTO counter(label_id, kind, ${measures}) SELECT label_id, 0, ${sums} FROM message GROUP BY 1;
     INSERT INTO session(id, source, ext_id, first_at, last_at, label_id)
       SELECT session_id, 'claude-code', md5(session_id::text), MIN(at), MAX(at), MIN(label_id)
       FROM message GROUP BY session_id;
     INSERT INTO tally(machine_id, source, name, value)
       SELECT machine.id, 'claude-code', tally.name, tally.value FROM machine JOIN (
         SELECT machine, 'newest' AS name, MAX(at) AS value FROM message JOIN label ON label.id = label_id GROUP BY 1
         UNION ALL SELECT machine, 'lines', COUNT(*) FROM message JOIN label ON label.id = label_id GROUP BY 1
       ) tally ON tally.machine = machine.name;
     SELECT setval(pg_get_serial_sequence('session', 'id'), ${SESSIONS}),
       setval(pg_get_serial_sequence('label', 'id'), ${LABEL_SETS}), setval(pg_get_serial_sequence('rate', 'id'), 1)`,
  )
  note('letting the server tidy up')
  await psql('VACUUM ANALYZE')
  await psql('CHECKPOINT')
}

function dictionaries(nowMs: number): string {
  return `
    INSERT INTO machine(uid, name, version, seen_at, read_at)
      SELECT 'name:machine-' || m, 'machine-' || m, 'bench', ${nowMs}, ${nowMs} FROM generate_series(0, ${MACHINES - 1}) m;
    INSERT INTO rate(id, rate_key, model, description, prices) VALUES(1, 'bench', 'claude-opus-4-8', 'made up', '[]');
    INSERT INTO label(id, source, agent, provider, model, model_id, project, branch, billing, machine, exposed,
        zero_until, folded)
      SELECT l + 1, 'claude-code', (ARRAY['none', 'Explore'])[1 + l / 50 % 2], 'anthropic', models.id, models.id,
        'project-' || l / 50, '', 'metered', 'machine-' || l % ${MACHINES}, 1, 0, 0
      FROM generate_series(0, ${LABEL_SETS - 1}) l, LATERAL (
        SELECT (ARRAY['claude-opus-4-8', 'claude-sonnet-4-5', 'claude-haiku-4-5'])[1 + l % 3] AS id) models`
}

interface Range {
  readonly from: number
  readonly to: number
  readonly perSession: number
  readonly start: number
}

/** In the order of time, so that rows of one time lie together as they do where they come one by one. */
function messages({ from, to, perSession, start }: Range): string {
  const others: Readonly<Record<string, string>> = {
    at: 'at',
    label_id: `session % ${LABEL_SETS} + 1`,
    session_id: 'session + 1',
    rate_id: '1',
    cost_origin: '1',
    parts: '1',
    win_rank: '3',
    win_output: '50 + i % 409',
    win_total: '20500 + i % 977',
    win_at: 'at',
    win_uuid: "decode(md5('uuid' || i), 'hex')",
    own_at: 'at',
    own_file_at: 'at',
    own_session_id: 'session + 1',
  }
  const columns = MESSAGE_COLUMNS.map((name) => others[name] ?? VALUES[name as Measure] ?? '0')
  return `INSERT INTO message(key, ${MESSAGE_COLUMNS.join(', ')})
    SELECT decode(md5('key' || i), 'hex'), ${columns.join(', ')} FROM (
      SELECT i, i / ${MACHINES * perSession} * ${MACHINES} + i % ${MACHINES} AS session,
        ${start} + i / ${MACHINES * perSession} * ${GROUP_MS}
          + i % ${MACHINES * perSession} / ${MACHINES} * ${STEP_MS} + i % 977 AS at
      FROM generate_series(${from}::bigint, ${to - 1}::bigint) i) made`
}
