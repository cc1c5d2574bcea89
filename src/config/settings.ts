import { isTimeZone } from '../lib/time-zone.ts'
import { adminApi } from './admin-api.ts'
import { alerts } from './alerts.ts'
import { balance } from './balance.ts'
import { budgets } from './budget.ts'
import { listOf, listOfObjects, mapOf } from './collections.ts'
import { billing, logRoot } from './log-root.ts'
import { machine } from './machine.ts'
import { notify } from './notify.ts'
import { owners, ownersShare } from './owner.ts'
import { priceOverride } from './price-override.ts'
import { remoteWrite } from './remote-write.ts'
import { reports } from './reports.ts'
import { listSettings, type SettingTree, setting } from './setting.ts'
import { sourceChoice } from './source-choice.ts'
import { storage } from './storage.ts'
import { byteSize, choice, duration, integer, text, textOrNone, timeZone, toggle } from './types.ts'
import { web } from './web.ts'

/** Every setting. The schema, the typed configuration, flags, environment names and manual are all made from this. */
export const settings = {
  web,
  storage,
  machine,
  log: {
    level: setting(choice(['debug', 'info', 'warn', 'error']), {
      default: 'info',
      about: 'Least important lines to log.',
    }),
    format: setting(choice(['logfmt', 'json']), { default: 'logfmt', about: 'How a log line is written.' }),
  },
  time_zone: setting(timeZone, {
    default: (host) => (isTimeZone(host.timeZone) ? host.timeZone : 'UTC'),
    defaultText: "the machine's",
    about: 'Zone whose midnights begin days and months, everywhere.',
  }),
  sources: {
    read: setting(sourceChoice, {
      default: 'all',
      about:
        'Whose logs to read: `all` that are enabled, `none` (for an instance that only shows what other machines read), or names out of `claude-code`, `openclaw` and `pi`, with commas between.',
      flagName: '--sources',
    }),
    claude_code: sourceSettings('Claude Code'),
    openclaw: sourceSettings('OpenClaw, Clawdbot and Moltbot'),
    pi: sourceSettings('pi'),
  },
  admin_api: adminApi,
  budgets,
  alerts,
  balance,
  notify,
  reports,
  remote_write: remoteWrite,
  owners,
  owners_share: ownersShare,
  tail: {
    mode: setting(choice(['auto', 'poll']), {
      default: 'auto',
      about:
        'How changes are noticed: `auto` watches folders and looks at files now and then as well; `poll` only looks.',
    }),
    quiet_time: setting(duration('0s', '1d'), {
      default: '60s',
      about: 'A response without an end mark counts as complete after its log was quiet for this long.',
    }),
    hold_limit: setting(duration('0s', '1d'), {
      default: '10m',
      about: 'Longest time a response may wait for its end mark.',
    }),
    line_limit: setting(byteSize('1KiB', '256MiB'), {
      default: '64MiB',
      about: 'Longer lines are skipped and counted.',
    }),
    poll_hot: setting(duration('10ms', '1d'), {
      default: '1s',
      about: 'How often files that changed lately are looked at.',
    }),
    poll_cold: setting(duration('10ms', '1d'), { default: '60s', about: 'How often all other files are looked at.' }),
    rescan: setting(duration('10ms', '1d'), {
      default: '5m',
      about: 'How often all folders are searched for new files, beside the events that announce them.',
    }),
  },
  projects: {
    label: setting(choice(['name', 'path', 'hash']), {
      default: 'name',
      about: "What the `project` label shows: the folder's name, its full path, or a hash of the path.",
    }),
    aliases: setting(mapOf(text, 'names by project'), {
      default: {},
      about: 'Names of your own: the full path or the short name of a project, then what to show.',
    }),
    salt: setting(textOrNone, {
      default: '',
      defaultText: 'none',
      about: 'Goes into the hashes of `projects.label: hash`, so that nobody can find a name by trying names.',
      secret: true,
    }),
  },
  pricing: {
    recorded_costs: setting(choice(['auto', 'calculate', 'recorded']), {
      default: 'auto',
      about:
        'Costs that stand in a log: `auto` takes what the provider billed and the estimates of pi and OpenClaw, and the estimate of Claude Code where no price is known; `calculate` takes one only where no price is known; `recorded` takes them wherever there are any.',
    }),
    bedrock_region_factor: setting(toggle, {
      default: true,
      about: 'Price regional Amazon Bedrock ids (`us.`, `eu.`, ...) with the 10 % that AWS adds.',
    }),
    aliases: setting(mapOf(text, 'model ids by model id'), {
      default: {},
      about: 'Model ids as your logs spell them, then the id whose price applies.',
    }),
    overrides: setting(listOfObjects(priceOverride, 'prices'), {
      default: [],
      about:
        'Prices of your own in dollars per million tokens: `model`, `aliases`, `since` (first UTC day), `input`, `output`, `cache_write_5m`, `cache_write_1h`, `cache_read` (cache prices left out follow from `input`), and the same prices under `long` (with its `threshold` of prompt tokens) and `fast`.',
    }),
  },
  metrics: {
    machine_label: setting(choice(['auto', 'always', 'never']), {
      default: 'auto',
      about:
        'Whether usage has a `machine` label: `auto` from the moment on when the ledger knows logs of a second machine.',
    }),
    series_limit: setting(integer(1, 10_000_000), {
      default: 10_000,
      about: 'Most series in all; label sets beyond it are added up under `other`.',
    }),
    zero_first: setting(duration('0s', '1d'), {
      default: '2m',
      about:
        'How long a label set that appears while running is shown at 0 before its first value, so that `increase()` sees it. 0 turns this off.',
    }),
  },
} satisfies SettingTree

/** The same settings as a flat list. */
export const allSettings = listSettings(settings)

function sourceSettings(agents: string) {
  return {
    enabled: setting(toggle, { default: true, about: `Read the logs of ${agents}.` }),
    roots: setting(listOf(logRoot, 'paths'), {
      default: [],
      about: 'Folders to read instead of the usual ones: paths, or `{path, billing}`.',
    }),
    billing: setting(billing, {
      default: 'metered',
      about:
        'Who pays: `metered` costs money per token, `plan` is covered by a flat-rate plan. For every root without its own.',
    }),
  }
}
