import { describe, expect, it } from 'vitest'
import type { Directory } from '../../../src/core/organization.ts'
import { ledgerKinds } from '../contract/ledgers.ts'

describe.each(ledgerKinds())('on $name', ({ newPlace, openLedger }) => {
  const DIRECTORY: Directory = {
    id: 'org_1',
    name: 'Acme',
    workspaces: [
      { id: 'default', name: 'Default', status: 'active' },
      { id: 'wrkspc_1', name: 'Build', status: 'archived' },
    ],
    apiKeys: [
      { id: 'apikey_1', name: 'ci', status: 'active', workspaceId: 'wrkspc_1' },
      { id: 'apikey_2', name: 'own', status: 'inactive', workspaceId: 'none' },
    ],
    rateLimits: [{ workspaceId: 'none', group: 'batch', limiter: 'requests_per_minute', value: 4000 }],
    spendLimits: [
      {
        id: 'limit_1',
        scope: 'organization',
        scopeId: 'none',
        period: 'monthly',
        limitPico: 2n ** 80n,
        spentPico: null,
      },
      { id: 'limit_2', scope: 'workspace', scopeId: 'wrkspc_1', period: 'daily', limitPico: null, spentPico: -5n },
    ],
  }

  it('a directory is stored whole and read back, by a reader too', async () => {
    const place = newPlace()
    const ledger = await place.open()
    expect(await ledger.saveDirectory('default', DIRECTORY, 5)).toMatchObject({ fetched: 8, added: 8 })
    expect(await ledger.saveDirectory('acme', { ...DIRECTORY, spendLimits: null }, 6)).toMatchObject({ added: 6 })
    expect(await ledger.saveDirectory('default', DIRECTORY, 7)).toMatchObject({ added: 0, changed: 0, unchanged: 8 })
    const stored = [
      { organization: 'acme', readAt: 6, ...DIRECTORY, spendLimits: null },
      { organization: 'default', readAt: 7, ...DIRECTORY },
    ]
    const reader = await place.reader()
    expect(await ledger.directories()).toEqual(stored)
    expect(await reader.directories()).toEqual(stored)
    expect(await reader.organizations()).toEqual(['acme', 'default'])
    await expect(reader.saveDirectory('acme', DIRECTORY, 8)).rejects.toThrow(/opened for reading/)
    await reader.close()
    await ledger.close()
  })

  it('names that are gone stay known as deleted, limits do not', async () => {
    const ledger = await openLedger()
    await ledger.saveDirectory('default', DIRECTORY, 5)
    const [, build] = DIRECTORY.workspaces
    const renamed = {
      ...DIRECTORY,
      workspaces: build ? [{ ...build, name: 'Built' }] : [],
      apiKeys: [],
      rateLimits: [],
    }
    const told = { fetched: 4, added: 0, changed: 1, removed: 4, unchanged: 3 }
    expect(await ledger.saveDirectory('default', renamed, 6, { dryRun: true })).toEqual(told)
    expect(await ledger.directories()).toEqual([{ organization: 'default', readAt: 5, ...DIRECTORY }])
    expect(await ledger.saveDirectory('default', renamed, 6)).toEqual(told)
    expect(await ledger.saveDirectory('default', renamed, 7)).toMatchObject({ removed: 0, unchanged: 4 })
    expect(await ledger.directories()).toMatchObject([
      {
        workspaces: [
          { id: 'default', name: 'Default', status: 'deleted' },
          { id: 'wrkspc_1', name: 'Built', status: 'archived' },
        ],
        apiKeys: [
          { id: 'apikey_1', name: 'ci', status: 'deleted', workspaceId: 'wrkspc_1' },
          { id: 'apikey_2', name: 'own', status: 'deleted', workspaceId: 'none' },
        ],
        rateLimits: [],
        spendLimits: [{ id: 'limit_1' }, { id: 'limit_2' }],
      },
    ])
    expect(await ledger.saveDirectory('default', DIRECTORY, 8)).toMatchObject({ added: 1, changed: 4, unchanged: 3 })
    await ledger.close()
  })
})
