import { accumulate, isZero, MEASURE, type Measures, zeroMeasures } from '../core/measures.ts'
import { PICO_PER_USD } from '../core/money.ts'
import { type Changed, type Label, type LabelRow, SLOT_MS } from './ledger.ts'
import type { LedgerTransaction, MessageRow, PartRow } from './transaction.ts'

/** Collects what a transaction does to the sums, so that each sum is written once. */
export class Changes {
  readonly #tx: LedgerTransaction
  readonly #rollup = new Map<string, { slot: number; label: number; session: number; values: Measures }>()
  readonly #counters = new Map<number, { published: Measures; reversed: Measures }>()
  readonly #labels = new Map<number, LabelRow>()
  readonly #started = new Map<number, number>()

  constructor(tx: LedgerTransaction) {
    this.#tx = tx
  }

  async internLabels(
    labels: readonly Label[],
    exposure: { exposed: boolean; zeroUntil: number },
  ): Promise<readonly LabelRow[]> {
    const rows = await this.#tx.internLabels(labels, exposure)
    for (const row of rows) this.#labels.set(row.id, row)
    return rows
  }

  /** The same parts under the labels of another owner. */
  async relabel(parts: readonly PartRow[], owner: MessageRow): Promise<readonly PartRow[]> {
    const ownerLabel = await this.#label(owner.parts[0]?.labelId ?? 0)
    const { agent, project, branch, billing, machine, exposed, zeroUntil } = ownerLabel
    const labels: Label[] = []
    for (const part of parts) {
      const { source, provider, model, modelId } = await this.#label(part.labelId)
      labels.push({ source, provider, model, modelId, agent, project, branch, billing, machine })
    }
    const rows = await this.internLabels(labels, { exposed, zeroUntil })
    return parts.map((part, index) => ({ ...part, labelId: rows[index]?.id ?? 0 }))
  }

  /** Adds a response to the rollup, or takes it out. */
  contribute(row: MessageRow, sign: 1 | -1): void {
    const slot = Math.floor(row.at / SLOT_MS) * SLOT_MS
    for (const part of row.parts) {
      const id = `${slot}:${part.labelId}:${row.sessionId}`
      let sum = this.#rollup.get(id)
      if (sum === undefined) {
        sum = { slot, label: part.labelId, session: row.sessionId, values: zeroMeasures() }
        this.#rollup.set(id, sum)
      }
      accumulate(sum.values, part.values, sign)
    }
  }

  /** Shows a response in the counters for the first time. */
  async publish(row: MessageRow): Promise<void> {
    for (const part of row.parts) accumulate(this.#counter(part.labelId).published, part.values)
    const main = row.parts[0]
    if (main && !this.#started.has(row.sessionId)) this.#started.set(row.sessionId, main.labelId)
  }

  /** Changes what the counters show of a response: what rises is added, what would fall is put on the other side. */
  async revise(before: MessageRow, after: MessageRow | null): Promise<void> {
    const differences = new Map<number, Measures>()
    const add = (row: MessageRow | null, sign: 1 | -1) => {
      for (const part of row?.parts ?? []) {
        const values = differences.get(part.labelId) ?? zeroMeasures()
        differences.set(part.labelId, accumulate(values, part.values, sign))
      }
    }
    add(before, -1)
    add(after, 1)
    for (const [labelId, values] of differences) {
      const counter = this.#counter(labelId)
      if ((await this.#label(labelId)).exposed) {
        const [rises, falls] = splitBySign(values)
        accumulate(counter.published, rises)
        accumulate(counter.reversed, falls)
      } else {
        accumulate(counter.published, values)
      }
    }
  }

  async flush(): Promise<Changed> {
    const rollup = [...this.#rollup.values()].filter(({ values }) => !isZero(values))
    rollup.sort((a, b) => a.slot - b.slot || a.label - b.label || a.session - b.session)
    for (const { slot, label, session, values } of rollup) await this.#tx.addRollup(slot, label, session, values)
    const counters = [...this.#counters].map(([label, sums]) => ({ label, ...sums })).sort((a, b) => a.label - b.label)
    for (const { label, published, reversed } of counters) {
      if (!isZero(published)) await this.#tx.addCounter(label, 0, published)
      if (!isZero(reversed)) await this.#tx.addCounter(label, 1, reversed)
    }
    const sessions = await this.#startSessions()
    return {
      labels: await this.#labelsOf([...rollup, ...counters, ...sessions]),
      rollup,
      counters,
      sessions,
      tallies: [],
      claims: false,
    }
  }

  /** Labels that were only looked up, for what turned out to be known, are nobody's yet. */
  async #labelsOf(changes: readonly { readonly label: number }[]): Promise<LabelRow[]> {
    const labels: LabelRow[] = []
    for (const id of new Set(changes.map(({ label }) => label))) labels.push(await this.#label(id))
    return labels.sort((a, b) => a.id - b.id)
  }

  /** Sessions found while history loads are counted at its end, under the label of their first response. */
  async #startSessions(): Promise<Changed['sessions']> {
    const exposed = new Map<number, number>()
    for (const [session, labelId] of this.#started) {
      if ((await this.#label(labelId)).exposed) exposed.set(session, labelId)
    }
    if (exposed.size === 0) return []
    const started = await this.#tx.startSessions(exposed)
    const counts = new Map<number, number>()
    for (const session of started) {
      const labelId = exposed.get(session) ?? 0
      counts.set(labelId, (counts.get(labelId) ?? 0) + 1)
    }
    const starts: Changed['sessions'][number][] = []
    for (const [label, sessions] of counts) {
      starts.push({ source: (await this.#label(label)).source, label, sessions })
    }
    return starts
  }

  #counter(labelId: number): { published: Measures; reversed: Measures } {
    let counter = this.#counters.get(labelId)
    if (counter === undefined) {
      counter = { published: zeroMeasures(), reversed: zeroMeasures() }
      this.#counters.set(labelId, counter)
    }
    return counter
  }

  async #label(id: number): Promise<LabelRow> {
    const known = this.#labels.get(id)
    if (known) return known
    const row = await this.#tx.label(id)
    this.#labels.set(id, row)
    return row
  }
}

const MONEY = [MEASURE.cost_usd, MEASURE.saved_usd, MEASURE.premium_usd]

/** The rises and the falls among differences, both as non-negative numbers; an amount of money is one number. */
function splitBySign(values: Measures): [Measures, Measures] {
  const rises = zeroMeasures()
  const falls = zeroMeasures()
  for (let index = 0; index < values.length; index++) {
    const value = values[index] ?? 0
    if (MONEY.includes(index - 1)) continue
    const isFall = MONEY.includes(index) ? moneyAt(values, index) < 0n : value < 0
    const into = isFall ? falls : rises
    const width = MONEY.includes(index) ? 2 : 1
    for (let offset = 0; offset < width; offset++) {
      const part = values[index + offset] ?? 0
      into[index + offset] = isFall ? (typeof part === 'bigint' ? -part : 0 - part) : part
    }
  }
  return [rises, falls]
}

function moneyAt(values: Measures, index: number): bigint {
  return BigInt(values[index] ?? 0) * PICO_PER_USD + BigInt(values[index + 1] ?? 0)
}
