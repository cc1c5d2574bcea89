import type { Command } from 'commander'
import { helpBelow } from '../help.ts'
import type { Io } from '../io.ts'
import { addReportOptions } from './options.ts'

const READING =
  'Beside a running exporter it shows what that has read; without one it reads the logs first. The flags of the exporter, such as --storage.path and --config.file, work here too.'

const JSON_SHAPE = `
JSON: tokens {input, cacheWrite5m, cacheWrite1h, cacheRead, output, total}, requests, webSearches,
estimatedCostUsd, planValueUsd, unpricedTokens, cacheHitRatio, cacheSavingsUsd and cacheSavingsOfPlanUsd wherever
usage is shown. Tokens without a known price are in unpricedTokens and in no amount. Times are RFC 3339 with the offset
of the zone.`

/** Adds the reports over the ledger. */
export function addReports(program: Command, io: Io, helpGroup: string): void {
  addSummary(program, io, helpGroup)
  for (const { name, summary, description, examples } of GROUP_COMMANDS) {
    const command = program.command(name).helpGroup(helpGroup).summary(summary).description(`${description} ${READING}`)
    addReportOptions(command)
    command.addHelpText('after', helpBelow(afterText(examples))).action(async (_options, self: Command) => {
      const [{ runReport }, { groupReport }, { GROUP_REPORTS }] = await loadReports()
      await runReport(io, self, groupReport(GROUP_REPORTS[name]))
    })
  }
  addExplain(program, io, helpGroup)
}

const GROUP_COMMANDS = [
  {
    name: 'daily',
    summary: 'a row per day',
    description: 'Tokens, requests and cost per local day, of the last 30 days unless told otherwise.',
    examples: ['daily', 'daily --days 7 --by project', 'daily --since 2026-05 --until 2026-05 --json'],
  },
  {
    name: 'models',
    summary: 'a row per model, with its share of the cost',
    description: 'Tokens, requests and cost per model, the most expensive first, over the last 30 days.',
    examples: ['models --days all', 'models --by provider,project'],
  },
  {
    name: 'projects',
    summary: 'a row per project, with sessions and the average of one',
    description: 'Tokens, requests and cost per project, with the number of sessions and the average cost of one.',
    examples: ['projects --days 7', 'projects --by branch --project shop'],
  },
  {
    name: 'agents',
    summary: 'a row per agent and sub-agent',
    description: 'Tokens, requests and cost per source and agent; `none` is the main agent of a session.',
    examples: ['agents', 'agents --source claude-code --sort tokens'],
  },
  {
    name: 'machines',
    summary: 'a row per machine, with when it was last heard of',
    description:
      'Tokens, requests and cost per machine whose logs told of them first, with its last sign of life, when its logs were last read, and its newest response. Machines without use are listed too.',
    examples: ['machines', 'machines --days 7 --by project', 'daily --by machine', 'models --machine build-1'],
  },
  {
    name: 'sessions',
    summary: 'the most expensive sessions',
    description:
      'The most expensive sessions with begin, duration, agent, project and models; what they used within the period counts. The first 20 unless told otherwise.',
    examples: ['sessions --since today', 'sessions --sort last --top 5'],
  },
] as const

function addSummary(program: Command, io: Io, helpGroup: string): void {
  const command = program
    .command('summary')
    .helpGroup(helpGroup)
    .summary('spending today, in 7 days, this month and in all')
    .description(
      `Cost, tokens by class and cache hits today, in the last 7 days (rolling), in the month so far and of all time, or in the one period given. --by adds what the cost of each consists of. ${READING}`,
    )
  addReportOptions(command)
  command
    .addHelpText(
      'after',
      helpBelow(afterText(['summary', 'summary --by project --top 5', 'summary --since 2026-05-01 --json'])),
    )
    .action(async (_options, self: Command) => {
      const [{ runReport }, { summaryReport }] = await loadReports()
      await runReport(io, self, summaryReport)
    })
}

function addExplain(program: Command, io: Io, helpGroup: string): void {
  const command = program
    .command('explain')
    .helpGroup(helpGroup)
    .argument('<session|day>', 'A session id, the beginning of one, or a day: 2026-05-04, today, yesterday.')
    .summary("how a session's or a day's cost comes about")
    .description(
      `Shows how a cost comes about: per model and price the tokens of each class, the unit price with its date and factors, and the amount. Amounts are exact and add up to the last digit. ${READING}`,
    )
  addReportOptions(command)
  command
    .addHelpText(
      'after',
      helpBelow(afterText(['explain today', 'explain 6f1e2d3c', 'explain yesterday --by project --json'])),
    )
    .action(async (text: string, _options, self: Command) => {
      const [{ runReport }, { explainReport }] = await loadReports()
      await runReport(io, self, explainReport(text))
    })
}

function afterText(examples: readonly string[]): string {
  const lines = examples.map((example) => `  claude-usage-exporter ${example}`)
  return `${JSON_SHAPE}\n\nExamples:\n${lines.join('\n')}`
}

function loadReports() {
  return Promise.all([import('./run-report.ts'), import('./reports.ts'), import('../../report/group-report.ts')])
}
