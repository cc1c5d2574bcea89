import { join } from 'node:path'
import { expect, it } from 'vitest'
import { DAY_MS } from '../../src/core/time.ts'
import { openSqliteReader } from '../../src/ledger/sqlite/ledger.ts'
import { eventually, startExporter } from '../support/exporter.ts'
import { startOrganizationApi } from '../support/organization-api/server.ts'
import { createTruth } from '../support/organization-api/truth.ts'
import { tempFolder } from '../support/temp.ts'

const KEY = 'sk-ant-admin01-trouble-00112233445566'

/** Counters count a run when it ends, and what follows from the run log is read a moment later. */
const TOLD = [
  'claude_exporter_sync_failures_total{source="anthropic-directory",reason="auth"} 1',
  'claude_exporter_credentials_valid{organization="default"} 0',
  'claude_exporter_source_up{source="anthropic-usage"} 0',
]

async function world() {
  const today = Math.floor(Date.now() / DAY_MS) * DAY_MS
  const truth = createTruth({ seed: 5, from: today - 3 * DAY_MS, days: 3 })
  const api = await startOrganizationApi({ truth, keys: { [KEY]: { kind: 'admin' } }, now: () => Date.now() })
  const home = tempFolder()
  const storage = join(home, 'data')
  const start = (key: string) =>
    startExporter({
      home,
      storage,
      env: { ANTHROPIC_ADMIN_KEY: key, CLAUDE_USAGE_EXPORTER_ADMIN_API_BASE_URL: api.url },
    })
  return { api, storage, start }
}

it('a refused key is told in the metrics within one sync and brings no request storm', {
  timeout: 60_000,
}, async () => {
  const { api, start } = await world()
  const exporter = await start('sk-ant-admin01-wrong')
  try {
    const body = await eventually('the refusal', async () => {
      const text = await (await fetch(`${exporter.url}/metrics`)).text()
      return TOLD.every((sample) => text.includes(sample)) ? text : null
    })
    expect(body).not.toContain('claude_billed_cost_month_to_date_usd{')
    expect(api.requests.length).toBeLessThan(10)
  } finally {
    await exporter.kill('SIGTERM')
    await api.close()
  }
})

it('killed in the middle of a run: the run log says so, and the next start reads all', {
  timeout: 60_000,
}, async () => {
  const { api, storage, start } = await world()
  try {
    api.faults.add({ fault: { kind: 'hang' }, nth: 2, times: Number.POSITIVE_INFINITY })
    const killed = await start(KEY)
    await eventually('a request that hangs', async () => (api.requests.length >= 2 ? true : null))
    await killed.kill('SIGKILL')
    api.faults.clear()
    const exporter = await start(KEY)
    try {
      await eventually('the runs after the restart', async () => {
        const text = await (await fetch(`${exporter.url}/metrics`)).text()
        return text.includes('claude_exporter_source_up{source="anthropic-cost"} 1') ? true : null
      })
    } finally {
      await exporter.kill('SIGTERM')
    }
    const ledger = openSqliteReader(join(storage, 'ledger.sqlite'))
    const runs = await ledger.runs({ source: 'anthropic-usage', limit: 10 })
    await ledger.close()
    expect(runs.map(({ result }) => result)).toEqual(['ok', 'interrupted'])
  } finally {
    await api.close()
  }
})
