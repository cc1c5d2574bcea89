import { BILLED_CONDITIONS, type OwnerCondition, USAGE_CONDITIONS } from '../core/owner.ts'
import { matchesWildcard } from '../lib/wildcard.ts'
import type { KeyPath } from './layer.ts'
import type { OwnerEntry } from './owner.ts'
import { conditionsOf, hasAny } from './owners.ts'
import type { Rule, RuleProblem, WhereGiven } from './rules.ts'

/** What the keys of owner rules only get wrong together: within one, then among all. */
export const ownerRuleChecks: readonly Rule[] = [
  {
    reads: ['owners'],
    check: ({ owners }, where) =>
      owners.flatMap((entry, index) => {
        const own = entryProblems(entry).map(({ key, ...problem }) => ({ ...problem, within: [index, ...key] }))
        // What is wrong in itself need not be compared with others.
        return own.length > 0 ? own : hiddenProblems(owners, index, where)
      }),
  },
]

interface EntryProblem {
  /** Keys within the entry. */
  readonly key: KeyPath
  readonly text: string
  readonly fix: string
}

function entryProblems(entry: OwnerEntry): EntryProblem[] {
  return [...chargedProblems(entry), ...mixProblems(entry), ...dateProblems(entry)]
}

function chargedProblems({ owner, team }: OwnerEntry): EntryProblem[] {
  if (owner !== undefined || team !== undefined) return []
  const text = 'a rule says neither owner nor team, so that nobody would be charged'
  return [{ key: [], text, fix: 'Give the rule an owner or a team.' }]
}

function mixProblems(entry: OwnerEntry): EntryProblem[] {
  const first = [...BILLED_CONDITIONS].find((name) => entry[name] !== undefined)
  const other = [...USAGE_CONDITIONS].find((name) => entry[name] !== undefined)
  if (first === undefined || other === undefined) return []
  return [
    {
      key: [other],
      text: `${other} is known of session logs only and ${first} of the bill only, so that nothing could have both`,
      fix: 'Write two rules with the same owner: one for session logs (project, agent, machine, source), one for the bill (organization, workspace, api_key).',
    },
  ]
}

function dateProblems({ since, until }: OwnerEntry): EntryProblem[] {
  if (since === undefined || until === undefined || since <= until) return []
  const text = `${until} is before since (${since})`
  return [{ key: ['until'], text, fix: 'Swap since and until of the rule: until is the last day on which it holds.' }]
}

/** A rule that can never match, because one before it takes everything that it would. */
function hiddenProblems(all: readonly OwnerEntry[], index: number, where: WhereGiven): RuleProblem[] {
  const entry = all[index]
  const hiding = entry === undefined ? -1 : all.slice(0, index).findIndex((earlier) => takesAllOf(earlier, entry))
  if (hiding === -1) return []
  return [
    {
      within: [index],
      text: `this rule can never match: the one at ${where('owners', [hiding])} comes before it and takes everything that it would`,
      fix: 'Put the narrower rule of the two first, give them days (since, until) that do not overlap, or remove the later one.',
    },
  ]
}

/** True only where it is certain. */
function takesAllOf(earlier: OwnerEntry, later: OwnerEntry): boolean {
  return (
    isInForceWith(earlier, later) &&
    Object.entries(conditionsOf(earlier)).every(([name, patterns]) => {
      const narrower = later[name as OwnerCondition]
      // A `*` is matched by a `*` only, so that a pattern that fits the text of another fits all that the other does.
      if (narrower !== undefined) return narrower.every((one) => patterns.some((wide) => matchesWildcard(wide, one)))
      return patterns.includes('*') && isAlwaysKnown(name as OwnerCondition, later)
    })
  )
}

function isInForceWith(earlier: OwnerEntry, later: OwnerEntry): boolean {
  const { since = '', until = LAST_DATE } = earlier
  return since <= (later.since ?? '') && until >= (later.until ?? LAST_DATE)
}

/** Sorts behind every date. */
const LAST_DATE = '~'

/** Workspace and key are not: a fee of the organisation has none. */
function isAlwaysKnown(name: OwnerCondition, rule: OwnerEntry): boolean {
  if (name === 'organization') return hasAny(rule, BILLED_CONDITIONS)
  return name !== 'workspace' && name !== 'api_key' && hasAny(rule, USAGE_CONDITIONS)
}
