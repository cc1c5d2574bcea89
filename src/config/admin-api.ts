import { BUCKET_WIDTHS, DEFAULT_ORGANIZATION } from '../core/organization.ts'
import { apiChoice, baseUrl, keyText, organizationList, organizationName } from './organization.ts'
import { activeHours, cronExpressions, timeZoneOrNone } from './schedule.ts'
import { setting } from './setting.ts'
import { choice, duration, integer, pathOrNone, textOrNone, toggle } from './types.ts'

/** Settings under `admin_api`. */
export const adminApi = {
  enabled: setting(toggle, {
    default: true,
    about: "Read an organisation's usage and cost from the provider, where there is a credential for it.",
  }),
  organization: setting(organizationName, {
    default: DEFAULT_ORGANIZATION,
    about: 'What this organisation is called in labels: letters, digits, `_`, `.` and `-`.',
  }),
  key: setting(keyText, {
    default: '',
    defaultText: 'none',
    about: 'Admin API key. Better in a file (`admin_api.key_file`) or in the environment than here.',
    secret: true,
    alsoEnvironment: 'ANTHROPIC_ADMIN_KEY',
  }),
  key_file: setting(pathOrNone, {
    default: '',
    defaultText: 'none',
    about: 'File with the Admin API key. It is read again when it changes.',
    alsoEnvironment: 'ANTHROPIC_ADMIN_KEY_FILE',
  }),
  token_file: setting(pathOrNone, {
    default: '',
    defaultText: 'none',
    about: 'File with an OAuth access token that may read the organisation, kept fresh by another program.',
  }),
  profile: setting(textOrNone, {
    default: '',
    defaultText: 'none',
    about: "Name of a profile of Anthropic's own tools to log in with.",
  }),
  base_url: setting(baseUrl, {
    default: 'https://api.anthropic.com',
    about: 'Where the API is: https, or http on this machine.',
  }),
  api: setting(apiChoice, {
    default: 'auto',
    about:
      'Which endpoints to read: `analytics` (since October 2026), `legacy` (the usage and cost reports before it), or `auto`, the newest that the organisation answers for.',
  }),
  page_size: setting(integer(0, 1_440), {
    default: 0,
    about: 'Buckets per page. 0: as many as the endpoint gives at once.',
  }),
  requests_per_minute: setting(integer(0, 6_000), {
    default: 60,
    about: 'Most requests a minute to one organisation. 0: no limit.',
  }),
  run_limit: setting(duration('1s', '1h'), { default: '10m', about: 'Longest time one run may take.' }),
  retries: setting(integer(0, 10), {
    default: 3,
    about: 'How often a run tries again after a failure that may pass by itself.',
  }),
  history: setting(duration('1d', '365d'), {
    default: '31d',
    about: 'How far back the first run reads, and how old a day may be to be read once more.',
  }),
  settle_after: setting(duration('0s', '90d'), {
    default: '3d',
    about: 'How old a day must be for its billed cost to count as settled.',
  }),
  organizations: setting(organizationList, {
    default: [],
    about:
      'More organisations: `name` and one of `key_file`, `key_variable` (name of an environment variable), `token_file`, `profile` or `federation` (`rule_id`, `organization_id`, `identity_token_file`; `service_account_id`, `workspace_id` and `scope` as needed), and `base_url` and `api` where they differ.',
  }),
  usage: {
    ...reportSettings('token counts', { enabled: true, every: '5m' }),
    bucket_width: setting(choice(BUCKET_WIDTHS), { default: '1h', about: 'Width of the buckets of token usage.' }),
  },
  cost: {
    ...reportSettings('billed costs', { enabled: true, every: '15m' }),
    bucket_width: setting(choice(['1h', '1d'] as const), {
      default: '1h',
      about: 'Width of the buckets of billed cost. The legacy endpoint knows days only.',
    }),
  },
  directory: reportSettings('names, rate limits and spend limits', { enabled: true, every: '1h' }),
  claude_code: reportSettings('the Claude Code figures per person', { enabled: false, every: '1h' }),
}

function reportSettings(what: string, { enabled, every }: { readonly enabled: boolean; readonly every: string }) {
  return {
    enabled: setting(toggle, { default: enabled, about: `Read ${what}.` }),
    every: setting(duration('1m', '7d'), {
      default: every,
      about: `How often ${what} are read, where no \`cron\` says when.`,
    }),
    cron: setting(cronExpressions, {
      default: [],
      about: `When ${what} are read, as cron expressions of five fields instead of \`every\`.`,
    }),
    time_zone: setting(timeZoneOrNone, {
      default: '',
      defaultText: "`time_zone`'s",
      about: 'Zone of `cron` and `active_hours`.',
    }),
    active_hours: setting(activeHours, {
      default: '',
      defaultText: 'always',
      about: 'Hours of the day to read in, such as `08:00-18:00`; over midnight is fine.',
    }),
    jitter: setting(duration('0s', '1h'), {
      default: '10s',
      about: 'A run begins later than planned by a random time up to this.',
    }),
  }
}
