import { COLORS } from '../../lib/colors.ts'
import { linkToAll, SESSION_FILTERS } from '../../lib/links.ts'
import { statPanel } from '../../lib/panels.ts'
import { overRange, ratio, type Select } from '../../lib/select.ts'
import { NONE_WANTED, steps } from '../../lib/thresholds.ts'
import { STAT } from './width.ts'

export function tokensToday(select: Select) {
  return statPanel({
    ...STAT,
    id: 11,
    title: 'Tokens today',
    description: 'Tokens of all classes today, the calendar day in the zone of the exporter.',
    unit: 'tokens',
    decimals: 1,
    queries: [{ refId: 'A', expr: `sum(${select('claude_tokens_today')})` }],
  })
}

export function hitRatio(select: Select) {
  const tokens = (matcher: string) => `sum(${select('claude_tokens_7d', matcher)})`
  return statPanel({
    ...STAT,
    id: 9,
    title: 'Hit ratio, 7 days',
    link: linkToAll('cache', { title: 'Open tokens and cache', keeps: SESSION_FILTERS }),
    description: 'Share of all tokens sent in the last 7 days that came from the cache.',
    unit: 'ratio',
    decimals: 1,
    queries: [{ refId: 'A', expr: ratio(tokens('token_type="cache_read"'), tokens('token_type!="output"')) }],
  })
}

export function savings(select: Select) {
  const of = (family: string) => `sum(increase(${select(family)}[$__range]))`
  return statPanel({
    ...STAT,
    id: 10,
    title: 'Cache saved, net',
    link: linkToAll('cache', { title: 'Open tokens and cache', keeps: SESSION_FILTERS }),
    description:
      'What reading from the cache saved over the time shown, less what writing to it cost above plain input, at list ' +
      'prices and for use that a plan covers too.',
    unit: 'usd',
    decimals: 2,
    queries: [
      {
        refId: 'A',
        expr: `${of('claude_cache_read_savings_usd_total')}\n-\n${of('claude_cache_write_premium_usd_total')}`,
      },
    ],
  })
}

export function activeSessions(select: Select) {
  return statPanel({
    ...STAT,
    id: 5,
    title: 'Active sessions',
    description: 'Sessions with a response in the last 5 minutes. Of all models.',
    unit: 'count',
    queries: [{ refId: 'A', expr: `sum(${select('claude_active_sessions')}) or vector(0)` }],
  })
}

export function unpriced(select: Select) {
  return statPanel({
    ...STAT,
    id: 15,
    title: 'Unpriced tokens',
    link: linkToAll('health', { title: 'Which models', keeps: ['machine', 'source'] }),
    description:
      'Tokens over the time shown that no price is known for, so that they are missing from all costs. Of all agents and ' +
      'projects. Prices can be configured.',
    unit: 'tokens',
    decimals: 0,
    thresholds: NONE_WANTED,
    queries: [{ refId: 'A', expr: overRange(select('claude_unpriced_tokens_total')) }],
  })
}

export function firing(select: Select) {
  return statPanel({
    ...STAT,
    id: 6,
    title: 'Alerts firing now',
    link: linkToAll('health', { title: 'Which ones', keeps: ['machine', 'source'] }),
    description:
      'Alerts of the shipped rules that fire now, whatever is chosen above. 0 too where the rules are not loaded.',
    unit: 'count',
    thresholds: NONE_WANTED,
    queries: [
      { refId: 'A', expr: `count(${select('ALERTS', 'alertname=~"Claude.+", alertstate="firing"')}) or vector(0)` },
    ],
  })
}

export function dataAge(select: Select) {
  return statPanel({
    ...STAT,
    id: 12,
    title: 'Age of the logs',
    link: linkToAll('health', { title: 'Open exporter health', keeps: ['machine', 'source'] }),
    description: 'Time since the session logs of the source read least recently were last read to their end.',
    unit: 'seconds',
    decimals: 0,
    thresholds: steps([1800, COLORS.warning], [7200, COLORS.bad]),
    queries: [
      {
        refId: 'A',
        expr: `time() - min(${select('claude_exporter_sync_last_success_timestamp_seconds')} and on (job, instance, source) ${select('claude_exporter_session_files')})`,
      },
    ],
  })
}

export function billAge(select: Select) {
  return statPanel({
    ...STAT,
    id: 13,
    title: 'Age of the bill',
    link: linkToAll('billing', { title: 'Open billing', keeps: ['organization'] }),
    description:
      'Time since the newest cost that the provider told completely. Hours are normal. Needs the API of an organisation.',
    unit: 'seconds',
    decimals: 0,
    thresholds: steps([93_600, COLORS.bad]),
    noValue: 'no organisation',
    queries: [
      {
        refId: 'A',
        expr: `time() - min(${select('claude_exporter_data_watermark_timestamp_seconds', 'source=~"anthropic-cost.*"')})`,
      },
    ],
  })
}
