import type { Overview } from '../../overview/overview.ts'
import { percentText } from '../figures.ts'
import { timeText } from '../times.ts'
import { nameInCell } from './inline.ts'
import { left, right, table } from './table.ts'

/** Limits of subscriptions. */
export function planWindowLines({ windows: { rows }, at }: Overview): string[] {
  if (rows.length === 0) {
    return [
      'No limit of a subscription is known: they are told by the status line of Claude Code (`claude-usage-exporter statusline`).',
    ]
  }
  return table(
    [left('Account'), left('Window'), right('Used'), left('Renewed'), left('As told at')],
    rows.map(({ account, window, usedRatio, resetsAt, observedAt }) => [
      nameInCell(account),
      nameInCell(window),
      percentText(usedRatio),
      resetsAt === null ? 'unknown' : `${timeText(resetsAt)}${Date.parse(resetsAt) <= at ? ' (has passed)' : ''}`,
      timeText(observedAt),
    ]),
  )
}
