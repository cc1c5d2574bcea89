import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { NOTICE_TEXTS } from '../../../src/alerts/texts.ts'
import { SECRETS, startReceiver } from '../../notify/support/receiver.ts'
import { tempFolder } from '../../support/temp.ts'
import { runLine } from '../support/fake-io.ts'

const PREFIX = 'CLAUDE_USAGE_EXPORTER_NOTIFY_'

/** A home with the address in a file, and the settings that name it. */
function settingsFor(address: string, format = 'json') {
  const home = tempFolder()
  const file = join(home, 'webhook')
  writeFileSync(file, `${address}\n`)
  return { home, env: { [`${PREFIX}WEBHOOK_URL_FILE`]: file, [`${PREFIX}FORMAT`]: format } }
}

function expectNoSecrets(...texts: readonly string[]): void {
  for (const secret of SECRETS) expect(texts.join('')).not.toContain(secret)
}

describe('notify --test', () => {
  it.each(['json', 'slack', 'discord'])('sends one message in the format %s', async (format) => {
    const receiver = await startReceiver()
    const { out, err, exitCode } = await runLine('notify --test', settingsFor(receiver.url.href, format))
    expect({ out, err, exitCode }).toEqual({
      out: `The webhook took a test message in the format ${format}: status 200, "ok".\n`,
      err: '',
      exitCode: 0,
    })
    expect(receiver.received).toHaveLength(1)
    expect(receiver.received[0]?.body).toContain('This is a test.')
  })

  it('says why it was refused, without the address', async () => {
    const receiver = await startReceiver()
    receiver.answerStatus(404, {}, `No webhook at ${receiver.url.pathname}`)
    const { out, err, exitCode } = await runLine('notify --test', settingsFor(receiver.url.href, 'slack'))
    expect({ out, exitCode }).toEqual({ out: '', exitCode: 1 })
    expect(err).toBe(
      'error: The test message was not sent: the webhook answered 404, "No webhook at [redacted]".\nCompare notify.format with what the receiver takes, and make a new webhook where this one is gone.\n',
    )
  })

  it('says that a redirect is not followed', async () => {
    const receiver = await startReceiver()
    receiver.answerStatus(301, { location: receiver.url.href })
    const { err, exitCode } = await runLine('notify --test', settingsFor(receiver.url.href))
    expect(exitCode).toBe(1)
    expect(err).toContain('redirects are not followed')
    expectNoSecrets(err)
  })

  it('says that a file holds no address, without showing it', async () => {
    const { err, exitCode } = await runLine('notify --test', settingsFor('T0SECRET'))
    expect(exitCode).toBe(1)
    expect(err).toContain('has no https address')
    expectNoSecrets(err)
  })

  it('asks for a webhook where none is configured', async () => {
    const { out, err, exitCode } = await runLine('notify --test')
    expect({ out, exitCode }).toEqual({ out: '', exitCode: 2 })
    expect(err).toMatch(/^error: No webhook is configured\n.*notify\.webhook_url_file/)
  })
})

describe('notify', () => {
  it('explains what is told and sends nothing', async () => {
    const receiver = await startReceiver()
    const { out, err, exitCode } = await runLine('notify', settingsFor(receiver.url.href, 'discord'))
    expect({ err, exitCode }).toEqual({ err: '', exitCode: 0 })
    expect(out).toContain('the webhook of notify.webhook_url_file in the format discord')
    for (const [name, { summary }] of Object.entries(NOTICE_TEXTS))
      expect(out).toContain(`${name.padEnd(32)}${summary}`)
    expect(receiver.received).toEqual([])
  })

  it('says that there is no webhook', async () => {
    expect((await runLine('notify')).out).toMatch(/^No webhook is configured/)
  })
})
