import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { DAY_MS } from '../../../src/core/time.ts'
import { startOrganizationApi } from '../../support/organization-api/server.ts'
import { createTruth } from '../../support/organization-api/truth.ts'
import { claudeHome } from '../support/claude-home.ts'
import { runLine } from '../support/fake-io.ts'

const HOUR_MS = 3_600_000
const TIME = Date.parse('2026-05-04T10:00:00Z')
const COMMAND = 'once --config.file claude-usage-exporter.yml'

describe('once with an organisation that answers', () => {
  it('reads it as well, tells what came, and writes its bill, without its key', async () => {
    const key = 'sk-ant-admin01-once-0123456789abcdef'
    const [now, days] = [TIME + 5 * HOUR_MS, 4]
    const truth = createTruth({ seed: 7, from: TIME - (TIME % DAY_MS) - (days - 1) * DAY_MS, days })
    // What has not happened yet is not there.
    truth.remove(({ start }) => start + HOUR_MS > now - 5 * 60_000)
    const api = await startOrganizationApi({
      truth,
      keys: { [key]: { kind: 'admin' } },
      now,
      generations: { analytics: false, legacy: true },
    })
    try {
      const folder = claudeHome([{ id: '1', output: 500, time: TIME }])
      writeFileSync(
        join(folder, 'claude-usage-exporter.yml'),
        `time_zone: UTC\nadmin_api: {base_url: "${api.url}", requests_per_minute: 0}\nreports: [{format: status, output: status.json}, {format: markdown, output: usage.md}]\n`,
      )
      const run = () => runLine(COMMAND, { home: folder, now, env: { ANTHROPIC_ADMIN_KEY: key } })
      const { out, err, exitCode } = await run()
      expect({ err, exitCode }).toEqual({ err: '', exitCode: 0 })
      const steps = out
        .split('\n')
        .map((line) => /^(\S+ \S+) +\d+\.\d\d s +(ok|failed) +(\S+): (.*)$/.exec(line)?.slice(1, 5))
      const organization = steps.flatMap((step) => (step?.[0] === 'read organisation' ? [step] : [])) as string[][]
      expect(organization.map(([, result, about]) => [result, about])).toEqual([
        ['ok', 'anthropic-usage'],
        ['ok', 'anthropic-cost'],
        ['ok', 'anthropic-directory'],
      ])
      for (const [, , , text] of organization) {
        const [fetched = 0, added = 0, ...rest] = (text?.match(/[\d,]+/g) ?? []).map((count) =>
          Number(count.replace(/,/g, '')),
        )
        expect([fetched > 0, added]).toEqual([true, fetched])
        expect(rest.slice(0, 2)).toEqual([0, 0])
      }
      expect(out).toMatch(/Done in \d+\.\d\d s: 9 steps, all went well\.\n$/)
      const documents = () => ['status.json', 'usage.md'].map((name) => readFileSync(join(folder, name), 'utf8'))
      const [status = '', report = ''] = documents()
      const pico = truth
        .records()
        .filter(({ start }) => new Date(start).getUTCMonth() === 4)
        .reduce((sum, { amountPico }) => sum + amountPico, 0n)
      const { billedCostUsd } = JSON.parse(status).monthToDate
      // Whole cents come from this report, so that each of its lines may be off by half of one.
      expect(billedCostUsd).toBeGreaterThan(0)
      expect(Math.abs(billedCostUsd - Number(pico) / 1e12)).toBeLessThan(1)
      expect(report).toContain('| Billed by the provider (UTC days) |')
      // Again: all is there already, and every row is read as the same.
      const again = await run()
      expect(again.exitCode).toBe(0)
      expect(again.out).toMatch(/anthropic-usage: [\d,]+ rows fetched: 0 new, 0 changed, 0 removed/)
      const everything = [out, err, again.out, again.err, ...documents()].join('\n')
      expect(everything).not.toContain('0123456789abcdef')
      expect(api.requests.length).toBeGreaterThan(3)
    } finally {
      await api.close()
    }
  })
})
