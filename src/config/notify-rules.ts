import type { Rule } from './rules.ts'

/** What the settings of the notifier only get wrong together. */
export const notifyRules: readonly Rule[] = [
  {
    reads: ['notify.webhook_url_file', 'notify.webhook_url'],
    check: ({ notify }, where) => {
      if (notify.webhookUrl === '' || notify.webhookUrlFile === '') return null
      return {
        text: `notify.webhook_url_file is given as well as notify.webhook_url (${where('notify.webhook_url')})`,
        fix: 'Keep one of notify.webhook_url and notify.webhook_url_file, better the file.',
      }
    },
  },
]
