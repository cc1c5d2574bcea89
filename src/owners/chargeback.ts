import type { Measures } from '../core/measures.ts'
import { NOT_NAMED, type Owner, type OwnerFacts, type OwnerRules, type OwnerShare, UNALLOCATED } from '../core/owner.ts'
import type { Billing } from '../core/usage.ts'
import { usageFacts } from './facts.ts'
import { addBilled, addUse, type Figures, figuresOf, newSum, type Sum } from './figures.ts'
import { ownerOf } from './owner-of.ts'
import { shareOut } from './share.ts'

/** Use of one session under one label, in a time in which no rule begins or ends. */
export interface UsagePart {
  /** Epoch milliseconds, any instant of that time. */
  readonly at: number
  readonly source: string
  readonly agent: string
  readonly project: string
  readonly machine: string
  readonly billing: Billing
  readonly session: string
  readonly values: Measures
}

/** Billed cost of one workspace, key and type, in a time in which no rule begins or ends. */
export interface BilledPart {
  /** Epoch milliseconds, any instant of that time. */
  readonly at: number
  readonly organization: string
  readonly workspaceId: string
  readonly apiKeyId: string
  readonly costType: string
  /** Negative for a correction. */
  readonly pico: bigint
  /** What rules know it by. */
  readonly facts: OwnerFacts
  /** Whether it is of the organisation as a whole, such as a fee. */
  readonly isOrganizationWide: boolean
}

/** What rows are about: owner, team and cost centre together, or one of them. */
export const CHARGEBACK_GROUPINGS = ['owner', 'team', 'cost-center'] as const
export type ChargebackGrouping = (typeof CHARGEBACK_GROUPINGS)[number]

export interface ChargebackInput {
  readonly rules: OwnerRules
  readonly usage: readonly UsagePart[]
  readonly billed: readonly BilledPart[]
  /** Null: by all three. */
  readonly by: ChargebackGrouping | null
  readonly share: OwnerShare
}

/** Who is charged; null for what the rows are not about. */
export type Charged = { readonly [Name in keyof Owner]: Owner[Name] | null }

export interface ChargebackRow extends Figures {
  readonly charged: Charged
  /** False for the row of what no rule takes. */
  readonly isAllocated: boolean
  /**
   * Share of the cost that no rule takes and that is of an organisation as a whole, pico-dollars; part of the unallocated
   * billed cost, so never to be added to a sum that has that in it. Null unless it is to be shared.
   */
  readonly sharedPico: bigint | null
  readonly usage: readonly UsageDetail[]
  readonly billed: readonly BilledDetail[]
}

/** What the use of a row consists of. */
export interface UsageDetail extends Figures {
  readonly source: string
  readonly project: string
  readonly agent: string
  readonly machine: string
}

/** What the billed cost of a row consists of. */
export interface BilledDetail {
  readonly organization: string
  readonly workspaceId: string
  readonly apiKeyId: string
  readonly costType: string
  readonly billedPico: bigint
}

export interface Chargeback {
  /** By owner, team and cost centre; what no rule takes comes last, where there is any. */
  readonly rows: readonly ChargebackRow[]
  /** The exact sums of the rows; projects, sessions and machines that several have count once. */
  readonly total: Figures
  /** What is shared out, pico-dollars; null unless it is to be. */
  readonly sharedPico: bigint | null
}

interface Group {
  readonly owner: Owner | null
  readonly sum: Sum
  readonly usage: Map<string, { readonly part: UsagePart; readonly sum: Sum }>
  readonly billed: Map<string, { readonly part: BilledPart; pico: bigint }>
  /** Billed cost by organisation, pico-dollars. */
  readonly byOrganization: Map<string, bigint>
}

/** What each owner used and was billed. Everything is in exactly one row; what no rule takes is `unallocated`. */
export function chargeback({ rules, usage, billed, by, share }: ChargebackInput): Chargeback {
  const groups = new Map<string, Group>()
  const total = newSum()
  const fees = new Map<string, bigint>()
  const groupOf = (owner: Owner | null) => {
    const charged = chargedOf(owner, by)
    const key = JSON.stringify([owner !== null, charged.owner, charged.team, charged.costCenter])
    const group = groups.get(key) ?? newGroup(owner)
    groups.set(key, group)
    return group
  }
  const ownerOfUse = remembered((part: UsagePart) => ownerOf(rules.usage, usageFacts(part), part.at))
  for (const part of usage) {
    const { source, agent, project, machine, at } = part
    const group = groupOf(ownerOfUse(JSON.stringify([source, agent, project, machine, at]), part))
    const key = JSON.stringify([source, project, agent, machine])
    const detail = group.usage.get(key) ?? { part, sum: newSum() }
    group.usage.set(key, detail)
    for (const sum of [group.sum, detail.sum, total]) addUse(sum, part)
  }
  for (const part of billed) {
    const { organization, workspaceId, apiKeyId, costType, pico, isOrganizationWide } = part
    const owner = ownerOf(rules.billed, part.facts, part.at)
    const group = groupOf(owner)
    const key = JSON.stringify([organization, workspaceId, apiKeyId, costType])
    const detail = group.billed.get(key) ?? { part, pico: 0n }
    group.billed.set(key, detail)
    detail.pico += pico
    addTo(group.byOrganization, organization, pico)
    for (const sum of [group.sum, total]) addBilled(sum, pico)
    if (owner === null && isOrganizationWide) addTo(fees, organization, pico)
  }
  const inOrder = [...groups.values()].sort((a, b) => compareGroups(a, b, by))
  const shared = share === 'none' ? null : shareOut(fees, inOrder)
  return {
    rows: inOrder.map((group, index) => rowOf(group, by, shared?.[index] ?? null)),
    total: figuresOf(total),
    sharedPico: shared === null ? null : shared.reduce<bigint>((sum, pico) => sum + (pico ?? 0n), 0n),
  }
}

function rowOf(group: Group, by: ChargebackGrouping | null, sharedPico: bigint | null): ChargebackRow {
  const usage = [...group.usage].sort(([a], [b]) => compareTexts(a, b))
  const billed = [...group.billed].sort(([a], [b]) => compareTexts(a, b))
  return {
    charged: chargedOf(group.owner, by),
    isAllocated: group.owner !== null,
    ...figuresOf(group.sum),
    sharedPico,
    usage: usage.map(([, { part, sum }]) => {
      const { source, project, agent, machine } = part
      return { source, project, agent, machine, ...figuresOf(sum) }
    }),
    billed: billed.map(([, { part, pico }]) => {
      const { organization, workspaceId, apiKeyId, costType } = part
      return { organization, workspaceId, apiKeyId, costType, billedPico: pico }
    }),
  }
}

function chargedOf(owner: Owner | null, by: ChargebackGrouping | null): Charged {
  const { owner: name, team, costCenter } = owner ?? NOBODY
  return {
    owner: by === null || by === 'owner' ? name : null,
    team: by === null || by === 'team' ? team : null,
    costCenter: by === null || by === 'cost-center' ? costCenter : null,
  }
}

const NOBODY: Owner = { owner: UNALLOCATED, team: UNALLOCATED, costCenter: UNALLOCATED }

/** Those without a name come after the others. */
function compareGroups(a: Group, b: Group, by: ChargebackGrouping | null): number {
  if (a.owner === null || b.owner === null) return Number(a.owner === null) - Number(b.owner === null)
  const [one, other] = [chargedOf(a.owner, by), chargedOf(b.owner, by)]
  for (const name of ['owner', 'team', 'costCenter'] as const) {
    const [first, second] = [one[name] ?? '', other[name] ?? '']
    if (first === second) continue
    if (first === NOT_NAMED || second === NOT_NAMED) return first === NOT_NAMED ? 1 : -1
    return compareTexts(first, second)
  }
  return 0
}

function newGroup(owner: Owner | null): Group {
  return { owner, sum: newSum(), usage: new Map(), billed: new Map(), byOrganization: new Map() }
}

function remembered<Part>(find: (part: Part) => Owner | null): (key: string, part: Part) => Owner | null {
  const known = new Map<string, Owner | null>()
  return (key, part) => {
    const owner = known.get(key)
    if (owner !== undefined) return owner
    const found = find(part)
    known.set(key, found)
    return found
  }
}

function addTo(sums: Map<string, bigint>, key: string, pico: bigint): void {
  sums.set(key, (sums.get(key) ?? 0n) + pico)
}

function compareTexts(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
