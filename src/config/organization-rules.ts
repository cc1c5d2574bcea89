import type { Config } from './config.ts'
import { CREDENTIAL_KEYS } from './organization.ts'
import type { Rule } from './rules.ts'

const OWN_CREDENTIALS = ['admin_api.key', 'admin_api.key_file', 'admin_api.token_file', 'admin_api.profile'] as const

/** What the settings of organisations only get wrong together. */
export const organizationRules: readonly Rule[] = [
  {
    reads: OWN_CREDENTIALS,
    check: ({ adminApi }, where) => {
      const [first, second] = givenCredentials(adminApi)
      if (first === undefined || second === undefined) return null
      return {
        at: second,
        text: `${second} is given as well as ${first} (${where(first)})`,
        fix: `Keep one of ${first} and ${second}: an organisation has one credential. More organisations go under admin_api.organizations.`,
      }
    },
  },
  {
    reads: ['admin_api.organizations'],
    check: ({ adminApi }) => {
      for (const entry of adminApi.organizations) {
        const given = CREDENTIAL_KEYS.filter((key) => entry[key] !== undefined)
        if (given.length === 1) continue
        return {
          text: `organisation "${entry.name}" has ${given.length === 0 ? 'no credential' : given.join(' and ')}`,
          fix: `Give it exactly one of ${CREDENTIAL_KEYS.join(', ')}.`,
        }
      }
      return null
    },
  },
  {
    reads: ['admin_api.organizations', 'admin_api.organization', ...OWN_CREDENTIALS],
    check: ({ adminApi }) => {
      const own = givenCredentials(adminApi).length > 0 ? [adminApi.organization] : []
      const names = [...own, ...adminApi.organizations.map(({ name }) => name)]
      const twice = names.find((name, index) => names.indexOf(name) !== index)
      if (twice === undefined) return null
      return {
        text: `two organisations are called "${twice}"`,
        fix: 'Give every organisation a name of its own; admin_api.organization names the one directly under admin_api.',
      }
    },
  },
]

function givenCredentials({ key, keyFile, tokenFile, profile }: Config['adminApi']): string[] {
  const values = [key, keyFile, tokenFile, profile]
  return OWN_CREDENTIALS.filter((_, index) => values[index] !== '')
}
