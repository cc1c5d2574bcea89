import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { HOUR_MS } from '../../../src/core/time.ts'
import { readTodayUsd } from '../../../src/plan-windows/today-file.ts'
import { claudeHome } from '../support/claude-home.ts'
import { runLine } from '../support/fake-io.ts'
import { type Serving, startServing } from '../support/serving.ts'

const NOW = Date.parse('2026-05-04T15:31:00Z')

function statusline(home: string, percent: number) {
  const reset = (NOW + HOUR_MS) / 1_000
  const input = { rate_limits: { five_hour: { used_percentage: percent, resets_at: reset } } }
  return runLine('statusline', { home, stdin: JSON.stringify(input) })
}

async function planLines({ url }: Serving): Promise<string[]> {
  const text = await (await fetch(`${url}/metrics`)).text()
  return text.split('\n').filter((line) => line.startsWith('claude_plan_window_'))
}

/** Longer than one round of the exporter's. */
async function eventually<T>(look: () => Promise<T>, isIt: (seen: T) => boolean): Promise<T> {
  for (const end = Date.now() + 20_000; ; await delay(100)) {
    const seen = await look()
    if (isIt(seen) || Date.now() > end) return seen
  }
}

it('shows what a status line stored, from the start and when it changes', async () => {
  const home = claudeHome([{ id: '1', output: 50_000, time: NOW - HOUR_MS }])
  await statusline(home, 38)
  const serving = await startServing('', { home, now: NOW })
  try {
    const labels = '{account="default",window="5h",origin="statusline"}'
    expect(await planLines(serving)).toEqual([
      `claude_plan_window_observed_timestamp_seconds${labels} ${NOW / 1_000}`,
      `claude_plan_window_reset_timestamp_seconds${labels} ${(NOW + HOUR_MS) / 1_000}`,
      `claude_plan_window_used_ratio${labels} 0.38`,
    ])
    await statusline(home, 101)
    const wanted = `claude_plan_window_used_ratio${labels} 1.01`
    expect(
      await eventually(
        () => planLines(serving),
        (lines) => lines.includes(wanted),
      ),
    ).toContain(wanted)
    // And the other way: what today costs, for the status line.
    const storage = join(home, '.local', 'share', 'claude-usage-exporter')
    const usd = await eventually(
      async () => readTodayUsd(storage, NOW),
      (seen) => seen !== null,
    )
    expect(usd).toBeGreaterThan(0)
    expect((await runLine('statusline --format={today}', { home, stdin: '{}' })).out).toBe(`$${usd?.toFixed(2)}\n`)
  } finally {
    expect(await serving.stop()).toBe(0)
  }
})
