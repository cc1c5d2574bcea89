import { describe, expect, it } from 'vitest'
import { refusal } from './load-from.ts'

const USD = 'dollars above 0 and up to 1000000000, with at most twelve decimals, such as 10 or 49.99'
const TOKENS = 'a whole number of tokens from 1 to 10^15, such as 1000000, 1_000_000, 500k or 1M'
const PERIOD = 'hour, day, week, month, quarter, or a number of days from 1d to 366d that always end now, such as 7d'
const SHARE = 'a share of the limit above 0 and at most 1 (from 1 on a budget is exceeded anyway), such as 0.75'
const NAME = 'a name of 1 to 63 letters, digits, _, . and -'
const PATTERN = 'a text such as web or web-*, or a list of them; numbers in quotes'
const DATE = 'a date such as 2026-03-13'

/** A budget with one wrong value each; `column` is where it stands. */
const VALUES: readonly [wrong: string, budget: string, at: string, message: string][] = [
  ['no name', '{limit_usd: 1, period: day}', '2:5: budgets[0].name', `missing; expected ${NAME}`],
  [
    'a blank in the name',
    '{name: a b, limit_usd: 1, period: day}',
    '2:12: budgets[0].name',
    `expected ${NAME} (got "a b")`,
  ],
  ['no period', '{name: a, limit_usd: 1}', '2:5: budgets[0].period', `missing; expected ${PERIOD}`],
  [
    'a period of hours',
    '{name: a, limit_usd: 1, period: 24h}',
    '2:37: budgets[0].period',
    `expected ${PERIOD} (got "24h")`,
  ],
  [
    'a period of no days',
    '{name: a, limit_usd: 1, period: 0d}',
    '2:37: budgets[0].period',
    `expected ${PERIOD} (got "0d")`,
  ],
  [
    'a limit of nothing',
    '{name: a, limit_usd: 0, period: day}',
    '2:26: budgets[0].limit_usd',
    `expected ${USD} (got 0)`,
  ],
  [
    'a limit below nothing',
    '{name: a, limit_usd: -5, period: day}',
    '2:26: budgets[0].limit_usd',
    `expected ${USD} (got -5)`,
  ],
  [
    'a dollar sign',
    '{name: a, limit_usd: $10, period: day}',
    '2:26: budgets[0].limit_usd',
    `expected ${USD} (got "$10")`,
  ],
  [
    'a limit with 13 decimals',
    '{name: a, limit_usd: 0.1234567890123, period: day}',
    '2:26: budgets[0].limit_usd',
    `expected ${USD} (got 0.1234567890123)`,
  ],
  [
    'a limit without end',
    '{name: a, limit_usd: .inf, period: day}',
    '2:26: budgets[0].limit_usd',
    `expected ${USD} (got Infinity)`,
  ],
  [
    'more dollars than there are',
    '{name: a, limit_usd: 1000000001, period: day}',
    '2:26: budgets[0].limit_usd',
    `expected ${USD} (got 1000000001)`,
  ],
  [
    'half a token',
    '{name: a, limit_tokens: 0.5, period: day}',
    '2:29: budgets[0].limit_tokens',
    `expected ${TOKENS} (got 0.5)`,
  ],
  [
    'a small m for million',
    '{name: a, limit_tokens: 1m, period: day}',
    '2:29: budgets[0].limit_tokens',
    `expected ${TOKENS} (got "1m")`,
  ],
  [
    'thousands of two digits',
    '{name: a, limit_tokens: 10_00, period: day}',
    '2:29: budgets[0].limit_tokens',
    `expected ${TOKENS} (got "10_00")`,
  ],
  [
    'a fraction of a thousand that is no whole number',
    '{name: a, limit_tokens: 1.2345k, period: day}',
    '2:29: budgets[0].limit_tokens',
    `expected ${TOKENS} (got "1.2345k")`,
  ],
  [
    'a percentage for a share',
    '{name: a, limit_usd: 1, period: day, thresholds: {warning: 75}}',
    '2:64: budgets[0].thresholds.warning',
    `expected ${SHARE} (got 75)`,
  ],
  [
    'a critical above 1',
    '{name: a, limit_usd: 1, period: day, thresholds: {critical: 1.2}}',
    '2:65: budgets[0].thresholds.critical',
    `expected ${SHARE} (got 1.2)`,
  ],
  [
    'no thresholds in thresholds',
    '{name: a, limit_usd: 1, period: day, thresholds: 0.75}',
    '2:54: budgets[0].thresholds',
    'expected shares of the limit, such as {warning: 0.75, critical: 0.9} (got 0.75)',
  ],
  [
    'a basis of another name',
    '{name: a, limit_usd: 1, period: day, basis: cost}',
    '2:49: budgets[0].basis',
    'expected one of estimated_cost, plan_value, session_tokens, billed_cost, api_tokens (got "cost")',
  ],
  [
    'a token type of another name',
    '{name: a, limit_tokens: 1, period: day, token_types: [prompt]}',
    '2:59: budgets[0].token_types[0]',
    'expected one of input, cache_write_5m, cache_write_1h, cache_read, output (got "prompt")',
  ],
  [
    'no token type',
    '{name: a, limit_tokens: 1, period: day, token_types: []}',
    '2:58: budgets[0].token_types',
    'expected at least one of input, cache_write_5m, cache_write_1h, cache_read, output (got [])',
  ],
  [
    'a misspelt label',
    '{name: a, limit_usd: 1, period: day, scope: {projet: x}}',
    '2:50: budgets[0].scope.projet',
    'unknown key; did you mean project?',
  ],
  [
    'a number to match',
    '{name: a, limit_usd: 1, period: day, scope: {project: 2026}}',
    '2:59: budgets[0].scope.project',
    `expected ${PATTERN} (got 2026)`,
  ],
  [
    'nothing to match',
    '{name: a, limit_usd: 1, period: day, scope: {project: []}}',
    '2:59: budgets[0].scope.project',
    `expected ${PATTERN} (got [])`,
  ],
  [
    'a day that is not in the calendar',
    '{name: a, limit_usd: 1, period: day, since: 2026-02-30}',
    '2:49: budgets[0].since',
    `expected ${DATE} (got "2026-02-30")`,
  ],
  [
    'a weekday in short',
    '{name: a, limit_usd: 1, period: week, week_starts_on: sun}',
    '2:59: budgets[0].week_starts_on',
    'expected one of monday, tuesday, wednesday, thursday, friday, saturday, sunday (got "sun")',
  ],
  [
    'a day that no month has',
    '{name: a, limit_usd: 1, period: month, billing_day: 32}',
    '2:57: budgets[0].billing_day',
    'expected a whole number from 1 to 31 (got 32)',
  ],
  [
    'a zone that does not exist',
    '{name: a, limit_usd: 1, period: day, time_zone: Mars/Base}',
    '2:53: budgets[0].time_zone',
    'expected an IANA time zone such as Europe/Berlin or UTC (got "Mars/Base")',
  ],
  [
    'a severity of another name',
    '{name: a, limit_usd: 1, period: day, severity: page}',
    '2:52: budgets[0].severity',
    'expected one of warning, critical (got "page")',
  ],
  [
    'a misspelt key',
    '{name: a, limit_usd: 1, period: day, treshold: {}}',
    '2:42: budgets[0].treshold',
    'unknown key; did you mean thresholds?',
  ],
  [
    'a budget that is none',
    '10',
    '2:5: budgets[0]',
    'expected a budget: a name, limit_usd or limit_tokens, a period (got 10)',
  ],
]

/** Budgets whose values are fine one by one. */
const TOGETHER: readonly { wrong: string; budgets: readonly string[]; message: string; fix: string }[] = [
  {
    wrong: 'no limit',
    budgets: ['{name: a, period: day}'],
    message: '2:5: budgets[0]: budget "a" has no limit',
    fix: 'Give budget "a" limit_usd (dollars) or limit_tokens.',
  },
  {
    wrong: 'two limits',
    budgets: ['{name: a, limit_usd: 1, limit_tokens: 2, period: day}'],
    message: '2:43: budgets[0].limit_tokens: budget "a" has limit_usd as well as limit_tokens',
    fix: 'Keep one limit of budget "a"; make a second budget, with another name, for the other.',
  },
  {
    wrong: 'dollars for tokens',
    budgets: ['{name: a, limit_usd: 1, basis: session_tokens, period: day}'],
    message: '2:36: budgets[0].basis: session_tokens is in tokens, but limit_usd is in dollars',
    fix: 'Set the basis of budget "a" to estimated_cost, plan_value or billed_cost; or give it limit_tokens.',
  },
  {
    wrong: 'tokens for dollars',
    budgets: ['{name: a, limit_tokens: 1, basis: billed_cost, period: day}'],
    message: '2:39: budgets[0].basis: billed_cost is in dollars, but limit_tokens is in tokens',
    fix: 'Set the basis of budget "a" to session_tokens or api_tokens; or give it limit_usd.',
  },
  {
    wrong: 'token types of dollars',
    budgets: ['{name: a, limit_usd: 1, period: day, token_types: [input]}'],
    message: '2:55: budgets[0].token_types: dollars have no token types',
    fix: 'Take token_types out of budget "a", or give it limit_tokens instead of limit_usd.',
  },
  {
    wrong: 'the first day of a week in a month',
    budgets: ['{name: a, limit_usd: 1, period: month, week_starts_on: sunday}'],
    message: '2:60: budgets[0].week_starts_on: has no meaning for the period month',
    fix: 'Take week_starts_on out of budget "a", or set its period to week.',
  },
  {
    wrong: 'a billing day of rolling days',
    budgets: ['{name: a, limit_usd: 1, period: 30d, billing_day: 15}'],
    message: '2:55: budgets[0].billing_day: has no meaning for the period 30d',
    fix: 'Take billing_day out of budget "a", or set its period to month or quarter.',
  },
  {
    wrong: 'a label the bill does not have',
    budgets: ['{name: a, limit_usd: 1, basis: billed_cost, period: day, scope: {project: x, model: y}}'],
    message: '2:79: budgets[0].scope.project: billed_cost is not known by project',
    fix: 'The scope of budget "a" may name organization, workspace, api_key, model.',
  },
  {
    wrong: 'a label that logs do not have',
    budgets: ['{name: a, limit_tokens: 1, period: day, scope: {api_key: x}}'],
    message: '2:62: budgets[0].scope.api_key: session_tokens is not known by api_key',
    fix: 'The scope of budget "a" may name source, agent, project, provider, model, machine.',
  },
  {
    wrong: 'a source spelt as in the settings',
    budgets: ['{name: a, limit_usd: 1, period: day, scope: {source: [pi, claude_code]}}'],
    message: '2:58: budgets[0].scope.source: no source is called "claude_code", so that nothing would be counted',
    fix: 'The sources are claude-code, openclaw, pi.',
  },
  {
    wrong: 'a warning above critical',
    budgets: ['{name: a, limit_usd: 1, period: day, thresholds: {warning: 0.8, critical: 0.8}}'],
    message: '2:54: budgets[0].thresholds: warning (0.8) is not below critical (0.8)',
    fix: 'Give budget "a" a warning below critical, such as {warning: 0.75, critical: 0.9}.',
  },
  {
    wrong: 'a warning above the default of critical',
    budgets: ['{name: a, limit_usd: 1, period: day, thresholds: {warning: 0.95}}'],
    message: '2:54: budgets[0].thresholds: warning (0.95) is not below critical (the default 0.9)',
    fix: 'Give budget "a" a warning below critical, such as {warning: 0.75, critical: 0.9}.',
  },
  {
    wrong: 'an end before the beginning',
    budgets: ['{name: a, limit_usd: 1, period: day, since: 2026-05-02, until: 2026-05-01}'],
    message: '2:68: budgets[0].until: 2026-05-01 is before since (2026-05-02)',
    fix: 'Swap since and until of budget "a": until is its last day in force.',
  },
  {
    wrong: 'data that would be old before the next look',
    budgets: ['{name: a, limit_usd: 1, period: day, max_data_age: 5m}'],
    message:
      '2:56: budgets[0].max_data_age: shorter than three times tail.rescan (900s), so that good data would be called old',
    fix: 'Set max_data_age of budget "a" to at least 900s, or tail.rescan to less.',
  },
  {
    wrong: 'the same name twice',
    budgets: ['{name: a, limit_usd: 1, period: day}', '{name: a, limit_usd: 2, period: week}'],
    message:
      '3:5: budgets[1]: two versions of budget "a" are in force at any time; the other is /etc/exporter.yml:2:5: budgets[0]',
    fix: 'End the earlier version of budget "a" with until and begin the later one with since, on the day after; or give one of them another name.',
  },
  {
    wrong: 'two versions that share a month',
    budgets: [
      '{name: a, limit_usd: 1, period: day, until: 2026-06-30}',
      '{name: b, limit_usd: 1, period: day}',
      '{name: a, limit_usd: 2, period: day, since: 2026-06-01, until: 2026-12-31}',
    ],
    message:
      '4:5: budgets[2]: two versions of budget "a" are in force from 2026-06-01 to 2026-06-30; the other is /etc/exporter.yml:2:5: budgets[0]',
    fix: 'End the earlier version of budget "a" with until and begin the later one with since, on the day after; or give one of them another name.',
  },
  {
    wrong: 'two versions that share hours, because their midnights differ',
    budgets: [
      '{name: a, limit_usd: 1, period: day, time_zone: America/Denver, until: 2026-06-30}',
      '{name: a, limit_usd: 2, period: day, time_zone: Europe/Berlin, since: 2026-07-01}',
    ],
    message:
      '3:5: budgets[1]: two versions of budget "a" are in force from 2026-07-01 to 2026-07-01; the other is /etc/exporter.yml:2:5: budgets[0]',
    fix: 'End the earlier version of budget "a" with until and begin the later one with since, on the day after; or give one of them another name.',
  },
  {
    wrong: 'a version in another unit',
    budgets: [
      '{name: a, limit_usd: 1, period: day, until: 2026-06-30}',
      '{name: a, limit_tokens: 2, period: day, since: 2026-07-01}',
    ],
    message: '3:5: budgets[1]: the other budget "a" (/etc/exporter.yml:2:5: budgets[0]) has a limit in another unit',
    fix: 'Give one of the budgets "a" another name.',
  },
]

function yamlOf(budgets: readonly string[]): string {
  return `budgets:\n${budgets.map((budget) => `  - ${budget}\n`).join('')}`
}

describe('a budget with one mistake', () => {
  it.each(VALUES)('%s', async (_, budget, at, message) => {
    expect((await refusal({ yaml: yamlOf([budget]) })).message).toBe(`/etc/exporter.yml:${at}: ${message}`)
  })

  it.each(TOGETHER)('$wrong', async ({ budgets, message, fix }) => {
    expect(await refusal({ yaml: yamlOf(budgets) })).toEqual({ message: `/etc/exporter.yml:${message}`, fix })
  })

  it('in the environment is named by its place in the list', async () => {
    const budgets = [
      { name: 'a', limit_usd: 1, period: 'day' },
      { name: 'b', limit_usd: 1, period: 'day', billing_day: 2 },
    ]
    expect((await refusal({ env: { BUDGETS: JSON.stringify(budgets) } })).message).toBe(
      'CLAUDE_USAGE_EXPORTER_BUDGETS[1].billing_day: has no meaning for the period day',
    )
  })
})

describe('budgets with several mistakes', () => {
  it('name all of them, each with what to do', async () => {
    const { message, fix } = await refusal({
      yaml: yamlOf([
        '{name: a, limit_usd: 1, period: day, week_starts_on: sunday, billing_day: 3}',
        '{name: b, period: day}',
        '{name: b, limit_usd: 1, period: day}',
        '{name: c, limit_usd: 1, period: day, scope: {source: claude_code, workspace: w}}',
      ]),
    })
    expect(message.split('\n  ').map((line) => line.replace(/^\S+ (budgets\[\d\][^:]*): .*/, '$1'))).toEqual([
      '5 problems:',
      'budgets[0].week_starts_on',
      'budgets[0].billing_day',
      'budgets[1]',
      'budgets[3].scope.workspace',
      'budgets[3].scope.source',
    ])
    expect(fix?.split('\n')).toHaveLength(5)
  })
})
