import type { Config } from './config.ts'
import type { Rule } from './rules.ts'
import { isPrivateUrl } from './url.ts'

/** Set by the protocol, the connection or other settings. */
const OWN_HEADERS = [
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'expect',
  'host',
  'transfer-encoding',
  'upgrade',
  'user-agent',
  'x-prometheus-remote-write-version',
]

/** Settings of which only one can be given. */
const ALTERNATIVES = [
  ['remote_write.bearer_token', 'remote_write.bearer_token_file'],
  ['remote_write.basic_auth.password', 'remote_write.basic_auth.password_file'],
  ['remote_write.bearer_token', 'remote_write.basic_auth.username'],
  ['remote_write.bearer_token_file', 'remote_write.basic_auth.username'],
] as const

/** Settings that say nothing without another. */
const DEPENDENTS = [
  ['remote_write.basic_auth.password', 'remote_write.basic_auth.username'],
  ['remote_write.basic_auth.password_file', 'remote_write.basic_auth.username'],
  ['remote_write.tls.cert_file', 'remote_write.tls.key_file'],
  ['remote_write.tls.key_file', 'remote_write.tls.cert_file'],
] as const

type Given = (typeof ALTERNATIVES)[number][number] | (typeof DEPENDENTS)[number][number]

/** What the settings of remote write only get wrong together. */
export const remoteWriteRules: readonly Rule[] = [
  {
    reads: ['remote_write.url', 'remote_write.allow_insecure'],
    check: ({ remoteWrite: { url, allowInsecure } }) => {
      if (url === '' || allowInsecure || isPrivateUrl(url)) return null
      return {
        text: 'http to another machine: everybody on the way could read what you spend, and the password',
        fix: 'Use an https URL, or set remote_write.allow_insecure to true where the way there is protected otherwise.',
      }
    },
  },
  ...ALTERNATIVES.map(
    ([first, second]): Rule => ({
      reads: [second, first],
      check: (config, where) => {
        if (!isGiven(config, first) || !isGiven(config, second)) return null
        return {
          text: `${second} is given as well as ${first} (${where(first)})`,
          fix: `Keep one of ${first} and ${second}.`,
        }
      },
    }),
  ),
  ...DEPENDENTS.map(
    ([dependent, needed]): Rule => ({
      reads: [dependent, needed],
      check: (config) => {
        if (!isGiven(config, dependent) || isGiven(config, needed)) return null
        return { text: `without ${needed}`, fix: `Set ${needed}, or leave out ${dependent}.` }
      },
    }),
  ),
  {
    reads: [
      'remote_write.headers',
      'remote_write.bearer_token',
      'remote_write.bearer_token_file',
      'remote_write.basic_auth.username',
    ],
    check: (config) => {
      const names = [...config.remoteWrite.headers.keys()]
      const hasOther = (
        ['remote_write.bearer_token', 'remote_write.bearer_token_file', 'remote_write.basic_auth.username'] as const
      ).some((path) => isGiven(config, path))
      return names.flatMap((name) => {
        if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name)) {
          return [
            { within: [name], text: 'no name of a header', fix: 'Write the name of the header before the colon.' },
          ]
        }
        if (OWN_HEADERS.includes(name.toLowerCase())) {
          return [{ within: [name], text: 'set by the protocol', fix: `Leave out the header ${name}.` }]
        }
        if (name.toLowerCase() === 'authorization' && hasOther) {
          return [{ within: [name], text: 'given as well as a token or user', fix: 'Keep one way to log in.' }]
        }
        return []
      })
    },
  },
  {
    reads: ['remote_write.external_labels'],
    check: ({ remoteWrite: { externalLabels } }) =>
      [...externalLabels.keys()]
        .filter((name) => !/^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$/.test(name))
        .map((name) => ({
          within: [name],
          text: 'no name of a label',
          fix: 'Begin labels with a letter, not with __, and use letters, digits and _ alone.',
        })),
  },
  {
    reads: ['remote_write.max_age', 'remote_write.interval'],
    check: ({ remoteWrite: { url, maxAgeMs, intervalMs } }) => {
      if (url === '' || maxAgeMs >= intervalMs) return null
      return {
        text: 'shorter than remote_write.interval',
        fix: 'Set remote_write.max_age to at least remote_write.interval.',
      }
    },
  },
]

function isGiven({ remoteWrite: { bearerToken, bearerTokenFile, basicAuth, tls } }: Config, path: Given): boolean {
  const values: Readonly<Record<Given, string>> = {
    'remote_write.bearer_token': bearerToken,
    'remote_write.bearer_token_file': bearerTokenFile,
    'remote_write.basic_auth.username': basicAuth.username,
    'remote_write.basic_auth.password': basicAuth.password,
    'remote_write.basic_auth.password_file': basicAuth.passwordFile,
    'remote_write.tls.cert_file': tls.certFile,
    'remote_write.tls.key_file': tls.keyFile,
  }
  return values[path] !== ''
}
