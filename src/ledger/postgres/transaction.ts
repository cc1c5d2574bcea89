import type { ClientBase } from 'pg'
import type { Measures } from '../../core/measures.ts'
import type { SourceName } from '../../core/usage.ts'
import type { Append, Label, LabelRow, RateRow, SourceTally } from '../ledger.ts'
import type { StoreMachine } from '../sql/store.ts'
import type {
  ClaimRow,
  HeldRow,
  LedgerTransaction,
  MessageRow,
  SessionRef,
  SessionTouch,
  TurnRow,
} from '../transaction.ts'
import { Claims } from './claims.ts'
import { Held } from './held.ts'
import { HotQueries } from './hot-queries.ts'
import { type Exposure, Labels } from './labels.ts'
import { chunks, Messages, textOf } from './messages.ts'
import { internRates } from './rates.ts'
import type { Remembered } from './remembered.ts'
import { Sessions } from './sessions.ts'
import { Streams } from './streams.ts'
import { MeasureSums, Tallies } from './sums.ts'

/**
 * The steps of an append on PostgreSQL, for one transaction. Every journey to the server costs, so that many rows go
 * along each: what is asked for is read for the whole batch, what is changed waits for `flush`.
 */
export class PostgresTransaction implements LedgerTransaction {
  readonly machine: string
  readonly #hot: HotQueries
  readonly #remembered: Remembered
  readonly #labels: Labels
  readonly #sessions: Sessions
  readonly #messages: Messages
  readonly #held: Held
  readonly #rollup: MeasureSums
  readonly #counters: MeasureSums
  readonly #claims: Claims
  readonly #tallies: Tallies
  readonly #streams: Streams

  constructor(client: ClientBase, machine: StoreMachine, remembered: Remembered) {
    this.machine = machine.name
    const hot = new HotQueries(client)
    this.#hot = hot
    this.#remembered = remembered
    this.#labels = new Labels(hot, remembered.labelIds)
    this.#sessions = new Sessions(hot, remembered.sessions, remembered.sessionRefs)
    this.#messages = new Messages(hot)
    this.#held = new Held(hot, machine.id)
    this.#rollup = new MeasureSums(
      hot,
      'rollup',
      [
        ['slot', 'bigint'],
        ['label_id', 'integer'],
        ['session_id', 'integer'],
      ],
      { keepEmpty: false },
    )
    this.#counters = new MeasureSums(
      hot,
      'counter',
      [
        ['label_id', 'integer'],
        ['kind', 'integer'],
      ],
      { keepEmpty: true },
    )
    this.#claims = new Claims(hot)
    this.#tallies = new Tallies(hot, machine.id)
    this.#streams = new Streams(hot, remembered.cursors, machine.id)
  }

  /** Writes what waits, in an order that all transactions keep to. */
  async flush(): Promise<void> {
    await this.#sessions.flush()
    await this.#messages.flush()
    await this.#held.flush()
    await this.#rollup.flush()
    await this.#counters.flush()
    await this.#claims.flush()
    await this.#tallies.flush()
    await this.#streams.flush()
  }

  /** To be called once the transaction is committed. */
  committed(): void {
    this.#remembered.commit()
    this.#streams.commit()
  }

  forget(): void {
    this.#labels.forget()
    this.#messages.forget()
  }

  cursor(source: SourceName, stream: string): Promise<string | null> {
    return this.#streams.cursor(source, stream)
  }

  saveStream(stream: Append, now: number): Promise<void> {
    return this.#streams.save(stream, now)
  }

  async addTally(tally: SourceTally): Promise<void> {
    this.#tallies.add(tally)
  }

  internLabels(labels: readonly Label[], exposure: Exposure): Promise<readonly LabelRow[]> {
    return this.#labels.intern(labels, exposure)
  }

  label(id: number): Promise<LabelRow> {
    return this.#labels.get(id)
  }

  internRates(rates: readonly RateRow[]): Promise<ReadonlyMap<string, number>> {
    return internRates(this.#hot, this.#remembered.rateIds, rates)
  }

  internSessions(sessions: readonly SessionTouch[]): Promise<readonly number[]> {
    return this.#sessions.intern(sessions)
  }

  session(id: number): Promise<SessionRef> {
    return this.#sessions.ref(id)
  }

  startSessions(sessions: ReadonlyMap<number, number>): Promise<readonly number[]> {
    return this.#sessions.start(sessions)
  }

  async prunedAmong(keys: readonly Buffer[]): Promise<ReadonlySet<string>> {
    const found = new Set<string>()
    for (const chunk of chunks(keys)) {
      const rows = await this.#hot.rows('SELECT key FROM seen_key WHERE key = ANY($1::bytea[])', [chunk])
      for (const [key] of rows) found.add(textOf(key as Buffer))
    }
    return found
  }

  async addShadows(keys: readonly Buffer[]): Promise<readonly Buffer[]> {
    const added: Buffer[] = []
    for (const chunk of chunks([...keys].sort((a, b) => a.compare(b)))) {
      const rows = await this.#hot.rows(
        `INSERT INTO shadowed_key(key) SELECT DISTINCT key FROM unnest($1::bytea[]) AS u(key) ORDER BY key
         ON CONFLICT (key) DO NOTHING RETURNING key`,
        [chunk],
      )
      for (const [key] of rows) added.push(key as Buffer)
    }
    return added
  }

  /**
   * Takes the place of each key for a moment: whoever is to shadow it at the same time has to wait until this transaction
   * is done, and then finds its response; or has come first, and is seen here.
   */
  async shadowedAmong(keys: readonly Buffer[]): Promise<ReadonlySet<string>> {
    const free = await this.addShadows(keys)
    for (const chunk of chunks(free)) {
      await this.#hot.count('DELETE FROM shadowed_key WHERE key = ANY($1::bytea[])', [chunk])
    }
    const shadowed = new Set(keys.map(textOf))
    for (const key of free) shadowed.delete(textOf(key))
    return shadowed
  }

  async insertMessages(rows: readonly MessageRow[]): Promise<readonly boolean[]> {
    const isNew = await this.#messages.insert(rows)
    const others = rows.filter((_, index) => !isNew[index]).map(({ key }) => key)
    await this.#lock(others)
    this.#messages.refuseMissing(others)
    return isNew
  }

  async message(key: Buffer): Promise<MessageRow | null> {
    await this.#lock([key])
    return this.#messages.get(key)
  }

  async updateMessage(row: MessageRow): Promise<void> {
    this.#messages.update(row)
  }

  async deleteMessage(key: Buffer): Promise<void> {
    this.#messages.delete(key)
  }

  async hold(rows: readonly HeldRow[]): Promise<void> {
    this.#held.hold(rows)
  }

  /** Whoever asks works on them next; and everybody locks responses before what is held of them. */
  async heldAmong(keys: readonly Buffer[]): Promise<ReadonlySet<string>> {
    await this.#lock(keys)
    return this.#held.among(keys)
  }

  async release(key: Buffer): Promise<void> {
    this.#held.release(key)
  }

  async addRollup(slot: number, labelId: number, sessionId: number, values: Measures): Promise<void> {
    this.#rollup.add([slot, labelId, sessionId], values)
  }

  async addCounter(labelId: number, kind: 0 | 1, values: Measures): Promise<void> {
    this.#counters.add([labelId, kind], values)
  }

  async saveClaims(claims: readonly ClaimRow[], now: number): Promise<void> {
    this.#claims.save(claims, now)
  }

  async saveTurns(turns: readonly TurnRow[]): Promise<void> {
    this.#sessions.saveTurns(turns)
  }

  /** Reads and locks responses, and whose they are. */
  async #lock(keys: readonly Buffer[]): Promise<void> {
    const rows = await this.#messages.lock(keys)
    if (rows.length === 0) return
    await this.#labels.load(rows.flatMap(({ parts }) => parts.map(({ labelId }) => labelId)))
    await this.#sessions.load(rows.flatMap(({ sessionId, ownSessionId }) => [sessionId, ownSessionId]))
  }
}
