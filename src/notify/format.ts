import { isoTime } from '../core/period.ts'
import { cut } from '../lib/name-text.ts'
import { VERSION } from '../lib/version.ts'
import type { Message } from './notice.ts'

export type WebhookFormat = 'json' | 'slack' | 'discord'

/** So many that the text of all of them fits into one message of Discord, the narrowest of the services. */
export const MAX_MESSAGES = 5

const DISCORD_MAX_UNITS = 2_000
/** Escaping makes a character of a Slack text up to five long, and a section takes 3,000. */
const SLACK_MAX_UNITS = 550

/** The body of a request that tells of up to MAX_MESSAGES messages, as JSON text. */
export function bodyOf(
  messages: readonly Message[],
  format: WebhookFormat,
  { now, timeZone }: { readonly now: number; readonly timeZone: string },
): string {
  if (format === 'slack') return JSON.stringify(slackBody(messages))
  if (format === 'discord') return JSON.stringify(discordBody(messages))
  return JSON.stringify({
    schemaVersion: 1,
    program: 'claude-usage-exporter',
    version: VERSION,
    sentAt: isoTime(now, timeZone),
    notices: messages.map(({ name, severity, summary, description, labels, periodStart }) => ({
      name,
      severity,
      summary,
      description,
      labels,
      periodStart: periodStart === null ? null : isoTime(periodStart, timeZone),
    })),
  })
}

/** https://docs.slack.dev/messaging/formatting-message-text/ */
function slackBody(messages: readonly Message[]) {
  const texts = messages.map(({ severity, summary, description }) => {
    const body = cut(description, SLACK_MAX_UNITS)
    return { plain: `[${severity}] ${summary}`, rich: `*[${severity}] ${slackText(summary)}*\n${slackText(body)}` }
  })
  return {
    // What a notification on a phone shows.
    text: slackText(texts.map(({ plain }) => plain).join(' ')),
    blocks: texts.map(({ rich }) => ({
      type: 'section',
      // Verbatim: no link is made of a name that looks like a channel or an address.
      text: { type: 'mrkdwn', text: rich, verbatim: true },
    })),
  }
}

function slackText(text: string): string {
  return text.replace(/[&<>]/g, (character) => SLACK_ENTITIES[character] ?? character)
}

const SLACK_ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

/** https://discord.com/developers/docs/resources/webhook#execute-webhook */
function discordBody(messages: readonly Message[]) {
  const maxUnits = Math.floor(DISCORD_MAX_UNITS / messages.length) - 1
  const lines = messages.map(({ severity, summary, description }) =>
    cut(`**[${severity}] ${discordText(summary)}** ${discordText(description)}`, maxUnits),
  )
  // Nobody is called by what a project is named.
  return { content: lines.join('\n'), allowed_mentions: { parse: [] } }
}

/** As read, without bold, links, quotes or spoilers from outside. */
function discordText(text: string): string {
  return text.replace(/[\\*_~`|<>[\]#()]/g, '\\$&').replace(/(https?):\/\//gi, '$1:\\/\\/')
}
