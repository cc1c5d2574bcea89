import { listOf, mapOf } from './collections.ts'
import type { Config } from './config.ts'
import { setting } from './setting.ts'
import { duration, pathOrNone, textMatching, textOrNone, toggle } from './types.ts'

const JOB = 'claude-usage-exporter'

const writeUrl = textMatching(
  'URL',
  'an http or https URL such as https://prometheus.example.com/api/v1/write, without user, password and fragment',
  (value) => value === '' || (/^https?:\/\/[^#\s@]+$/i.test(value) && URL.canParse(value)),
)

const headerValue = textMatching('text', 'printable ASCII characters', (value) =>
  /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(value),
)
const secretText = textMatching('text', 'printable ASCII characters', (value) => /^[\x20-\x7e]*$/.test(value))
const metricName = textMatching('metric', 'the name of a metric', (value) => /^[a-z_][a-z0-9_]*$/i.test(value))
const labelValue = textMatching('text', 'text on one line', (value) => value !== '' && !/\p{Surrogate}/u.test(value))

/** Settings under `remote_write`. */
export const remoteWrite = {
  url: setting(writeUrl, {
    default: '',
    defaultText: 'none',
    about:
      'Where to send everything that /metrics shows, for machines that no Prometheus can reach: the remote-write address of Prometheus, Mimir, Thanos Receive or VictoriaMetrics. https, or http on this machine.',
  }),
  allow_insecure: setting(toggle, {
    default: false,
    about: 'Send to other machines over http as well, where everybody on the way can read it, the password included.',
  }),
  interval: setting(duration('5s', '1h'), { default: '60s', about: 'How often all values are sent.' }),
  timeout: setting(duration('1s', '5m'), { default: '30s', about: 'Longest time for one request.' }),
  max_age: setting(duration('1m', '7d'), {
    default: '2h',
    about:
      'How old values may be that could not be sent yet. Sums go on from where they are, so that what is dropped costs nothing but resolution.',
  }),
  headers: setting(mapOf(headerValue, 'values by header'), {
    default: {},
    about: 'More headers, such as the tenant: `{X-Scope-OrgID: team}`.',
    secret: true,
  }),
  bearer_token: setting(secretText, {
    default: '',
    defaultText: 'none',
    about: 'Bearer token. Better in a file (`remote_write.bearer_token_file`) or in the environment than here.',
    secret: true,
  }),
  bearer_token_file: setting(pathOrNone, {
    default: '',
    defaultText: 'none',
    about: 'File with the bearer token. It is read again for every request.',
  }),
  basic_auth: {
    username: setting(textOrNone, { default: '', defaultText: 'none', about: 'User for basic authentication.' }),
    password: setting(secretText, {
      default: '',
      defaultText: 'none',
      about:
        'Its password. Better in a file (`remote_write.basic_auth.password_file`) or in the environment than here.',
      secret: true,
    }),
    password_file: setting(pathOrNone, {
      default: '',
      defaultText: 'none',
      about: 'File with the password. It is read again for every request.',
    }),
  },
  tls: {
    ca_file: setting(pathOrNone, {
      default: '',
      defaultText: "the system's",
      about: 'Certificates of the authorities to trust for remote write, PEM.',
    }),
    cert_file: setting(pathOrNone, {
      default: '',
      defaultText: 'none',
      about: 'Client certificate for remote write, PEM.',
    }),
    key_file: setting(pathOrNone, { default: '', defaultText: 'none', about: 'Key of the client certificate, PEM.' }),
  },
  external_labels: setting(mapOf(labelValue, 'values by label'), {
    default: {},
    defaultText: '`job: claude-usage-exporter` and `instance`: `machine.name`',
    about: 'Labels for every series that has no label of that name itself; `job` and `instance` may be given, too.',
  }),
  drop: setting(listOf(metricName, 'names of metrics'), {
    default: [],
    about: 'Metrics that are not sent.',
  }),
}

/** Where metrics are sent, in the words of the configuration. */
export interface RemoteWriteSettings {
  readonly url: string
  readonly intervalMs: number
  readonly timeoutMs: number
  readonly maxAgeMs: number
  readonly headers: ReadonlyMap<string, string>
  readonly bearerToken: SecretPlace | null
  readonly basicAuth: { readonly username: string; readonly password: SecretPlace } | null
  readonly tls: { readonly caFile: string | null; readonly certFile: string | null; readonly keyFile: string | null }
  readonly externalLabels: ReadonlyMap<string, string>
  readonly drop: ReadonlySet<string>
}

type SecretPlace = { readonly text: string } | { readonly file: string }

/** Null while no URL is set. `machine`: the name of this one, where `external_labels` has no `instance`. */
export function remoteWriteOf({ remoteWrite: given }: Config, machine: string): RemoteWriteSettings | null {
  if (given.url === '') return null
  const { url, intervalMs, timeoutMs, maxAgeMs, headers, basicAuth, tls } = given
  return {
    url,
    intervalMs,
    timeoutMs,
    maxAgeMs,
    headers,
    bearerToken: placeOf(given.bearerToken, given.bearerTokenFile),
    basicAuth:
      basicAuth.username === ''
        ? null
        : {
            username: basicAuth.username,
            password: placeOf(basicAuth.password, basicAuth.passwordFile) ?? { text: '' },
          },
    tls: { caFile: tls.caFile || null, certFile: tls.certFile || null, keyFile: tls.keyFile || null },
    externalLabels: new Map([['job', JOB], ['instance', machine], ...given.externalLabels]),
    drop: new Set(given.drop),
  }
}

function placeOf(text: string, file: string): SecretPlace | null {
  if (file !== '') return { file }
  return text === '' ? null : { text }
}
