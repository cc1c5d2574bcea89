import { budgetRules } from './budget-rules.ts'
import type { Config } from './config.ts'
import type { KeyPath } from './layer.ts'
import { needsProtection } from './listen-address.ts'
import { notifyRules } from './notify-rules.ts'
import { organizationRules } from './organization-rules.ts'
import { ownerRuleChecks } from './owner-rules.ts'
import { remoteWriteRules } from './remote-write-rules.ts'
import { reportRules } from './report-rules.ts'
import { storageRules } from './storage-rules.ts'

/** Something that settings only get wrong together. */
export interface Rule {
  /** Paths of the settings it looks at; the first is the one to name. */
  readonly reads: readonly string[]
  /** What is wrong, or null or an empty list. */
  readonly check: (config: Config, where: WhereGiven) => RuleProblem | readonly RuleProblem[] | null
}

/** The place in which a setting, or a value within it, was given. */
export type WhereGiven = (path: string, within?: KeyPath) => string

export interface RuleProblem {
  readonly text: string
  readonly fix: string
  /** Path of the setting to name instead of the first. */
  readonly at?: string
  /** Keys of the value within that setting, where not all of it is wrong. */
  readonly within?: KeyPath
}

export const rules: readonly Rule[] = [
  ...organizationRules,
  ...budgetRules,
  ...notifyRules,
  ...remoteWriteRules,
  ...reportRules,
  ...storageRules,
  ...ownerRuleChecks,
  {
    reads: ['web.listen_address', 'web.allow_unprotected', 'web.config_file'],
    check: ({ web }) => {
      // What is in the file decides, which is read where it is used: reports need not be able to read it.
      if (!needsProtection(web) || web.configFile !== '') return null
      return {
        text: 'other machines can reach this address, and anybody there could read what you spend',
        fix: 'Listen on 127.0.0.1, name a web.config_file with TLS and users, or set web.allow_unprotected to true where a firewall or proxy protects the port.',
      }
    },
  },
  {
    reads: ['tail.hold_limit', 'tail.quiet_time'],
    check: ({ tail }) => {
      if (tail.holdLimitMs >= tail.quietTimeMs) return null
      return { text: 'shorter than tail.quiet_time', fix: 'Set tail.hold_limit to at least tail.quiet_time.' }
    },
  },
  {
    reads: ['tail.poll_cold', 'tail.poll_hot'],
    check: ({ tail }) => {
      if (tail.pollColdMs >= tail.pollHotMs) return null
      return { text: 'shorter than tail.poll_hot', fix: 'Set tail.poll_cold to at least tail.poll_hot.' }
    },
  },
  {
    reads: ['projects.label', 'projects.salt'],
    check: ({ projects }) => {
      if (projects.label !== 'hash' || projects.salt !== '') return null
      return {
        text: 'without a salt, anybody can find the names by hashing likely ones',
        fix: 'Set projects.salt to some random text and keep it: a new salt gives every project a new label.',
      }
    },
  },
  {
    reads: ['pricing.overrides'],
    check: ({ pricing }) => {
      const rows = pricing.overrides.map((row) => `${row.model} since ${row.since || 'ever'}`)
      const twice = rows.find((row, index) => rows.indexOf(row) !== index)
      return twice === undefined
        ? null
        : { text: `two prices for ${twice}`, fix: 'Give every price its own first day.' }
    },
  },
]
