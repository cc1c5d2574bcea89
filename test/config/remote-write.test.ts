import { describe, expect, it } from 'vitest'
import { printConfig } from '../../src/config/print.ts'
import { remoteWriteOf } from '../../src/config/remote-write.ts'
import { type Given, loadFrom, refusal } from './load-from.ts'

const URL = 'https://metrics.example.com/api/v1/write'

async function settings(given: Given) {
  return remoteWriteOf((await loadFrom(given)).config, 'laptop')
}

describe('remote_write', () => {
  it('is off unless it is told where to send', async () => {
    expect(await settings({})).toBeNull()
    expect(await settings({ yaml: 'remote_write: {bearer_token: abcdefgh}' })).toBeNull()
  })

  it('needs nothing but a URL', async () => {
    expect(await settings({ env: { REMOTE_WRITE_URL: URL } })).toEqual({
      url: URL,
      intervalMs: 60_000,
      timeoutMs: 30_000,
      maxAgeMs: 7_200_000,
      headers: new Map(),
      bearerToken: null,
      basicAuth: null,
      tls: { caFile: null, certFile: null, keyFile: null },
      externalLabels: new Map([
        ['job', 'claude-usage-exporter'],
        ['instance', 'laptop'],
      ]),
      drop: new Set(),
    })
  })

  it('takes all of it from a file', async () => {
    const yaml = `remote_write:
  url: ${URL}
  interval: 15s
  timeout: 5s
  max_age: 1d
  headers: {X-Scope-OrgID: team}
  basic_auth: {username: ada, password_file: secret}
  tls: {ca_file: ca.pem, cert_file: cert.pem, key_file: key.pem}
  external_labels: {instance: desk, cluster: "a b"}
  drop: [claude_tokens_today, up]
`
    expect(await settings({ yaml })).toEqual({
      url: URL,
      intervalMs: 15_000,
      timeoutMs: 5_000,
      maxAgeMs: 86_400_000,
      headers: new Map([['X-Scope-OrgID', 'team']]),
      bearerToken: null,
      basicAuth: { username: 'ada', password: { file: '/etc/secret' } },
      tls: { caFile: '/etc/ca.pem', certFile: '/etc/cert.pem', keyFile: '/etc/key.pem' },
      externalLabels: new Map([
        ['job', 'claude-usage-exporter'],
        ['instance', 'desk'],
        ['cluster', 'a b'],
      ]),
      drop: new Set(['claude_tokens_today', 'up']),
    })
  })

  it.each([
    { where: 'a token', yaml: 'bearer_token: abcdefgh', expected: { bearerToken: { text: 'abcdefgh' } } },
    { where: 'a file with a token', yaml: 'bearer_token_file: t', expected: { bearerToken: { file: '/etc/t' } } },
    {
      where: 'a password',
      yaml: 'basic_auth: {username: u, password: p}',
      expected: { basicAuth: { username: 'u', password: { text: 'p' } } },
    },
    {
      where: 'no password',
      yaml: 'basic_auth: {username: u}',
      expected: { basicAuth: { username: 'u', password: { text: '' } } },
    },
  ])('logs in with $where', async ({ yaml, expected }) => {
    expect(await settings({ yaml: `remote_write:\n  url: ${URL}\n  ${yaml}\n` })).toMatchObject(expected)
  })

  it.each([
    { url: 'http://localhost:9090/api/v1/write', extra: '' },
    { url: 'http://[::1]:8428/api/v1/write', extra: '' },
    { url: 'http://inside.example.com/api/v1/write', extra: 'allow_insecure: true' },
  ])('sends to $url', async ({ url, extra }) => {
    expect(await settings({ yaml: `remote_write:\n  url: "${url}"\n  ${extra}\n` })).toMatchObject({ url })
  })

  it.each([
    { yaml: 'url: http://metrics.example.com/write', says: [':2', 'http to another machine', 'allow_insecure'] },
    { yaml: 'url: ftp://metrics.example.com/', says: [':2', 'expected an http or https URL'] },
    {
      yaml: 'url: https://ada:pass-word@metrics.example.com/',
      says: [':2', 'without user, password'],
      hides: ['pass-word'],
    },
    { yaml: 'interval: 1s', says: [':2', 'a duration from 5s to 1h', 'got "1s"'] },
    { yaml: `url: ${URL}\n  interval: 1h\n  max_age: 10m`, says: [':4', 'shorter than remote_write.interval'] },
    {
      yaml: 'bearer_token: abcdefgh\n  bearer_token_file: t',
      says: [':3', 'given as well as remote_write.bearer_token'],
      hides: ['abcdefgh'],
    },
    {
      yaml: 'bearer_token: abcdefgh\n  basic_auth:\n    username: ada',
      says: [':4', 'Keep one of'],
      hides: ['abcdefgh'],
    },
    {
      yaml: 'basic_auth:\n    password: abcdefgh',
      says: [':3', 'without remote_write.basic_auth.username'],
      hides: ['abcdefgh'],
    },
    {
      yaml: 'basic_auth:\n    username: u\n    password: abcdefgh\n    password_file: p',
      says: [':5', 'given as well'],
      hides: ['abcdefgh'],
    },
    { yaml: 'tls: {cert_file: c.pem}', says: [':2', 'without remote_write.tls.key_file'] },
    { yaml: 'tls: {key_file: c.pem}', says: [':2', 'without remote_write.tls.cert_file'] },
    { yaml: 'headers:\n    A: b\n    Content-Type: text/plain', says: [':4', 'set by the protocol'] },
    { yaml: 'headers:\n    "a b": secret-one', says: [':3', 'no name of a header'], hides: ['secret-one'] },
    { yaml: 'headers:\n    X: "secret\\u00e9-one"', says: [':3', 'printable ASCII'], hides: ['-one'] },
    {
      yaml: 'headers:\n    authorization: abcdefgh\n  bearer_token_file: t',
      says: [':3', 'Keep one way to log in'],
      hides: ['abcdefgh'],
    },
    { yaml: 'bearer_token: "abc\\ndefgh"', says: [':2', 'printable ASCII'], hides: ['defgh'] },
    { yaml: 'external_labels:\n    team: a\n    not-a-name: b', says: [':4', 'no name of a label'] },
    { yaml: 'external_labels:\n    __name__: b', says: [':3', 'no name of a label'] },
    { yaml: 'external_labels:\n    team: ""', says: [':3', 'expected text on one line'] },
    { yaml: 'drop: ["a b"]', says: [':2', 'the name of a metric'] },
    { yaml: 'bearer_tokn: abcdefgh', says: [':2', 'did you mean remote_write.bearer_token'], hides: ['abcdefgh'] },
  ])('refuses $yaml', async ({ yaml, says, hides = [] }) => {
    const error = await refusal({ yaml: `remote_write:\n  ${yaml}\n` })
    const text = JSON.stringify([error.message, error.fix])
    for (const part of says) expect(JSON.parse(text).join('\n')).toContain(part)
    for (const part of hides) expect(text).not.toContain(part)
  })

  it('prints no secret, and what is not set as it is', async () => {
    const yaml = `remote_write:
  url: ${URL}
  headers: {X-Key: header-secret}
  bearer_token: token-secret
`
    const text = printConfig(await loadFrom({ yaml }))
    expect(text).not.toMatch(/header-secret|token-secret/)
    expect(text).toMatch(/headers: "\[redacted\]"/)
    expect(printConfig(await loadFrom({}))).toMatch(/remote_write:[\s\S]*headers: \{\}/)
  })
})
