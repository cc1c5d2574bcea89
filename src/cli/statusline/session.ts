import { escapeControls } from '../../lib/escape.ts'
import { ownValue } from '../../lib/own-value.ts'

/** What Claude Code tells of the session, as far as it is shown; null where it says nothing usable. */
export interface SessionFacts {
  /** Name for people, on one line and without control characters. */
  readonly model: string | null
  /** Share of the context window that is taken. */
  readonly contextRatio: number | null
  /** US dollars. */
  readonly costUsd: number | null
}

const MAX_MODEL_CHARACTERS = 60
const MAX_PERCENT = 100_000
const MAX_USD = 1e9

export function sessionFacts(input: unknown): SessionFacts {
  const percent = amountOf(ownValue(ownValue(input, 'context_window'), 'used_percentage'), MAX_PERCENT)
  return {
    model: modelOf(ownValue(input, 'model')),
    contextRatio: percent === null ? null : percent / 100,
    costUsd: amountOf(ownValue(ownValue(input, 'cost'), 'total_cost_usd'), MAX_USD),
  }
}

function modelOf(model: unknown): string | null {
  for (const name of [ownValue(model, 'display_name'), ownValue(model, 'id'), model]) {
    if (typeof name !== 'string' || name.trim() === '') continue
    return escapeControls(name.slice(0, MAX_MODEL_CHARACTERS).trim())
  }
  return null
}

function amountOf(value: unknown, max: number): number | null {
  return typeof value === 'number' && value >= 0 && value <= max ? value : null
}
