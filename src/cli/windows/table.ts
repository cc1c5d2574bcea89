import { durationText } from '../../core/duration-text.ts'
import { DEFAULT_ACCOUNT } from '../../core/plan-window.ts'
import { escapeControls } from '../../lib/escape.ts'
import type { PlanWindowState } from '../../plan-windows/state.ts'
import { localTime } from '../../report/period.ts'
import type { Output } from '../io.ts'
import { NOTHING } from '../report/cells.ts'
import { noteLines } from '../report/notes.ts'
import { formatRatio } from '../terminal/figures.ts'
import type { Style } from '../terminal/style.ts'
import { type Cell, type Column, renderTable } from '../terminal/table.ts'
import { wrap } from '../terminal/wrap.ts'
import type { ShownWindow, WindowsReport } from './report.ts'
import { settingsSnippet } from './status-command.ts'

const ACCOUNT: Column = { header: 'Account', align: 'left', shrinkTo: 8 }
const COLUMNS: readonly Column[] = [
  { header: 'Window', align: 'left', shrinkTo: 8 },
  { header: 'Used', align: 'decimal' },
  { header: 'Reset in', align: 'right' },
  { header: 'Reset at', align: 'left', dropOrder: 2 },
  { header: 'Seen', align: 'right', dropOrder: 1 },
  { header: 'Origin', align: 'left', dropOrder: 3 },
  { header: 'State', align: 'left', shrinkTo: 8 },
]

const STATES: Readonly<Record<PlanWindowState, string>> = {
  current: 'holds',
  over: 'reset since',
  old: 'too old',
  ahead: 'clock was ahead',
}

const WARNING_RATIO = 0.7
const CRITICAL_RATIO = 0.9

/** Lines for people; where nothing is known, what to do. */
export function windowsLines(report: WindowsReport, out: Output): string[] {
  const { windows, problems, timeZone } = report
  const lines = windows.length === 0 ? emptyLines(report, out) : tableLines(report, out)
  const troubles = problems.flatMap(({ account, problem }) =>
    wrap(`The file of the account ${account} cannot be used: ${escapeControls(problem)}.`, out.width, 2).map(
      out.style.yellow,
    ),
  )
  const notes = windows.length === 0 ? [] : noteLines('Times', `${timeZone}.`, out)
  return [...lines, ...troubles, ...notes]
}

function tableLines({ windows, now, timeZone }: WindowsReport, { style, width }: Output): string[] {
  // Those who have one account need not read its name.
  const hasAccounts = windows.some(({ account }) => account !== DEFAULT_ACCOUNT)
  const rows = windows.map((row) => ({
    cells: [...(hasAccounts ? [row.account] : []), ...cellsOf(row, now, timeZone, style)],
  }))
  return [...renderTable({ columns: [...(hasAccounts ? [ACCOUNT] : []), ...COLUMNS], rows }, width, style), '']
}

function cellsOf(row: ShownWindow, now: number, timeZone: string, style: Style): (Cell | string)[] {
  const { window, usedRatio, resetsAt, observedAt, state } = row
  const isCurrent = state === 'current'
  const paint = isCurrent ? paintOf(usedRatio, style) : style.dim
  return [
    window,
    { text: formatRatio(usedRatio), paint },
    resetsAt === null || resetsAt <= now ? NOTHING : durationText(resetsAt - now),
    resetsAt === null ? NOTHING : localTime(resetsAt, timeZone).slice(0, 16),
    observedAt > now ? NOTHING : `${durationText(now - observedAt)} ago`,
    row.origin,
    { text: STATES[state], ...(!isCurrent && { paint: style.yellow }) },
  ]
}

function paintOf(usedRatio: number, style: Style) {
  if (usedRatio >= CRITICAL_RATIO) return style.red
  return usedRatio >= WARNING_RATIO ? style.yellow : style.green
}

function emptyLines({ statusCommand }: WindowsReport, { width }: Output): string[] {
  return [
    ...wrap('No plan windows are known yet: no status line has told of any.', width),
    ...wrap('Claude Code tells of them to its status line. Add this to ~/.claude/settings.json:', width),
    '',
    ...settingsSnippet(statusCommand).split('\n'),
    '',
    ...wrap(
      'They appear after the first answer of a session, for Claude subscriptions only: with an API key there are no such limits.',
      width,
    ),
  ]
}
