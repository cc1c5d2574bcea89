import { describe, expect, it } from 'vitest'
import { ownerSettingsOf } from '../../src/config/owners.ts'
import type { OwnerFacts } from '../../src/core/owner.ts'
import { billedFacts, isOrganizationWide, usageFacts } from '../../src/owners/facts.ts'
import { ownerOf, turningPoints } from '../../src/owners/owner-of.ts'
import { loadFrom } from '../config/load-from.ts'

const WEB: OwnerFacts = usageFacts({ source: 'claude-code', agent: 'none', project: 'web-shop', machine: 'laptop' })

async function rulesOf(yaml: string, timeZone = 'Europe/Berlin') {
  const { config } = await loadFrom({ yaml: `owners:\n${yaml}`, timeZone })
  return ownerSettingsOf(config).rules
}

describe('whom a use is charged to', () => {
  it.each([
    { rule: 'one that names the project', yaml: '  - {project: web-shop, owner: ada}', owner: 'ada' },
    { rule: 'one with a star', yaml: '  - {project: web-*, owner: ada}', owner: 'ada' },
    { rule: 'one with a star in the middle', yaml: '  - {project: w*shop, owner: ada}', owner: 'ada' },
    { rule: 'a list, any of which fits', yaml: '  - {project: [blog, "*-shop"], owner: ada}', owner: 'ada' },
    { rule: 'nobody where the case differs', yaml: '  - {project: Web-Shop, owner: ada}', owner: undefined },
    { rule: 'nobody where a part fits only', yaml: '  - {project: web, owner: ada}', owner: undefined },
    {
      rule: 'nobody where one of two conditions fails',
      yaml: '  - {project: web-shop, machine: server, owner: ada}',
      owner: undefined,
    },
    { rule: 'one where both conditions hold', yaml: '  - {project: web*, machine: lap*, owner: ada}', owner: 'ada' },
    {
      rule: 'the first that fits, in the order written',
      yaml: '  - {project: blog, owner: bob}\n  - {agent: none, owner: ada}\n  - {project: web-shop, owner: eve}',
      owner: 'ada',
    },
    { rule: 'a rule without conditions', yaml: '  - {owner: all}', owner: 'all' },
    { rule: 'nobody by a rule of the bill', yaml: '  - {workspace: "*", owner: ada}', owner: undefined },
    { rule: 'a team alone', yaml: '  - {source: claude-*, team: platform}', owner: 'none' },
  ])('$rule', async ({ yaml, owner }) => {
    const { usage } = await rulesOf(yaml)
    expect(ownerOf(usage, WEB, 0)?.owner).toBe(owner)
  })

  it('never takes long for a pattern with many stars', async () => {
    const { usage } = await rulesOf(`  - {project: "${'*a'.repeat(200)}b", owner: ada}`)
    const facts = usageFacts({ source: 'pi', agent: 'none', project: 'a'.repeat(10_000), machine: 'm' })
    expect(ownerOf(usage, facts, 0)).toBeNull()
  })
})

describe('days on which a rule holds', () => {
  const HANDOVER =
    '  - {project: web-shop, owner: ada, until: 2026-03-28}\n  - {project: web-shop, owner: bob, since: 2026-03-29}'

  it.each([
    { at: '2026-03-28T22:59:59.999Z', owner: 'ada', when: 'the last instant of the last day' },
    { at: '2026-03-28T23:00:00Z', owner: 'bob', when: 'midnight in Berlin, of the day on which clocks go forward' },
    { at: '2026-03-29T21:59:59Z', owner: 'bob', when: 'the end of that day of 23 hours' },
  ])('are those of the zone: $when', async ({ at, owner }) => {
    const { usage } = await rulesOf(HANDOVER)
    expect(ownerOf(usage, WEB, Date.parse(at))?.owner).toBe(owner)
  })

  it.each([
    { at: '2026-10-25T22:59:59Z', owner: 'ada', when: 'the 25th hour of the day on which clocks go back' },
    { at: '2026-10-25T23:00:00Z', owner: undefined, when: 'the midnight after it' },
  ])('include the whole last day: $when', async ({ at, owner }) => {
    const { usage } = await rulesOf('  - {project: web-shop, owner: ada, until: 2026-10-25}')
    expect(ownerOf(usage, WEB, Date.parse(at))?.owner).toBe(owner)
  })

  it('are UTC days for the bill, which knows no others', async () => {
    const { billed } = await rulesOf('  - {workspace: w, owner: ada, since: 2026-03-29}')
    const facts = { workspace: ['w'] }
    expect(ownerOf(billed, facts, Date.parse('2026-03-28T23:59:59Z'))).toBeNull()
    expect(ownerOf(billed, facts, Date.parse('2026-03-29T00:00:00Z'))?.owner).toBe('ada')
  })

  it('divide a range where they begin and end', async () => {
    const { usage } = await rulesOf(HANDOVER)
    const [from, to] = [Date.parse('2026-02-28T23:00:00Z'), Date.parse('2026-03-31T22:00:00Z')]
    expect(turningPoints(usage, from, to)).toEqual([from, Date.parse('2026-03-28T23:00:00Z')])
    expect(turningPoints(usage, to, to + 1)).toEqual([to])
  })
})

describe('what the bill is known by', () => {
  const directory = {
    organization: 'acme',
    id: 'o',
    name: 'Acme',
    readAt: 0,
    workspaces: [{ id: 'wrkspc_1', name: 'Research', status: 'active' as const }],
    apiKeys: [{ id: 'apikey_1', name: 'ci', status: 'active', workspaceId: 'wrkspc_1' }],
    rateLimits: [],
    spendLimits: null,
  }
  const factsOf = billedFacts([directory])

  it.each([
    ['id and name', 'wrkspc_1', 'apikey_1', ['wrkspc_1', 'Research'], ['apikey_1', 'ci']],
    ['an id alone', 'wrkspc_2', 'apikey_2', ['wrkspc_2'], ['apikey_2']],
    ['the name that the default workspace has', 'default', 'none', ['default', 'Default'], []],
    ['nothing of a fee', 'none', 'unknown', [], []],
  ])('%s', (_, workspaceId, apiKeyId, workspace, apiKey) => {
    expect(factsOf({ organization: 'acme', workspaceId, apiKeyId })).toEqual({
      organization: ['acme'],
      workspace,
      api_key: apiKey,
    })
  })

  it('is of one organisation: another may use the same id', () => {
    expect(factsOf({ organization: 'other', workspaceId: 'wrkspc_1', apiKeyId: 'none' }).workspace).toEqual([
      'wrkspc_1',
    ])
  })

  it('has no `*` for what has no workspace', async () => {
    const { billed } = await rulesOf('  - {workspace: "*", owner: ada}')
    expect(ownerOf(billed, factsOf({ organization: 'acme', workspaceId: 'none', apiKeyId: 'none' }), 0)).toBeNull()
  })

  it.each([
    ['none', 'none', true],
    ['unknown', 'none', true],
    ['default', 'none', false],
    ['none', 'apikey_1', false],
  ])('workspace %s and key %s: of the whole organisation %s', (workspaceId, apiKeyId, expected) => {
    expect(isOrganizationWide({ organization: 'acme', workspaceId, apiKeyId })).toBe(expected)
  })
})
