import { amountOf, FIRST_TOKEN_CLASS, MEASURE, type Measures } from '../core/measures.ts'
import { DAY_MS, MINUTE_MS } from '../core/time.ts'
import type { ActiveSession, Delta, LabelRow, Ledger, RollupChange } from '../ledger/ledger.ts'
import { ACTIVE_MS } from './active.ts'
import { lastHour, slotOf, usualHours } from './habits/hour-windows.ts'
import { UseHistory } from './habits/use-history.ts'
import { usageLabels } from './labels.ts'
import type { HistoryReader } from './load-history.ts'
import type { HabitRow } from './snapshot.ts'

const USUAL_MS = 28 * DAY_MS
/** One day more than is looked at, because weeks of local time may be an hour longer. */
const KEPT_MS = USUAL_MS + DAY_MS
const ROWS_MAX = 500

export interface HabitViewOptions {
  /** Whose hours of the week are compared. */
  readonly timeZone: string
  readonly now: () => number
  /** A label as UsageView shows it, which must have been told of it before. */
  readonly label: (id: number) => LabelRow | undefined
}

type Subject = Pick<HabitRow, 'kind' | 'source' | 'name'>

interface Habit {
  readonly subject: Subject
  readonly history: UseHistory
  /** New tokens of the last 5 minutes. */
  activeTokens: number
  /** Remembered for as long as the slot runs and nothing older changes. */
  usualTokensPerMinute: number | null | undefined
}

/** What agents and projects do now beside what is usual for them, from four weeks of sums in memory. */
export class HabitView implements HistoryReader {
  readonly #options: HabitViewOptions
  readonly #habits = new Map<string, Habit>()
  /** Agent and project of each label. */
  readonly #habitsOfLabel = new Map<number, { readonly habits: readonly Habit[]; readonly isMetered: boolean }>()
  /** Start of the ledger's first slot. */
  #first: number | null = null
  #slot: number
  #minute = Number.NaN
  #rows: readonly HabitRow[] | null = null

  constructor(options: HabitViewOptions) {
    this.#options = options
    this.#slot = slotOf(options.now())
  }

  async prepare(ledger: Ledger): Promise<number> {
    const span = await ledger.span()
    if (span !== null) this.#noteFirst(slotOf(span.first))
    return this.#slot - KEPT_MS
  }

  addHistory(rows: readonly RollupChange[]): void {
    for (const { slot, label, values } of rows) this.#add(slot, label, values)
    this.#rows = null
  }

  /** To be called after UsageView has been told. */
  apply({ rollup }: Pick<Delta, 'rollup'>): void {
    this.#moveTo(this.#options.now())
    if (rollup.length > 0) this.addHistory(rollup)
  }

  /** The sessions of the last 5 minutes. */
  setActive(sessions: readonly ActiveSession[]): void {
    for (const habit of this.#habits.values()) habit.activeTokens = 0
    for (const { label, newTokens } of sessions) {
      for (const habit of this.#ofLabel(label)?.habits ?? []) habit.activeTokens += newTokens
    }
    this.#rows = null
  }

  /** Those with use in the last 24 hours, at most 500 of a kind, the largest first. */
  part(): readonly HabitRow[] {
    const now = this.#options.now()
    const minute = Math.floor(now / MINUTE_MS)
    if (this.#rows !== null && minute === this.#minute) return this.#rows
    this.#moveTo(now)
    this.#minute = minute
    this.#rows = [...this.#largest('agent'), ...this.#largest('project')].map(this.#rowMaker(now))
    return this.#rows
  }

  #largest(kind: HabitRow['kind']): readonly Habit[] {
    const used: { readonly habit: Habit; readonly tokens: number }[] = []
    for (const habit of this.#habits.values()) {
      if (habit.subject.kind !== kind) continue
      const tokens = habit.history.newTokens(this.#slot - DAY_MS, this.#slot + 1)
      if (tokens !== null || habit.activeTokens > 0) used.push({ habit, tokens: tokens ?? 0 })
    }
    return used
      .sort((a, b) => b.tokens - a.tokens)
      .slice(0, ROWS_MAX)
      .map(({ habit }) => habit)
  }

  #rowMaker(now: number): (habit: Habit) => HabitRow {
    const hour = lastHour(now)
    const usual = usualHours(now, this.#options.timeZone, this.#first)
    const elapsedMs = now - hour.last
    return (habit) => {
      const { subject, history, activeTokens } = habit
      if (habit.usualTokensPerMinute === undefined) {
        habit.usualTokensPerMinute = history.usualTokensPerMinute(this.#slot - USUAL_MS, hour.start)
      }
      const usualPico = usual.reduce((sum, window) => sum + history.costUntil(window, elapsedMs), 0n)
      return {
        ...subject,
        costLastHourPico: history.cost(hour),
        usualHourCostPico: usual.length === 0 ? null : usualPico / BigInt(usual.length),
        tokensPerMinute: activeTokens / (ACTIVE_MS / MINUTE_MS),
        usualTokensPerMinute: habit.usualTokensPerMinute,
      }
    }
  }

  #add(slot: number, label: number, values: Measures): void {
    this.#noteFirst(slot)
    if (slot < this.#slot - KEPT_MS) return
    const known = this.#ofLabel(label)
    if (known === undefined) return
    const costPico = known.isMetered ? amountOf(values, 'cost_usd') : 0n
    for (const habit of known.habits) {
      habit.history.add(slot, costPico, newTokensOf(values))
      if (slot < this.#slot) habit.usualTokensPerMinute = undefined
    }
  }

  #ofLabel(id: number): { readonly habits: readonly Habit[]; readonly isMetered: boolean } | undefined {
    const known = this.#habitsOfLabel.get(id)
    if (known !== undefined) return known
    const label = this.#options.label(id)
    if (label === undefined) return undefined
    const { source, agent, project } = usageLabels(label)
    const habits = [
      this.#habit({ kind: 'agent', source, name: agent }),
      this.#habit({ kind: 'project', source: '', name: project }),
    ]
    const entry = { habits, isMetered: label.billing === 'metered' }
    this.#habitsOfLabel.set(id, entry)
    return entry
  }

  #habit(subject: Subject): Habit {
    const key = JSON.stringify([subject.kind, subject.source, subject.name])
    let habit = this.#habits.get(key)
    if (habit === undefined) {
      habit = { subject, history: new UseHistory(), activeTokens: 0, usualTokensPerMinute: undefined }
      this.#habits.set(key, habit)
    }
    return habit
  }

  #noteFirst(slot: number): void {
    this.#first = Math.min(this.#first ?? slot, slot)
  }

  #moveTo(now: number): void {
    const slot = slotOf(now)
    if (slot === this.#slot) return
    // One move behind, so that a clock may jump ahead and be put right.
    const keptFrom = Math.min(slot, this.#slot) - KEPT_MS
    this.#slot = slot
    for (const habit of this.#habits.values()) {
      habit.usualTokensPerMinute = undefined
      habit.history.forgetBefore(keptFrom)
    }
  }
}

/** Tokens of all classes but cache reads. */
function newTokensOf(values: Measures): number {
  const at = (index: number) => Number(values[index] ?? 0)
  return at(FIRST_TOKEN_CLASS) + at(MEASURE.cache_write_5m) + at(MEASURE.cache_write_1h) + at(MEASURE.output)
}
