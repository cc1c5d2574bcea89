import type { BudgetState } from '../../core/budget.ts'
import { durationText } from '../../core/duration-text.ts'
import type { Overview } from '../../overview/overview.ts'
import { count, nothing } from '../figures.ts'
import { type Html, html } from '../html.ts'
import { type Moment, when } from '../moment.ts'
import { name, sentence } from '../names.ts'
import { empty, section } from '../section.ts'
import { chip } from '../state.ts'
import { table } from '../table.ts'

type Run = Overview['runs']['rows'][number]

/** The newest entries of the run log. */
export function runsSection({ runs: { rows } }: Overview, moment: Moment): Html {
  if (rows.length === 0) {
    return section(
      'runs',
      'Last runs',
      empty('Nothing has run yet: runs are kept of reading the API of an organisation.'),
    )
  }
  return section(
    'runs',
    'Last runs',
    table<Run>({
      caption: 'The last runs, the newest first',
      rows,
      key: ({ id }) => String(id),
      columns: [
        { header: 'Started', cell: ({ startedAt }) => when(startedAt, moment) },
        { header: 'Result', cell: resultOf },
        { header: 'Source', cell: ({ source }) => name(source) },
        { header: 'Cause', cell: ({ cause }) => cause.replaceAll('_', ' ') },
        {
          header: 'Took',
          isNumber: true,
          cell: ({ durationSeconds: s }) =>
            s === null ? nothing('it runs still, or ended without a word') : durationText(s * 1_000),
        },
        {
          header: 'Rows changed',
          isNumber: true,
          cell: ({ changes }) => count(changes.added + changes.changed + changes.removed, null),
        },
      ],
    }),
  )
}

const RESULTS: Readonly<Record<Run['result'], readonly [BudgetState, string]>> = {
  running: ['unknown', 'running'],
  ok: ['ok', 'ok'],
  partial: ['warning', 'partly read'],
  failed: ['critical', 'failed'],
  interrupted: ['warning', 'interrupted'],
}

function resultOf({ result, reason, error }: Run): Html {
  const why = error ?? reason
  return html`${chip(...RESULTS[result])}${why === null ? null : html`<span class="why">${sentence(why)}</span>`}`
}
