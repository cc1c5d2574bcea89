import type { Database, Statement } from 'better-sqlite3'
import { MEASURES, type Measures } from '../../core/measures.ts'
import { PICO_PER_USD } from '../../core/money.ts'
import type { SourceName } from '../../core/usage.ts'
import { BoundedMap } from '../../lib/bounded-map.ts'
import type { Append, Label, LabelRow, RateRow, SourceTally } from '../ledger.ts'
import { MESSAGE_COLUMNS, messageValues, partCount, toMessageRow } from '../message-columns.ts'
import type { StoreMachine } from '../sql/store.ts'
import { LABEL_COLUMNS, labelValues, toLabelRow } from '../stored-label.ts'
import type {
  ClaimRow,
  HeldRow,
  LedgerTransaction,
  MessageRow,
  PartRow,
  SessionRef,
  SessionTouch,
  TurnRow,
} from '../transaction.ts'
import { Statements } from './statements.ts'

const CACHED_IDS = 50_000

const measureNames = MEASURES.join(', ')
const measureMarks = MEASURES.map(() => '?').join(', ')
const isEmpty = MEASURES.map((name) => `${name} = 0`).join(' AND ')
const added = (table: string) => MEASURES.map((name) => `${name} = ${table}.${name} + excluded.${name}`).join(', ')

/**
 * The steps of an append on SQLite. Used for every transaction of one connection, one at a time. Ids seen are cached;
 * the owner calls `forget` after a rollback, because ids handed out in it do not exist.
 */
export class SqliteTransaction implements LedgerTransaction {
  readonly machine: string
  readonly #machineId: number
  readonly #db: Database
  readonly #rows: Statements
  readonly #statements = new Map<string, Statement>()
  readonly #labelIds = new BoundedMap<string, number>(CACHED_IDS)
  readonly #labels = new BoundedMap<number, LabelRow>(CACHED_IDS)
  readonly #rateIds = new BoundedMap<string, number>(CACHED_IDS)
  readonly #sessions = new BoundedMap<string, { id: number; first: number; last: number }>(CACHED_IDS)
  #hasPruned: boolean | null = null

  constructor(db: Database, machine: StoreMachine) {
    this.machine = machine.name
    this.#machineId = machine.id
    this.#db = db
    this.#rows = new Statements(db)
  }

  forget(): void {
    this.#labelIds.clear()
    this.#labels.clear()
    this.#rateIds.clear()
    this.#sessions.clear()
    this.#hasPruned = null
  }

  async cursor(source: SourceName, stream: string): Promise<string | null> {
    const row = this.#sql('SELECT cursor FROM stream WHERE machine_id = ? AND source = ? AND stream = ?').get(
      this.#machineId,
      source,
      stream,
    )
    return row === undefined ? null : (row as { cursor: string }).cursor
  }

  async saveStream(stream: Append, now: number): Promise<void> {
    this.#sql(
      `INSERT INTO stream(machine_id, source, stream, path, cursor, updated_at, gone_at) VALUES(?, ?, ?, ?, ?, ?, NULL)
       ON CONFLICT(machine_id, source, stream) DO UPDATE SET path = excluded.path, cursor = excluded.cursor,
       updated_at = excluded.updated_at, gone_at = NULL`,
    ).run(this.#machineId, stream.source, stream.stream, stream.path, stream.cursor, now)
  }

  async addTally(tally: SourceTally): Promise<void> {
    const { source } = tally
    const insert = this.#sql(
      `INSERT INTO tally(machine_id, source, name, value) VALUES(?, ?, ?, ?)
       ON CONFLICT(machine_id, source, name) DO UPDATE SET value = tally.value + excluded.value`,
    )
    const add = (name: string, value: number) => insert.run(this.#machineId, source, name, value)
    add('lines', tally.lines)
    add('bytes', tally.bytes)
    if (tally.duplicates > 0) add('duplicates', tally.duplicates)
    for (const [reason, count] of Object.entries(tally.rejected)) add(`rejected:${reason}`, count)
    this.#sql(
      `INSERT INTO tally(machine_id, source, name, value) VALUES(?, ?, 'newest', ?)
       ON CONFLICT(machine_id, source, name) DO UPDATE SET value = max(tally.value, excluded.value)`,
    ).run(this.#machineId, source, tally.newest)
  }

  async internLabels(
    labels: readonly Label[],
    exposure: { exposed: boolean; zeroUntil: number },
  ): Promise<readonly LabelRow[]> {
    return labels.map((label) => this.#internLabel(label, exposure))
  }

  #internLabel(label: Label, exposure: { exposed: boolean; zeroUntil: number }): LabelRow {
    const values = labelValues(label)
    const text = values.join('\n')
    const cached = this.#labelIds.get(text)
    if (cached !== undefined) {
      const row = this.#labels.get(cached)
      if (row) return row
    }
    let found = this.#sql(
      `SELECT id, exposed, zero_until, folded FROM label WHERE ${LABEL_COLUMNS.map((name) => `${name} = ?`).join(' AND ')}`,
    ).get(...values) as { id: number; exposed: number; zero_until: number; folded: number } | undefined
    if (found === undefined) {
      const { lastInsertRowid } = this.#sql(
        `INSERT INTO label(${LABEL_COLUMNS.join(', ')}, exposed, zero_until, folded)
         VALUES(${LABEL_COLUMNS.map(() => '?').join(', ')}, ?, ?, 0)`,
      ).run(...values, exposure.exposed ? 1 : 0, exposure.zeroUntil)
      found = {
        id: Number(lastInsertRowid),
        exposed: exposure.exposed ? 1 : 0,
        zero_until: exposure.zeroUntil,
        folded: 0,
      }
    }
    const { id, exposed, zero_until, folded } = found
    const row: LabelRow = { ...label, id, exposed: exposed === 1, zeroUntil: zero_until, folded: folded === 1 }
    this.#labelIds.set(text, id)
    this.#labels.set(id, row)
    return row
  }

  async label(id: number): Promise<LabelRow> {
    const cached = this.#labels.get(id)
    if (cached) return cached
    const columns = LABEL_COLUMNS.join(', ')
    const row = this.#rows.one(`SELECT id, ${columns}, exposed, zero_until, folded FROM label WHERE id = ?`, id)
    if (row === undefined) throw new Error(`label ${id} is missing`)
    const label = toLabelRow(row)
    this.#labels.set(id, label)
    return label
  }

  async internRates(rates: readonly RateRow[]): Promise<ReadonlyMap<string, number>> {
    for (const { key, model, description, pico } of rates) {
      if (this.#rateIds.get(key) !== undefined) continue
      this.#sql(
        `INSERT INTO rate(rate_key, model, description, prices) VALUES(?, ?, ?, ?) ON CONFLICT(rate_key) DO NOTHING`,
      ).run(key, model, description, JSON.stringify(pico))
      const row = this.#sql('SELECT id FROM rate WHERE rate_key = ?').get(key) as { id: number }
      this.#rateIds.set(key, row.id)
    }
    return new Map(rates.map(({ key }) => [key, this.#rateIds.get(key) ?? 0]))
  }

  async internSessions(sessions: readonly SessionTouch[]): Promise<readonly number[]> {
    return sessions.map(({ source, session, first, last }) => {
      const text = `${source}\n${session}`
      let known = this.#sessions.get(text)
      if (known === undefined) {
        const row = this.#sql('SELECT id, first_at, last_at FROM session WHERE source = ? AND ext_id = ?').get(
          source,
          session,
        ) as { id: number; first_at: number; last_at: number } | undefined
        if (row === undefined) {
          const { lastInsertRowid } = this.#sql(
            'INSERT INTO session(source, ext_id, first_at, last_at, label_id) VALUES(?, ?, ?, ?, 0)',
          ).run(source, session, first, last)
          known = { id: Number(lastInsertRowid), first, last }
        } else {
          known = { id: row.id, first: row.first_at, last: row.last_at }
        }
        this.#sessions.set(text, known)
      }
      if (first < known.first || last > known.last) {
        known.first = Math.min(first, known.first)
        known.last = Math.max(last, known.last)
        this.#sql('UPDATE session SET first_at = ?, last_at = ? WHERE id = ?').run(known.first, known.last, known.id)
      }
      return known.id
    })
  }

  async session(id: number): Promise<SessionRef> {
    const row = this.#sql('SELECT source, ext_id FROM session WHERE id = ?').get(id) as
      | { source: SourceName; ext_id: string }
      | undefined
    if (row === undefined) throw new Error(`session ${id} is missing`)
    return { source: row.source, session: row.ext_id }
  }

  async startSessions(sessions: ReadonlyMap<number, number>): Promise<readonly number[]> {
    const update = this.#sql('UPDATE session SET label_id = ? WHERE id = ? AND label_id = 0')
    return [...sessions].filter(([id, label]) => update.run(label, id).changes === 1).map(([id]) => id)
  }

  async prunedAmong(keys: readonly Buffer[]): Promise<ReadonlySet<string>> {
    this.#hasPruned ??= this.#sql('SELECT 1 FROM seen_key LIMIT 1').get() !== undefined
    return this.#hasPruned ? this.#among('seen_key', keys) : new Set()
  }

  async addShadows(keys: readonly Buffer[]): Promise<readonly Buffer[]> {
    const insert = this.#sql('INSERT INTO shadowed_key(key) VALUES(?) ON CONFLICT(key) DO NOTHING')
    return keys.filter((key) => insert.run(key).changes === 1)
  }

  async shadowedAmong(keys: readonly Buffer[]): Promise<ReadonlySet<string>> {
    return this.#among('shadowed_key', keys)
  }

  async insertMessages(rows: readonly MessageRow[]): Promise<readonly boolean[]> {
    const insert = this.#sql(
      `INSERT INTO message(key, ${MESSAGE_COLUMNS.join(', ')}) VALUES(?, ${MESSAGE_COLUMNS.map(() => '?').join(', ')})
       ON CONFLICT(key) DO NOTHING`,
    )
    return rows.map((row) => {
      const isNew = insert.run(row.key, ...messageValues(row)).changes === 1
      if (isNew && row.parts.length > 1) this.#insertParts(row)
      return isNew
    })
  }

  async message(key: Buffer): Promise<MessageRow | null> {
    const values = this.#rows.all(`SELECT ${MESSAGE_COLUMNS.join(', ')} FROM message WHERE key = ?`, key)[0]
    if (values === undefined) return null
    return toMessageRow(key, values, partCount(values) > 1 ? this.#parts(key) : [])
  }

  async updateMessage(row: MessageRow): Promise<void> {
    this.#sql(`UPDATE message SET ${MESSAGE_COLUMNS.map((name) => `${name} = ?`).join(', ')} WHERE key = ?`).run(
      ...messageValues(row),
      row.key,
    )
    this.#sql('DELETE FROM message_part WHERE key = ?').run(row.key)
    this.#insertParts(row)
  }

  async deleteMessage(key: Buffer): Promise<void> {
    this.#sql('DELETE FROM message WHERE key = ?').run(key)
    this.#sql('DELETE FROM message_part WHERE key = ?').run(key)
  }

  async hold(rows: readonly HeldRow[]): Promise<void> {
    const insert = this.#sql(
      'INSERT INTO held(key, since, line_at, source, machine_id, stream) VALUES(?, ?, ?, ?, ?, ?)',
    )
    for (const { key, since, lineAt, source, stream } of rows) {
      insert.run(key, since, lineAt, source, this.#machineId, stream)
    }
  }

  async heldAmong(keys: readonly Buffer[]): Promise<ReadonlySet<string>> {
    return this.#among('held', keys)
  }

  async release(key: Buffer): Promise<void> {
    this.#sql('DELETE FROM held WHERE key = ?').run(key)
  }

  async addRollup(slot: number, labelId: number, sessionId: number, values: Measures): Promise<void> {
    this.#sql(
      `INSERT INTO rollup(slot, label_id, session_id, ${measureNames}) VALUES(?, ?, ?, ${measureMarks})
       ON CONFLICT(slot, label_id, session_id) DO UPDATE SET ${added('rollup')}`,
    ).run(slot, labelId, sessionId, ...values)
    if (values.every((value) => value >= 0)) return
    // An empty row would make a session or label look used that another one turned out to own everything of.
    this.#sql(`DELETE FROM rollup WHERE slot = ? AND label_id = ? AND session_id = ? AND ${isEmpty}`).run(
      slot,
      labelId,
      sessionId,
    )
  }

  async addCounter(labelId: number, kind: 0 | 1, values: Measures): Promise<void> {
    this.#sql(
      `INSERT INTO counter(label_id, kind, ${measureNames}) VALUES(?, ?, ${measureMarks})
       ON CONFLICT(label_id, kind) DO UPDATE SET ${added('counter')}`,
    ).run(labelId, kind, ...values)
  }

  async saveClaims(claims: readonly ClaimRow[], now: number): Promise<void> {
    const save = this.#sql(
      `INSERT INTO claim(session_id, model, project, at, continues, input, output, cache_read, cache_write, cost_usd,
         cost_pico, pending_since, shown_input, shown_output, shown_cache_read, shown_cache_write, shown_usd, shown_pico,
         zero_until)
       VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0, 0, 0, 0, 0)
       ON CONFLICT(session_id, model) DO UPDATE SET project = excluded.project, at = excluded.at,
         continues = excluded.continues, input = excluded.input, output = excluded.output,
         cache_read = excluded.cache_read, cache_write = excluded.cache_write, cost_usd = excluded.cost_usd,
         cost_pico = excluded.cost_pico, pending_since = excluded.pending_since
       WHERE excluded.at > claim.at OR (excluded.at = claim.at AND excluded.output >= claim.output)`,
    )
    for (const { sessionId, claim } of claims) {
      const { model, project, time, continues, input, output, cacheRead, cacheWrite, costPico } = claim
      save.run(
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
      )
    }
  }

  async saveTurns(turns: readonly TurnRow[]): Promise<void> {
    const save = this.#sql('UPDATE session SET turn_at = ? WHERE id = ? AND (turn_at IS NULL OR turn_at < ?)')
    for (const { sessionId, time } of turns) save.run(time, sessionId, time)
  }

  #sql(text: string): Statement {
    let statement = this.#statements.get(text)
    if (statement === undefined) {
      statement = this.#db.prepare(text)
      this.#statements.set(text, statement)
    }
    return statement
  }

  #among(table: 'seen_key' | 'shadowed_key' | 'held', keys: readonly Buffer[]): ReadonlySet<string> {
    const found = new Set<string>()
    if (keys.length === 0) return found
    const statement = this.#sql(`SELECT 1 FROM ${table} WHERE key = ?`)
    for (const key of keys) if (statement.get(key) !== undefined) found.add(key.toString('latin1'))
    return found
  }

  #insertParts(row: MessageRow): void {
    const insert = this.#sql(
      `INSERT INTO message_part(key, part, label_id, rate_id, cost_origin, ${measureNames})
       VALUES(?, ?, ?, ?, ?, ${measureMarks})`,
    )
    for (const [index, part] of row.parts.entries()) {
      if (index > 0) insert.run(row.key, index, part.labelId, part.rateId, part.costOrigin, ...part.values)
    }
  }

  #parts(key: Buffer): PartRow[] {
    return this.#rows
      .all(`SELECT label_id, rate_id, cost_origin, ${measureNames} FROM message_part WHERE key = ? ORDER BY part`, key)
      .map(([labelId, rateId, costOrigin, ...values]) => ({
        labelId: Number(labelId),
        rateId: Number(rateId),
        costOrigin: Number(costOrigin),
        values: values as Measures,
      }))
  }
}
