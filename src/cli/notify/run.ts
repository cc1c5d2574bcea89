import type { Command } from 'commander'
import { NOTICE_TEXTS } from '../../alerts/texts.ts'
import { flagsFrom } from '../../config/flags.ts'
import { loadConfig } from '../../config/load.ts'
import { type NotifySettings, notifySettingsOf } from '../../config/notify.ts'
import { OperatorError } from '../../core/errors.ts'
import { bodyOf } from '../../notify/format.ts'
import { testMessage } from '../../notify/test-message.ts'
import { Webhook } from '../../notify/webhook.ts'
import { WebhookError } from '../../notify/webhook-error.ts'
import { urlReader } from '../../notify/webhook-url.ts'
import type { Io, Output } from '../io.ts'
import { writeError } from '../terminal/message.ts'
import { wrap } from '../terminal/wrap.ts'

const MAX_ANSWER_CHARACTERS = 200

/** Explains the notifier, or sends a test message. Returns the exit code; throws OperatorError without a webhook. */
export async function runNotify(io: Io, command: Command): Promise<number> {
  const { test = false } = command.opts<{ readonly test?: boolean }>()
  const { config } = await loadConfig({ ...io.host, flags: flagsFrom(command) })
  const settings = notifySettingsOf(config)
  if (test) return sendTest(io, settings, config.timeZone)
  io.stdout.write(`${explanation(settings, io.stdout).join('\n')}\n`)
  return 0
}

async function sendTest(io: Io, settings: NotifySettings, timeZone: string): Promise<number> {
  const url = urlReader(settings)
  if (url === null) throw noWebhook()
  const { stdout, stderr } = io
  try {
    const body = bodyOf([testMessage()], settings.format, { now: io.clock.now(), timeZone })
    const { status, text } = await new Webhook({ url }).post(body)
    stdout.write(
      `The webhook took a test message in the format ${settings.format}: status ${status}${answered(text)}\n`,
    )
    return 0
  } catch (error) {
    if (!(error instanceof WebhookError)) throw error
    const message = `The test message was not sent: ${error.message}${answered(error.answer)}`
    writeError(stderr, message, FIXES[error.reason] ?? 'Try again.')
    return 1
  }
}

function answered(text = ''): string {
  if (text === '') return '.'
  return `, "${text.length > MAX_ANSWER_CHARACTERS ? `${text.slice(0, MAX_ANSWER_CHARACTERS)}...` : text}".`
}

const FIXES: Readonly<Partial<Record<WebhookError['reason'], string>>> = {
  url: 'Put the address of the webhook, and nothing else, into the file of notify.webhook_url_file.',
  network: 'See whether this machine reaches the host of the address, and whether its name is right.',
  timeout: 'See whether the receiver is up, and answers before it does its work.',
  redirect: 'Give the address that the webhook redirects to.',
  status: 'Compare notify.format with what the receiver takes, and make a new webhook where this one is gone.',
}

function noWebhook(): OperatorError {
  return new OperatorError('No webhook is configured', {
    fix: 'Write its address into a file that only this user can read and set notify.webhook_url_file to that file, and notify.format to json, slack or discord.',
  })
}

function explanation(settings: NotifySettings, { width }: Output): string[] {
  return [
    ...wrap(stateText(settings), width),
    ...wrap(`Each of these is told once: ${HOW_OFTEN}`, width),
    ...Object.entries(NOTICE_TEXTS)
      .flatMap(([name, { summary }]) => wrap(name.padEnd(NAME_COLUMNS) + summary, width - INDENT.length, NAME_COLUMNS))
      .map((line) => INDENT + line),
    ...wrap('Use either this or Alertmanager (prometheus/alertmanager.yml); both would tell everything twice.', width),
  ]
}

const INDENT = '  '
const NAME_COLUMNS = 32
const HOW_OFTEN = 'of a budget once per period, of anything that flares up again after an hour of quiet.'

function stateText({ url, urlFile, format }: NotifySettings): string {
  if (url === null && urlFile === null) return 'No webhook is configured: the exporter tells nobody by itself.'
  return `The exporter posts notices to the webhook of ${url === null ? 'notify.webhook_url_file' : 'notify.webhook_url'} in the format ${format}.`
}
