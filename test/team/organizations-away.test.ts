import { expect, it, vi } from 'vitest'
import { type Ledger, LedgerError } from '../../src/ledger/ledger.ts'
import { createLogger } from '../../src/lib/logger.ts'
import { Organizations } from '../../src/organizations.ts'
import type { AdminApi } from '../../src/sources/admin-api/admin-api.ts'
import { loadFrom } from '../config/load-from.ts'
import { tempLedger } from '../support/temp.ts'

it('an organisation is left alone, without a word, while the ledger is away', async () => {
  const { config } = await loadFrom({ yaml: 'admin_api: {key: sk-ant-admin01-made-up-0123456789}' })
  const ledger = tempLedger()
  const asked = { runs: 0, lease: 0, api: 0 }
  const away = (what: keyof typeof asked) => async () => {
    asked[what] += 1
    throw new LedgerError('away', 'the server cannot be reached')
  }
  const shared: Ledger = { ...ledger, isShared: true, runs: away('runs'), lease: away('lease') }
  const lines: string[] = []
  const api = new Proxy({ organization: 'default' } as AdminApi, {
    get: (target, name) => (name in target ? Reflect.get(target, name) : away('api')),
  })
  const organizations = new Organizations({
    config,
    env: {},
    ledger: shared,
    clock: { now: () => Date.now() },
    logger: createLogger({ level: 'warn', format: 'json', write: (line) => void lines.push(line) }),
    health: { syncStarted: () => {}, syncFinished: () => {}, syncFailed: () => {}, apiRequests: () => {} },
    changed: () => {},
    adminApi: () => api,
  })
  await organizations.start()
  await vi.waitFor(() => expect(asked.lease).toBeGreaterThan(0), 5_000)
  await organizations.stop()
  expect(asked.runs).toBeGreaterThan(0)
  expect(asked.api).toBe(0)
  expect(lines).toEqual([])
  await ledger.close()
})
