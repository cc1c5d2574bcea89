import type { Config } from './config.ts'
import type { ReportEntry } from './reports.ts'
import type { Rule, RuleProblem } from './rules.ts'

/** What the keys of reports only get wrong together: within one, then among all. */
export const reportRules: readonly Rule[] = [
  {
    reads: ['reports'],
    check: ({ reports }, where) => [
      ...reports.flatMap((entry, index) => entryProblems(entry, index)),
      ...reports.flatMap((entry, index) => sharedOutput(reports, entry, index, (path) => where('reports', path))),
    ],
  },
  {
    reads: ['reports', 'storage.path'],
    check: ({ reports, storage }) =>
      reports.flatMap((entry, index) => (isOfLedger(entry, storage) ? [ledgerProblem(index)] : [])),
  },
]

function entryProblems({ every, cron, time_zone: timeZone }: ReportEntry, index: number): RuleProblem[] {
  if (every !== undefined && cron !== undefined) {
    return [
      {
        within: [index, 'cron'],
        text: 'a report has every as well as cron',
        fix: 'Keep one of every and cron: both say when the report is written.',
      },
    ]
  }
  if (timeZone === undefined || cron !== undefined) return []
  return [
    {
      within: [index, 'time_zone'],
      text: 'the time_zone of a report is that of its cron expressions, and it has none',
      fix: 'Give the report cron, or take its time_zone away: the days in it follow time_zone of the whole configuration.',
    },
  ]
}

/** Of several reports in one file each would destroy the others. */
function sharedOutput(
  all: readonly ReportEntry[],
  { output }: ReportEntry,
  index: number,
  where: (path: readonly PropertyKey[]) => string,
): RuleProblem[] {
  const first = all.findIndex((other) => other.output === output)
  if (first === index) return []
  return [
    {
      within: [index, 'output'],
      text: `another report (${where([first, 'output'])}) is written to the same file`,
      fix: 'Give every report a file of its own.',
    },
  ]
}

function isOfLedger({ output }: ReportEntry, { path }: Config['storage']): boolean {
  const folder = path.replace(/[/\\]+$/, '')
  return output.startsWith(folder) && /^[/\\]ledger\.sqlite/.test(output.slice(folder.length))
}

function ledgerProblem(index: number): RuleProblem {
  return {
    within: [index, 'output'],
    text: 'a report would take the place of the ledger',
    fix: 'Give the report a file in another folder than storage.path.',
  }
}
