import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { alertNames, readPrometheusFile } from './rule-files.ts'

interface InhibitRule {
  readonly source_matchers: readonly string[]
  readonly target_matchers: readonly string[]
  readonly equal: readonly string[]
}
type Labels = Readonly<Record<string, string>>

const config = parse(readPrometheusFile('alertmanager.yml')) as {
  inhibit_rules: readonly InhibitRule[]
  receivers: readonly object[]
}

const TARGET = { job: 'j', instance: 'i' }
const team = { ...TARGET, budget: 'team' }

describe('what is not told twice', () => {
  it.each([
    { source: at('ClaudeBudgetNearLimit', 'critical', team), target: at('ClaudeBudgetNearLimit', 'warning', team) },
    { source: at('ClaudeBudgetExceeded', 'critical', team), target: at('ClaudeBudgetNearLimit', 'critical', team) },
    {
      source: at('ClaudeBudgetExceeded', 'warning', team),
      target: at('ClaudeBudgetForecastExceeded', 'warning', team),
    },
    {
      source: at('ClaudeBudgetExceeded', 'critical', team),
      target: at('ClaudeBudgetExhaustsBeforeReset', 'warning', team),
    },
    { source: at('ClaudeBudgetExceeded', 'critical', team), target: at('ClaudeBudgetBurnFast', 'critical', team) },
    { source: at('ClaudeBudgetBurnFast', 'critical', team), target: at('ClaudeBudgetBurnSlow', 'warning', team) },
    {
      source: at('ClaudeBudgetForecastExceeded', 'warning', team),
      target: at('ClaudeBudgetExhaustsBeforeReset', 'warning', team),
    },
    { source: at('ClaudeRunawayAgent', 'critical', bot()), target: at('ClaudeUnusualSpend', 'warning', bot()) },
    {
      source: at('ClaudeExporterDown', 'critical', TARGET),
      target: at('ClaudeSyncStale', 'warning', { ...TARGET, source: 's' }),
    },
    { source: at('ClaudeExporterDown', 'critical', TARGET), target: at('ClaudeBudgetUnknown', 'warning', team) },
    { source: at('ClaudeBalanceExhausted', 'critical', acme()), target: at('ClaudeBalanceLow', 'warning', acme()) },
    { source: at('ClaudeCredentialsRejected', 'warning', acme()), target: at('ClaudeSyncFailing', 'warning', acme()) },
  ])('$source.alertname ($source.severity) mutes $target.alertname ($target.severity)', ({ source, target }) => {
    expect(mutes(source, target)).toBe(true)
  })

  it.each([
    {
      source: at('ClaudeBudgetExceeded', 'critical', team),
      target: at('ClaudeBudgetNearLimit', 'critical', { ...team, budget: 'other' }),
    },
    {
      source: at('ClaudeBudgetExceeded', 'critical', team),
      target: at('ClaudeBudgetNearLimit', 'critical', { ...team, instance: 'other' }),
    },
    { source: at('ClaudeBudgetExceeded', 'critical', team), target: at('ClaudeRunawaySession', 'critical', TARGET) },
    { source: at('ClaudeBudgetBurnFast', 'critical', team), target: at('ClaudeBudgetNearLimit', 'warning', team) },
    { source: at('ClaudeExporterDown', 'critical', TARGET), target: at('ClaudeBudgetExceeded', 'critical', team) },
    {
      source: at('ClaudeRunawayAgent', 'critical', bot()),
      target: at('ClaudeUnusualSpend', 'warning', { ...TARGET, project: 'shop' }),
    },
    {
      source: at('ClaudeExporterDown', 'critical', TARGET),
      target: at('ClaudeSyncStale', 'warning', { ...TARGET, instance: 'other' }),
    },
    { source: at('ClaudeExporterDown', 'critical', {}), target: at('ClaudeSyncStale', 'warning', TARGET) },
    {
      source: at('ClaudeCredentialsRejected', 'warning', acme()),
      target: at('ClaudeSyncFailing', 'warning', { ...TARGET, source: 'pi' }),
    },
  ])('$source.alertname does not mute $target.alertname', ({ source, target }) => {
    expect(mutes(source, target)).toBe(false)
  })

  it('every alert it names exists', () => {
    const named = config.inhibit_rules
      .flatMap(({ source_matchers, target_matchers }) => [...source_matchers, ...target_matchers])
      .filter((matcher) => matcher.startsWith('alertname'))
    for (const matcher of named)
      expect(alertNames.filter((alertname) => fits([matcher], { alertname }))).not.toEqual([])
    const listed = named.flatMap((matcher) => /\((.*)\)/.exec(matcher)?.[1]?.split('|') ?? [])
    for (const ending of listed) expect(alertNames.filter((name) => name.endsWith(ending))).not.toEqual([])
  })
})

it('tells nobody as it is shipped', () => {
  expect(config.receivers).toEqual([{ name: 'page' }, { name: 'notice' }, { name: 'later' }])
})

function at(alertname: string, severity: string, labels: Labels): Labels & { alertname: string; severity: string } {
  return { ...labels, alertname, severity }
}

function bot(): Labels {
  return { ...TARGET, source: 'pi', agent: 'bot' }
}

function acme(): Labels {
  return { ...TARGET, organization: 'acme' }
}

/** As Alertmanager decides: both sides fit, and the labels that must be equal are, absent ones included. */
function mutes(source: Labels, target: Labels): boolean {
  return config.inhibit_rules.some(
    ({ source_matchers, target_matchers, equal }) =>
      fits(source_matchers, source) &&
      fits(target_matchers, target) &&
      equal.every((label) => (source[label] ?? '') === (target[label] ?? '')),
  )
}

function fits(matchers: readonly string[], labels: Labels): boolean {
  return matchers.every((matcher) => {
    const [, label = '', operator, value = ''] = /^(\w+) (=~|=) "?(.*?)"?$/.exec(matcher) ?? []
    const actual = labels[label] ?? ''
    return operator === '=~' ? new RegExp(`^(?:${value})$`).test(actual) : actual === value
  })
}
