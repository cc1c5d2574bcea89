import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { SECRETS, startReceiver } from '../../notify/support/receiver.ts'
import { claudeLine } from '../../support/claude-line.ts'
import { claudeHome, writeClaudeLog } from '../support/claude-home.ts'
import { startServing } from '../support/serving.ts'

const time = Date.parse('2026-05-04T15:00:00Z')

describe('budgets of a running exporter', () => {
  it('are told to the webhook once, also after a restart, and follow a changed configuration', async () => {
    const receiver = await startReceiver()
    const told = () => receiver.received.flatMap(({ body }) => namesIn(body))
    const home = claudeHome([{ id: '1', output: 400, input: 0, time }])
    const config = join(home, 'c.yml')
    const configure = (limit: number) =>
      writeFileSync(
        config,
        `budgets: [{name: daily, limit_tokens: ${limit}, period: day}]\nnotify: {webhook_url: "${receiver.url}"}`,
      )
    configure(1_000)
    const start = async () => {
      const serving = await startServing(`--config.file ${config}`, { home })
      await serving.logged('following them')
      return serving
    }
    const first = await start()
    expect(await shown(first.url, 'claude_budget_used_ratio{budget="daily"}')).toBe('0.4')
    expect(await shown(first.url, 'claude_budget_state{budget="daily",state="ok"}')).toBe('1')

    writeClaudeLog(home, claudeLine({ id: '2', output: 400, input: 0, time: time + 60_000 }))
    await first.logged('a budget has passed a threshold')
    await until(() => told().length > 0)
    expect(told()).toEqual(['ClaudeBudgetNearLimit'])
    expect(receiver.received[0]?.body).toContain('80.0%')
    expect(await first.stop()).toBe(0)
    for (const secret of SECRETS) expect(first.io.err()).not.toContain(secret)

    const second = await start()
    expect(await shown(second.url, 'claude_budget_state{budget="daily",state="warning"}')).toBe('1')
    configure(4_000)
    second.io.emitter.emit('SIGHUP')
    await second.logged('configuration reloaded')
    expect(await shown(second.url, 'claude_budget_limit_tokens{budget="daily"}')).toBe('4000')
    expect(await shown(second.url, 'claude_budget_state{budget="daily",state="ok"}')).toBe('1')
    // Two looks at the budgets later nothing new was told.
    await delay(11_000)
    expect(told()).toEqual(['ClaudeBudgetNearLimit'])
    expect(await second.stop()).toBe(0)
  })
})

it('periods of a changed budget wait for a restart with the time zone', async () => {
  const home = claudeHome([{ id: '1', output: 400, input: 0, time }])
  const config = join(home, 'c.yml')
  const configure = (limit: number, zone: string) =>
    writeFileSync(config, `time_zone: ${zone}\nbudgets: [{name: daily, limit_tokens: ${limit}, period: day}]\n`)
  configure(1_000, 'UTC')
  const serving = await startServing(`--config.file ${config}`, { home })
  await serving.logged('following them')
  const start = () => shown(serving.url, 'claude_budget_period_start_timestamp_seconds{budget="daily"}')
  const midnight = await start()
  configure(2_000, 'Asia/Tokyo')
  serving.io.emitter.emit('SIGHUP')
  await serving.logged('configuration reloaded')
  expect(await shown(serving.url, 'claude_budget_limit_tokens{budget="daily"}')).toBe('2000')
  expect(midnight).toBeDefined()
  expect(await start()).toBe(midnight)
  expect(await serving.stop()).toBe(0)
})

function namesIn(body: string): string[] {
  return (JSON.parse(body) as { notices: { name: string }[] }).notices.map(({ name }) => name)
}

async function shown(url: string, series: string): Promise<string | undefined> {
  const text = await (await fetch(`${url}/metrics`)).text()
  return text
    .split('\n')
    .find((line) => line.startsWith(`${series} `))
    ?.slice(series.length + 1)
}

async function until(look: () => boolean): Promise<void> {
  for (const end = Date.now() + 15_000; !look(); await delay(50)) {
    if (Date.now() > end) throw new Error('did not happen')
  }
}
