import { assess } from '../../../src/budgets/assess.ts'
import { SlotSeries } from '../../../src/budgets/slot-series.ts'
import { ALERT_THRESHOLDS } from '../../../src/core/alert-thresholds.ts'
import type { Budget } from '../../../src/core/budget.ts'
import { FIRST_TOKEN_CLASS, MEASURE, zeroMeasures } from '../../../src/core/measures.ts'
import { PICO_PER_USD } from '../../../src/core/money.ts'
import type { ActiveSession, LabelRow, RollupChange } from '../../../src/ledger/ledger.ts'
import { HabitView } from '../../../src/view/habit-view.ts'
import { STEP_MS, type Use } from './team-use.ts'

const SLOT_MS = 900_000
const CACHE_READ = MEASURE.cache_read

/** The starter set: $10 a day, a million tokens a week, $200 a month. */
const BUDGETS: readonly Budget[] = [
  budget('daily', 'estimated_cost', 10n * PICO_PER_USD, 'day'),
  budget('weekly', 'session_tokens', 1_000_000n, 'week'),
  budget('monthly', 'estimated_cost', 200n * PICO_PER_USD, 'month'),
]

/**
 * What the exporter tells every 5 minutes from `from` to `to`, as input series of promtool, with the budgets and habits
 * reckoned by the exporter's own arithmetic. Its history begins with the first use.
 */
export function weekSeries(uses: readonly Use[], { from, to }: { readonly from: number; readonly to: number }) {
  const samples = new Samples((to - from) / STEP_MS)
  const state = new State(from)
  const first = Math.min(...uses.map(({ time }) => time))
  const ordered = [...uses].sort((a, b) => a.time - b.time)
  let next = 0
  for (; (ordered[next]?.time ?? to) < from; next += 1) state.use(ordered.slice(next, next + 1))
  state.loaded()
  for (let time = from; time < to; time += STEP_MS) {
    const begin = next
    while ((ordered[next]?.time ?? to) < time + STEP_MS) next += 1
    samples.moveTo((time - from) / STEP_MS)
    state.tell(samples, { now: time + STEP_MS - 1, first, uses: ordered.slice(begin, next) })
  }
  return samples.inputSeries()
}

class State {
  #now: number
  readonly #usd = new SlotSeries()
  readonly #tokens = new SlotSeries()
  readonly #labels = new Map<string, LabelRow>()
  readonly #counters = new Map<LabelRow, { input: number; cacheRead: number }>()
  #history: RollupChange[] = []
  readonly #habits: HabitView

  constructor(now: number) {
    this.#now = now
    this.#habits = new HabitView({
      timeZone: 'UTC',
      now: () => this.#now,
      label: (id) => [...this.#labels.values()].find((label) => label.id === id),
    })
  }

  use(uses: readonly Use[]): readonly RollupChange[] {
    const changes = uses.map(({ time, agent, project, costPico, newTokens, cacheReadTokens }) => {
      const slot = Math.floor(time / SLOT_MS) * SLOT_MS
      const label = this.#label(agent, project)
      this.#usd.add(slot, costPico)
      this.#tokens.add(slot, BigInt(newTokens))
      const counter = this.#counters.get(label) ?? { input: 0, cacheRead: 0 }
      this.#counters.set(label, {
        input: counter.input + newTokens,
        cacheRead: counter.cacheRead + cacheReadTokens,
      })
      const values = zeroMeasures()
      values[FIRST_TOKEN_CLASS] = newTokens
      values[CACHE_READ] = cacheReadTokens
      values[MEASURE.cost_pico] = costPico
      return { slot, label: label.id, values }
    })
    this.#history.push(...changes)
    return changes
  }

  /** Hands over what was before. */
  loaded(): void {
    this.#habits.addHistory(this.#history)
    this.#history = []
  }

  tell(samples: Samples, { now, first, uses }: { now: number; first: number; uses: readonly Use[] }): void {
    this.#now = now
    this.#habits.apply({ rollup: this.use(uses) })
    this.#habits.setActive(uses.map((use) => this.#session(use)))
    this.#history = []
    for (const one of BUDGETS) this.#tellBudget(samples, one, { now, first })
    for (const row of this.#habits.part()) {
      const name = row.kind === 'agent' ? `source="${row.source}",agent="${row.name}"` : `project="${row.name}"`
      samples.add(`claude_${row.kind}_cost_last_hour_usd{${name}}`, Number(row.costLastHourPico) / 1e12)
      const usual = row.usualHourCostPico
      if (usual !== null) samples.add(`claude_${row.kind}_cost_usual_hour_usd{${name}}`, Number(usual) / 1e12)
      samples.add(`claude_${row.kind}_tokens_per_minute{${name}}`, row.tokensPerMinute)
      if (row.usualTokensPerMinute !== null) {
        samples.add(`claude_${row.kind}_usual_tokens_per_minute{${name}}`, row.usualTokensPerMinute)
      }
    }
    for (const [{ agent, project }, { input, cacheRead }] of this.#counters) {
      const labels = `source="claude-code",agent="${agent}",project="${project}",provider="p",model="m"`
      samples.add(`claude_tokens_total{${labels},token_type="input"}`, input)
      samples.add(`claude_tokens_total{${labels},token_type="cache_read"}`, cacheRead)
    }
    for (const { name, default: value } of ALERT_THRESHOLDS) {
      samples.add(`claude_alert_threshold{threshold="${name}"}`, value)
    }
    for (const family of ['up', 'claude_exporter_build_info', 'claude_exporter_load_complete'])
      samples.add(`${family}{}`, 1)
  }

  #tellBudget(samples: Samples, one: Budget, { now, first }: { now: number; first: number }): void {
    const amounts = one.basis === 'session_tokens' ? this.#tokens : this.#usd
    const data = { from: first, to: now, problem: null }
    const figures = assess({ budget: one, now, amounts, data, unpricedTokens: 0n, forecast: null, forecastErrors: [] })
    const add = (family: string, value: number | null) => {
      if (value !== null) samples.add(`claude_budget_${family}{budget="${one.name}"}`, value)
    }
    add('used_ratio', figures.usedRatio)
    add('elapsed_ratio', figures.elapsedRatio)
    add('period_start_timestamp_seconds', figures.period.start / 1_000)
    add('period_end_timestamp_seconds', figures.period.end / 1_000)
    add('burn_rate_1h', figures.burnRate1h)
    add('burn_rate_6h', figures.burnRate6h)
    add('burn_rate_3d', figures.burnRate3d)
    samples.add(`claude_budget_threshold_ratio{budget="${one.name}",severity="critical"}`, one.criticalRatio)
  }

  #label(agent: string, project: string): LabelRow {
    const key = `${agent}\n${project}`
    const known = this.#labels.get(key)
    if (known !== undefined) return known
    const label: LabelRow = {
      id: this.#labels.size + 1,
      source: 'claude-code',
      agent,
      project,
      provider: 'p',
      model: 'm',
      modelId: 'm',
      branch: 'main',
      billing: 'metered',
      machine: 'm',
      exposed: true,
      zeroUntil: 0,
      folded: false,
    }
    this.#labels.set(key, label)
    return label
  }

  #session({ time, agent, project, newTokens, cacheReadTokens }: Use): ActiveSession {
    return {
      source: 'claude-code',
      session: `${project} ${time}`,
      label: this.#label(agent, project).id,
      tokens: newTokens + cacheReadTokens,
      newTokens,
      requests: 1,
      unattendedRequests: null,
      last: time,
    }
  }
}

/** Values by series; `_` where there is none. */
class Samples {
  readonly #series = new Map<string, string[]>()
  readonly #count: number
  #index = 0

  constructor(count: number) {
    this.#count = count
  }

  moveTo(index: number): void {
    this.#index = index
  }

  add(series: string, value: number): void {
    const values = this.#series.get(series) ?? new Array<string>(this.#count).fill('_')
    values[this.#index] = String(value)
    this.#series.set(series, values)
  }

  inputSeries() {
    return [...this.#series].map(([series, values]) => ({
      series: series.replace('{', '{job="claude",instance="a",').replace(',}', '}'),
      values: values.join(' '),
    }))
  }
}

function budget(name: string, basis: Budget['basis'], limit: bigint, kind: 'day' | 'week' | 'month'): Budget {
  return {
    name,
    origin: 'configured',
    basis,
    limit,
    tokenClasses: [],
    period: { kind, days: 0, weekStart: 1, billingDay: 1, timeZone: 'UTC' },
    scope: {},
    warningRatio: 0.75,
    criticalRatio: 0.9,
    severity: 'critical',
    owner: 'none',
    since: Number.NEGATIVE_INFINITY,
    until: Number.POSITIVE_INFINITY,
    maxDataAgeMs: 900_000,
  }
}
