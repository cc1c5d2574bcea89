import type { SourceName } from '../../core/usage.ts'
import type { SessionRef, SessionTouch, TurnRow } from '../transaction.ts'
import { type HotQueries, transposed, unnested } from './hot-queries.ts'
import { chunks } from './messages.ts'
import type { StagedMap } from './staged-map.ts'
import { storable } from './text.ts'

export interface KnownSession {
  readonly id: number
  /** Span as it was when last seen; it only ever grows. */
  readonly first: number
  readonly last: number
}

interface Touched {
  readonly source: SourceName
  readonly session: string
  readonly first: number
  readonly last: number
}

const NAME = [
  ['source', 'text'],
  ['ext_id', 'text'],
] as const
const SPAN = [
  ['first_at', 'bigint'],
  ['last_at', 'bigint'],
] as const

const FIND = `SELECT session.id, session.source, session.ext_id, session.first_at, session.last_at
  FROM ${unnested(NAME)} JOIN session ON session.source = u.source AND session.ext_id = u.ext_id`
const INSERT = `INSERT INTO session(source, ext_id, first_at, last_at, label_id)
  SELECT source, ext_id, first_at, last_at, 0 FROM ${unnested([...NAME, ...SPAN])}
  ON CONFLICT (source, ext_id) DO NOTHING RETURNING id, source, ext_id, first_at, last_at`
/** Rows are locked in the order of their ids before they are changed, as everybody does. */
const LOCKED =
  'WITH locked AS MATERIALIZED (SELECT id FROM session WHERE id = ANY($1::integer[]) ORDER BY id FOR UPDATE)'
const WIDEN = `${LOCKED} UPDATE session SET first_at = LEAST(session.first_at, u.first_at),
    last_at = GREATEST(session.last_at, u.last_at)
  FROM locked JOIN ${unnested([['id', 'integer'], ...SPAN], 2)} USING (id) WHERE session.id = locked.id`
const START = `${LOCKED} UPDATE session SET label_id = u.label_id
  FROM locked JOIN ${unnested(
    [
      ['id', 'integer'],
      ['label_id', 'integer'],
    ],
    2,
  )} USING (id) WHERE session.id = locked.id AND session.label_id = 0 RETURNING session.id`
const TURN = `${LOCKED} UPDATE session SET turn_at = u.turn_at
  FROM locked JOIN ${unnested(
    [
      ['id', 'integer'],
      ['turn_at', 'bigint'],
    ],
    2,
  )} USING (id) WHERE session.id = locked.id AND (session.turn_at IS NULL OR session.turn_at < u.turn_at)`

/** The sessions of a transaction. */
export class Sessions {
  readonly #hot: HotQueries
  readonly #known: StagedMap<string, KnownSession>
  readonly #refs: StagedMap<number, SessionRef>
  readonly #wider = new Map<number, { first: number; last: number }>()
  readonly #turns = new Map<number, number>()

  constructor(hot: HotQueries, known: StagedMap<string, KnownSession>, refs: StagedMap<number, SessionRef>) {
    this.#hot = hot
    this.#known = known
    this.#refs = refs
  }

  async intern(sessions: readonly SessionTouch[]): Promise<readonly number[]> {
    const touched = new Map<string, Touched>()
    for (const { source, session, first, last } of sessions) {
      const name = storable(session)
      const text = textOf(source, name)
      const other = touched.get(text)
      touched.set(text, {
        source,
        session: name,
        first: Math.min(first, other?.first ?? first),
        last: Math.max(last, other?.last ?? last),
      })
    }
    const found = new Map<string, KnownSession>()
    for (const text of touched.keys()) {
      const known = this.#known.get(text)
      if (known !== undefined) found.set(text, known)
    }
    const missing = () => [...touched].filter(([text]) => !found.has(text)).map(([, touch]) => touch)
    await this.#ask(FIND, missing(), found, ({ source, session }) => [source, session])
    const unknown = missing().sort((a, b) => (textOf(a.source, a.session) < textOf(b.source, b.session) ? -1 : 1))
    if (unknown.length > 0) {
      await this.#ask(INSERT, unknown, found, ({ source, session, first, last }) => [source, session, first, last])
      // Somebody else made them at the same time.
      await this.#ask(FIND, missing(), found, ({ source, session }) => [source, session])
    }
    for (const [text, touch] of touched) this.#widen(text, touch, found.get(text))
    return sessions.map(({ source, session }) => found.get(textOf(source, storable(session)))?.id ?? 0)
  }

  async ref(id: number): Promise<SessionRef> {
    await this.load([id])
    const ref = this.#refs.get(id)
    if (ref === undefined) throw new Error(`session ${id} is missing`)
    return ref
  }

  /** Reads the names of those that are not known yet. */
  async load(ids: readonly number[]): Promise<void> {
    const wanted = [...new Set(ids)].filter((id) => this.#refs.get(id) === undefined)
    if (wanted.length === 0) return
    const rows = await this.#hot.rows('SELECT id, source, ext_id FROM session WHERE id = ANY($1::integer[])', [wanted])
    for (const [id, source, session] of rows) {
      this.#refs.set(Number(id), { source: source as SourceName, session: String(session) })
    }
  }

  async start(sessions: ReadonlyMap<number, number>): Promise<readonly number[]> {
    const started = new Set<number>()
    for (const chunk of chunks(sorted(sessions))) {
      const [ids, labels] = transposed(chunk, 2)
      for (const [id] of await this.#hot.rows(START, [ids, ids, labels])) started.add(Number(id))
    }
    return [...sessions.keys()].filter((id) => started.has(id))
  }

  saveTurns(turns: readonly TurnRow[]): void {
    for (const { sessionId, time } of turns) {
      this.#turns.set(sessionId, Math.max(time, this.#turns.get(sessionId) ?? time))
    }
  }

  async flush(): Promise<void> {
    const wider = sorted(this.#wider).map(([id, { first, last }]) => [id, first, last])
    for (const chunk of chunks(wider)) {
      const [ids, firsts, lasts] = transposed(chunk, 3)
      await this.#hot.count(WIDEN, [ids, ids, firsts, lasts])
    }
    this.#wider.clear()
    for (const chunk of chunks(sorted(this.#turns))) {
      const [ids, times] = transposed(chunk, 2)
      await this.#hot.count(TURN, [ids, ids, times])
    }
    this.#turns.clear()
  }

  #widen(text: string, { first, last }: Touched, known: KnownSession | undefined): void {
    if (known === undefined || (first >= known.first && last <= known.last)) return
    const span = { first: Math.min(first, known.first), last: Math.max(last, known.last) }
    this.#known.set(text, { id: known.id, ...span })
    this.#wider.set(known.id, span)
  }

  async #ask(
    query: string,
    sessions: readonly Touched[],
    found: Map<string, KnownSession>,
    values: (session: Touched) => readonly unknown[],
  ): Promise<void> {
    for (const chunk of chunks(sessions)) {
      const rows = chunk.map(values)
      for (const [id, source, session, first, last] of await this.#hot.rows(
        query,
        transposed(rows, rows[0]?.length ?? 0),
      )) {
        const name = { source: source as SourceName, session: String(session) }
        const known = { id: Number(id), first: Number(first), last: Number(last) }
        const text = textOf(name.source, name.session)
        found.set(text, known)
        this.#known.set(text, known)
        this.#refs.set(known.id, name)
      }
    }
  }
}

function sorted<V>(map: ReadonlyMap<number, V>): [number, V][] {
  return [...map].sort(([a], [b]) => a - b)
}

function textOf(source: string, session: string): string {
  return `${source}\n${session}`
}
