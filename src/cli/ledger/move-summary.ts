import { TOKEN_CLASSES } from '../../core/usage.ts'
import { type Comparison, isComplete, type Sums } from '../../ledger/move/compare.ts'
import { escapeControls } from '../../lib/escape.ts'
import type { Output } from '../io.ts'
import { formatCount, formatUsdExact } from '../terminal/figures.ts'
import { wrap } from '../terminal/wrap.ts'

export interface MoveSummary {
  readonly comparison: Comparison
  /** A path, and a URL without its password. */
  readonly from: string
  readonly to: string
  readonly dryRun: boolean
}

/** Whether the database has everything of the file. */
export const isMoved = isComplete

/** What was moved, sum by sum, and what is to be done next. */
export function moveLines({ comparison, from, to, dryRun }: MoveSummary, { style, width }: Output): string[] {
  const { missing, better } = comparison
  const isDone = isMoved(comparison)
  const verdict = isDone
    ? style.green('The database has everything of the file.')
    : style.red(missing > 0 ? `The database lacks ${formatCount(missing)} responses.` : 'The sums differ.')
  return [
    `From  ${escapeControls(from)}`,
    `To    ${escapeControls(to)}`,
    '',
    ...table(comparison),
    '',
    verdict,
    ...[
      ...(better === 0
        ? []
        : [`Of ${formatCount(better)} responses it knows better numbers, from the logs of another machine.`]),
      ...nextSteps(isDone, dryRun),
    ].flatMap((text) => wrap(text, width, 0)),
  ]
}

function table({ source, target }: Comparison): string[] {
  const rows = [['', 'file', 'database'], ...ROWS.map(({ title, of }) => [title, of(source), of(target)])]
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => (row[column] ?? '').length)))
  return rows.map(([title = '', ...cells]) =>
    [title.padEnd(widths[0] ?? 0), ...cells.map((cell, index) => cell.padStart(widths[index + 1] ?? 0))]
      .join('  ')
      .trimEnd(),
  )
}

const ROWS: readonly { readonly title: string; readonly of: (sums: Sums) => string }[] = [
  { title: 'Responses', of: ({ responses }) => formatCount(responses) },
  { title: 'Sessions', of: ({ sessions }) => formatCount(sessions) },
  ...TOKEN_CLASSES.map((name, index) => ({
    title: `Tokens, ${name}`,
    of: ({ tokens }: Sums) => formatCount(tokens[index] ?? 0n),
  })),
  { title: 'Estimated cost', of: ({ estimatedPico }) => formatUsdExact(estimatedPico) },
  { title: 'Plan value', of: ({ planPico }) => formatUsdExact(planPico) },
]

function nextSteps(isDone: boolean, dryRun: boolean): string[] {
  if (!isDone) {
    return [
      dryRun
        ? 'Nothing was changed. Run it without --dry-run to move what is missing.'
        : 'Run the command again: it goes on where it stopped and counts nothing twice.',
    ]
  }
  const kept = 'The file was left as it is; once you are content, keep it as a backup or remove it.'
  return dryRun
    ? ['Nothing was changed.', kept]
    : ['Start the exporter with the same storage.url: it goes on where the file stopped and reads no log again.', kept]
}
