import { describe, expect, it } from 'vitest'
import { notifySettingsOf } from '../../src/config/notify.ts'
import { printConfig } from '../../src/config/print.ts'
import { type Given, loadFrom, refusal } from './load-from.ts'

const TOKEN = 'XXXXXXXXXXXXXXXXXXXXXXXX'
const SLACK = `https://hooks.slack.com/services/T0001/B0001/${TOKEN}`

async function notifySettings(given: Given) {
  return notifySettingsOf((await loadFrom(given)).config)
}

describe('the built-in notifier', () => {
  it('is off unless it is told where to send', async () => {
    expect(await notifySettings({})).toEqual({ url: null, urlFile: null, format: 'json' })
    expect(await notifySettings({ env: { NOTIFY_WEBHOOK_URL: '' } })).toMatchObject({ url: null })
  })

  it.each<Given & { where: string; settings: unknown }>([
    {
      where: 'a URL',
      yaml: `notify: {webhook_url: "${SLACK}", format: slack}`,
      settings: { url: SLACK, urlFile: null, format: 'slack' },
    },
    {
      where: 'a URL with a query, in the environment',
      env: { NOTIFY_WEBHOOK_URL: 'https://example.com/hook?key=1', NOTIFY_FORMAT: 'discord' },
      settings: { url: 'https://example.com/hook?key=1', urlFile: null, format: 'discord' },
    },
    ...['localhost:9000', '127.0.0.1', '[::1]:9000'].map((host) => ({
      where: `http on ${host}`,
      yaml: `notify: {webhook_url: "http://${host}/"}`,
      settings: { url: `http://${host}/`, urlFile: null, format: 'json' },
    })),
    {
      where: 'a file beside the configuration',
      yaml: 'notify: {webhook_url_file: hook}',
      settings: { url: null, urlFile: '/etc/hook', format: 'json' },
    },
    {
      where: 'a file by flag',
      flags: { 'notify.webhook_url_file': '~/hook' },
      settings: { url: null, urlFile: '/home/ada/hook', format: 'json' },
    },
  ])('takes $where', async ({ where: _, settings, ...given }) => {
    expect(await notifySettings(given)).toEqual(settings)
  })

  const URL_TEXT = 'notify.webhook_url: expected an https URL (http only for this machine) without user and fragment'

  it.each([
    ['http to another machine', 'http://hooks.example.com/x'],
    ['http to a name that only begins as this machine', 'http://localhost.example.com/x'],
    ['another protocol', 'ftp://127.0.0.1/x'],
    ['a password', 'https://user:secret@example.com/'],
    ['a fragment', 'https://example.com/#secret'],
    ['no URL', 'secret'],
  ])('refuses %s without repeating it', async (_, url) => {
    const { message } = await refusal({ yaml: `notify:\n  webhook_url: "${url}"` })
    expect(message).toBe(`/etc/exporter.yml:2:16: ${URL_TEXT}`)
  })

  it('refuses the URL in place of the file that holds it, and does not repeat its secret part', async () => {
    const { message } = await refusal({ yaml: `notify:\n  webhook_url_file: ${SLACK}` })
    expect(message).toContain('expected the path of a file with the URL; the URL itself goes into notify.webhook_url')
    expect(message).toContain('https://hooks.slack.com/services/T0001/B0001/[redacted]')
    expect(message).not.toContain(TOKEN)
  })

  it('refuses a URL in a place where it says nothing, and does not repeat its secret part', async () => {
    const { message } = await refusal({ yaml: `notify: ${SLACK}` })
    expect(message).toContain('/etc/exporter.yml:1:9: notify: expected a mapping of settings')
    expect(message).not.toContain(TOKEN)
  })

  it('refuses a URL beside a file', async () => {
    expect(await refusal({ yaml: 'notify:\n  webhook_url_file: hook', env: { NOTIFY_WEBHOOK_URL: SLACK } })).toEqual({
      message:
        '/etc/exporter.yml:2:21: notify.webhook_url_file: notify.webhook_url_file is given as well as notify.webhook_url (CLAUDE_USAGE_EXPORTER_NOTIFY_WEBHOOK_URL)',
      fix: 'Keep one of notify.webhook_url and notify.webhook_url_file, better the file.',
    })
  })

  it('is printed without the URL', async () => {
    const text = printConfig(await loadFrom({ yaml: `notify: {webhook_url: "${SLACK}", format: slack}` }))
    expect(text).toContain('notify:\n  webhook_url: "[redacted]" # /etc/exporter.yml:1:23: notify.webhook_url\n')
    expect(text).not.toContain('slack.com')
  })
})
