import type { PlanWindow } from '../../core/plan-window.ts'
import type { FamilyInfo, Sample } from '../definition.ts'
import { metric } from '../definition.ts'

const ABSENT =
  'Told by Claude Code to its status line (`claude-usage-exporter statusline`), never computed. Absent when the reset ' +
  'has passed, and when the reading is older than 24 hours (5 hours for the window "5h").'

/** Limits of subscriptions, as Claude Code tells them to its status line. */
export const planWindowDefinitions = [
  numbers(
    {
      name: 'claude_plan_window_used_ratio',
      help: `Used share of a limit of a Claude subscription, not clamped. ${ABSENT}`,
      unit: 'ratio',
    },
    (row) => row.usedRatio,
  ),
  numbers(
    {
      name: 'claude_plan_window_reset_timestamp_seconds',
      help: `When the limit is reset, Unix time in seconds. Also absent where that was not told. ${ABSENT}`,
      unit: 'seconds',
    },
    (row) => (row.resetsAt === null ? null : row.resetsAt / 1_000),
  ),
  numbers(
    {
      name: 'claude_plan_window_observed_timestamp_seconds',
      help:
        'When Claude Code last told of the limit, Unix time in seconds: time() less this is the age of the reading. ' +
        'Use elsewhere since then, on the web for example, is not in it.',
      unit: 'seconds',
    },
    (row) => row.observedAt / 1_000,
  ),
]

function numbers(info: Omit<FamilyInfo, 'type'>, value: (row: PlanWindow) => number | null) {
  return metric({
    ...info,
    type: 'gauge',
    labels: ['account', 'window', 'origin'],
    collector: 'budgets',
    read: (snapshot) =>
      snapshot.planWindows.flatMap((row): Sample<'account' | 'window' | 'origin'>[] => {
        const number = value(row)
        return number === null ? [] : [[labelsOf(row), number]]
      }),
  })
}

const labelSets = new WeakMap<PlanWindow, Readonly<Record<'account' | 'window' | 'origin', string>>>()

function labelsOf(row: PlanWindow) {
  const { account, window, origin } = row
  const labels = labelSets.get(row) ?? { account, window, origin }
  labelSets.set(row, labels)
  return labels
}
