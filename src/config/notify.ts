import type { Config } from './config.ts'
import { setting } from './setting.ts'
import { choice, pathOrNone, textMatching } from './types.ts'
import { isPrivateUrl } from './url.ts'

const FORMATS = ['json', 'slack', 'discord'] as const

/** Where the built-in notifier sends what it has to say. It is off while both are null. */
export interface NotifySettings {
  readonly url: string | null
  /** Absolute path of a file that holds the URL. */
  readonly urlFile: string | null
  readonly format: (typeof FORMATS)[number]
}

const webhookUrl = textMatching(
  'URL',
  'an https URL (http only for this machine) without user and fragment',
  (value) => value === '' || (!/[#\s@]/.test(value) && isPrivateUrl(value)),
)

const webhookFile = {
  ...pathOrNone,
  schema: textMatching(
    'path',
    'the path of a file with the URL; the URL itself goes into notify.webhook_url',
    (value) => !/^[a-z]+:\/\//i.test(value),
  ).schema,
}

/** Settings under `notify`. */
export const notify = {
  webhook_url: setting(webhookUrl, {
    default: '',
    defaultText: 'none',
    about:
      'Where budget and runaway notices are posted by this program itself, for those without Alertmanager. Whoever knows the URL can post there, so it is better kept in a file (`notify.webhook_url_file`).',
    secret: true,
  }),
  webhook_url_file: setting(webhookFile, {
    default: '',
    defaultText: 'none',
    about: 'File with the URL to post notices to, instead of `notify.webhook_url`.',
  }),
  format: setting(choice(FORMATS), {
    default: 'json',
    about: 'How a notice is written: plain `json`, or as the incoming webhooks of `slack` or `discord` take it.',
  }),
}

export function notifySettingsOf({
  notify: { webhookUrl: url, webhookUrlFile: urlFile, format },
}: Config): NotifySettings {
  return { url: url || null, urlFile: urlFile || null, format }
}
