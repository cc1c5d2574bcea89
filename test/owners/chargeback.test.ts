import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MEASURE, setAmount, zeroMeasures } from '../../src/core/measures.ts'
import type { OwnerRule } from '../../src/core/owner.ts'
import { type BilledPart, chargeback, type UsagePart } from '../../src/owners/chargeback.ts'
import { isOrganizationWide } from '../../src/owners/facts.ts'

const NAMES = ['a', 'b', 'a-b', '']
const AT = [0, 1_000, 2_000]

function usagePart(fields: Partial<UsagePart> & { readonly pico?: bigint; readonly tokens?: number } = {}): UsagePart {
  const { pico = 0n, tokens = 0, ...rest } = fields
  const values = zeroMeasures()
  setAmount(values, 'cost_usd', pico)
  values[MEASURE.input] = tokens
  values[MEASURE.requests] = 1
  const defaults = { at: 0, source: 'pi', agent: 'none', project: 'a', machine: 'm', session: 's' } as const
  return { ...defaults, billing: 'metered', values, ...rest }
}

function billedPart(fields: Partial<BilledPart> = {}): BilledPart {
  const { organization = 'o', workspaceId = 'w', apiKeyId = 'none', costType = 'tokens', pico = 0n } = fields
  const known = (id: string) => (id === 'none' ? [] : [id])
  const facts = { organization: [organization], workspace: known(workspaceId), api_key: known(apiKeyId) }
  const labels = { organization, workspaceId, apiKeyId }
  return { at: 0, ...labels, costType, pico, facts, isOrganizationWide: isOrganizationWide(labels), ...fields }
}

function rule(conditions: OwnerRule['conditions'], owner: string, fields: Partial<OwnerRule> = {}): OwnerRule {
  const charged = { owner, team: `t-${owner}`, costCenter: 'none' }
  return { conditions, charged, since: Number.NEGATIVE_INFINITY, until: Number.POSITIVE_INFINITY, ...fields }
}

const name = fc.constantFrom(...NAMES)
const pattern = fc.constantFrom('a', 'b', '*', 'a*', '*b')
const span = fc.record({
  since: fc.constantFrom(Number.NEGATIVE_INFINITY, 1_000),
  until: fc.constantFrom(Number.POSITIVE_INFINITY, 2_000),
})
const owner = fc.constantFrom('ada', 'bob', 'eve')
const usageRule = fc
  .tuple(fc.dictionary(fc.constantFrom('project', 'agent'), fc.array(pattern, { minLength: 1 })), owner, span)
  .map(([conditions, who, times]) => rule(conditions, who, times))
const billedRule = fc
  .tuple(fc.dictionary(fc.constantFrom('workspace', 'organization'), fc.array(pattern, { minLength: 1 })), owner, span)
  .map(([conditions, who, times]) => rule(conditions, who, times))
const pico = fc.bigInt({ min: 0n, max: 10n ** 18n })
const parts = fc
  .array(
    fc.record({
      at: fc.constantFrom(...AT),
      project: name,
      agent: name,
      session: name,
      billing: fc.constantFrom('metered' as const, 'plan' as const),
      pico,
      tokens: fc.nat(1_000_000),
    }),
  )
  .map((list) => list.map(usagePart))
const bills = fc
  .array(
    fc.record({
      at: fc.constantFrom(...AT),
      organization: fc.constantFrom('a', 'b'),
      workspaceId: fc.constantFrom('a', 'a-b', 'none'),
      costType: name,
      pico: fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }),
    }),
  )
  .map((list) => list.map(billedPart))
const by = fc.constantFrom(null, 'owner' as const, 'team' as const, 'cost-center' as const)

const sumOf = (values: readonly bigint[]) => values.reduce((sum, value) => sum + value, 0n)
const tokensOf = (list: readonly UsagePart[]) => sumOf(list.map(({ values }) => BigInt(values[MEASURE.input] ?? 0)))

describe('chargeback', () => {
  it('has everything in exactly one row: rows add up to what there is, to the last pico-dollar and token', () => {
    fc.assert(
      fc.property(
        parts,
        bills,
        fc.array(usageRule),
        fc.array(billedRule),
        by,
        (usage, billed, forUse, forBill, grouping) => {
          const { rows, total } = chargeback({
            rules: { usage: forUse, billed: forBill },
            usage,
            billed,
            by: grouping,
            share: 'proportional',
          })
          for (const figure of ['estimatedPico', 'planPico', 'billedPico', 'requests', 'unpricedTokens'] as const) {
            expect(sumOf(rows.map((row) => row[figure]))).toBe(total[figure])
          }
          expect(sumOf(rows.map((row) => row.tokens[0] ?? 0n))).toBe(tokensOf(usage))
          expect(total.billedPico).toBe(sumOf(billed.map((part) => part.pico)))
          expect(total.requests).toBe(BigInt(usage.length))
          for (const row of rows) {
            expect(sumOf(row.usage.map(({ estimatedPico }) => estimatedPico))).toBe(row.estimatedPico)
            expect(sumOf(row.billed.map(({ billedPico }) => billedPico))).toBe(row.billedPico)
          }
        },
      ),
    )
  })

  it('shares exactly what is of whole organisations, unless nobody was billed for anything else', () => {
    fc.assert(
      fc.property(bills, fc.array(billedRule), (billed, rules) => {
        const { rows, sharedPico } = chargeback({
          rules: { usage: [], billed: rules },
          usage: [],
          billed,
          by: null,
          share: 'proportional',
        })
        const unallocated = rows.find(({ isAllocated }) => !isAllocated)
        const owned = rows.filter(({ isAllocated }) => isAllocated)
        const fees = ['a', 'b'].map((organization) => {
          const fee = (unallocated?.billed ?? []).filter(
            (part) => part.organization === organization && part.workspaceId === 'none',
          )
          const isShared = owned.some(
            (row) =>
              sumOf(row.billed.filter((part) => part.organization === organization).map((part) => part.billedPico)) >
              0n,
          )
          return isShared ? sumOf(fee.map(({ billedPico }) => billedPico)) : 0n
        })
        expect(sharedPico).toBe(sumOf(fees))
        expect(sumOf(rows.map((row) => row.sharedPico ?? 0n))).toBe(sumOf(fees))
        expect(unallocated?.sharedPico ?? null).toBeNull()
      }),
    )
  })

  it('charges what earlier rules take as before when a rule is added at the end', () => {
    fc.assert(
      fc.property(parts, fc.array(usageRule), usageRule, (usage, rules, last) => {
        const added = { ...last, charged: { owner: 'new', team: 'new', costCenter: 'new' } }
        const rowsBy = (list: readonly OwnerRule[]) =>
          chargeback({ rules: { usage: list, billed: [] }, usage, billed: [], by: null, share: 'none' }).rows
        const before = rowsBy(rules).filter(({ isAllocated }) => isAllocated)
        const after = rowsBy([...rules, added]).filter((row) => row.isAllocated && row.charged.owner !== 'new')
        expect(after).toEqual(before)
      }),
    )
  })

  it('counts what several rows have once in the total', () => {
    const usage = [
      usagePart({ project: 'a', session: 's' }),
      usagePart({ project: 'b', session: 's' }),
      usagePart({ project: 'b', session: 's', source: 'claude-code' }),
    ]
    const rules = { usage: [rule({ project: ['a'] }, 'ada')], billed: [] }
    const { rows, total } = chargeback({ rules, usage, billed: [], by: null, share: 'none' })
    expect(rows.map(({ sessions }) => sessions)).toEqual([1, 2])
    expect(total).toMatchObject({ sessions: 2, projects: 2, machines: 1 })
  })

  it('never mixes what is metered, what a plan covers and what is billed', () => {
    const { total } = chargeback({
      rules: { usage: [], billed: [] },
      usage: [usagePart({ pico: 1n }), usagePart({ pico: 20n, billing: 'plan' })],
      billed: [billedPart({ pico: 300n })],
      by: null,
      share: 'none',
    })
    expect(total).toMatchObject({ estimatedPico: 1n, planPico: 20n, billedPico: 300n })
  })

  it('keeps a name of its own for each owner, however hostile', () => {
    const owners = ['__proto__', 'constructor', '["ada"]', '=cmd|x', '<script>']
    const usage = owners.map((project) => usagePart({ project, pico: 1n }))
    const rules = { usage: owners.map((project) => rule({ project: [project] }, project)), billed: [] }
    const { rows } = chargeback({ rules, usage, billed: [], by: 'owner', share: 'none' })
    expect(rows.map(({ charged }) => charged.owner)).toEqual([...owners].sort())
  })
})
