import { describe, expect, it } from 'vitest'
import { sslModeFor } from '../../../src/ledger/postgres/tls.ts'
import { parseServerUrl } from '../../../src/ledger/postgres/url.ts'

const NO_FILES = { caFile: '', certFile: '', keyFile: '' }

describe('the URL of a server', () => {
  it('says where it is, and shows no password', () => {
    expect(parseServerUrl('postgresql://ann%40x:p%3Aw%2F@db.example:6432/team%20usage')).toEqual({
      host: 'db.example',
      port: 6432,
      user: 'ann@x',
      password: 'p:w/',
      database: 'team usage',
      sslMode: null,
      place: 'postgres://ann%40x@db.example:6432/team%20usage',
    })
  })

  it.each([
    { what: 'an IPv6 address', url: 'postgres://u@[::1]/d', host: '::1', place: 'postgres://u@[::1]:5432/d' },
    {
      what: 'a socket',
      url: 'postgres://u@%2Frun%2Fpg/d',
      host: '/run/pg',
      place: 'postgres://u@%2Frun%2Fpg:5432/d',
    },
    { what: 'no database', url: 'postgres://u@h', host: 'h', place: 'postgres://u@h:5432/u' },
  ])('may have $what', ({ url, host, place }) => {
    expect(parseServerUrl(url)).toMatchObject({ host, place })
  })

  it.each([
    { what: 'an unknown parameter by its name', url: 'postgres://u:pw-x@h/d?options=-csearch_path', says: 'options' },
    { what: 'encryption left to chance', url: 'postgres://u:pw-x@h/d?sslmode=prefer', says: 'sslmode=prefer' },
    { what: 'several hosts', url: 'postgres://u:pw-x@h/d?host=a,b', says: 'several hosts' },
    { what: 'a port that cannot be', url: 'postgres://u:pw-x@h/d?port=0', says: 'port' },
    { what: 'another protocol', url: 'mysql://u:pw-x@h/d', says: 'cannot be read' },
  ])('refuses $what', ({ url, says }) => {
    const refuse = () => parseServerUrl(url)
    expect(refuse).toThrow(says)
    expect(refuse).not.toThrow('pw-x')
  })

  it.each([
    { mode: 'auto', url: 'postgres://u@db.example/d', secured: 'verify-full' },
    { mode: 'auto', url: 'postgres://u@10.0.0.7/d', secured: 'verify-full' },
    { mode: 'auto', url: 'postgres://u@localhost/d', secured: 'disable' },
    { mode: 'auto', url: 'postgres://u@127.0.0.2/d', secured: 'disable' },
    { mode: 'auto', url: 'postgres://u@[::1]/d', secured: 'disable' },
    { mode: 'auto', url: 'postgres://u@127.0.0.1.example/d', secured: 'verify-full' },
    { mode: 'auto', url: 'postgres://u@db.example/d?sslmode=require', secured: 'require' },
    { mode: 'auto', url: 'postgres://u@localhost/d?sslmode=verify-ca', secured: 'verify-ca' },
    { mode: 'verify-full', url: 'postgres://u@db.example/d?sslmode=disable', secured: 'verify-full' },
    { mode: 'require', url: 'postgres://u@h/d?host=/run/pg', secured: 'disable' },
  ] as const)('$url with $mode is secured by $secured', ({ mode, url, secured }) => {
    expect(sslModeFor({ mode, ...NO_FILES }, parseServerUrl(url))).toBe(secured)
  })
})
