import { describe, expect, it } from 'vitest'
import { loadFrom, refusal } from './load-from.ts'

const TEN = Array.from({ length: 10 })

/** Nine lines that stand for 10^10 values. */
const ALIAS_BOMB = [
  `a: &a [${TEN.fill('1').join(',')}]`,
  ...['b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'].map((name, index) => {
    const before = 'abcdefgh'[index]
    return `${name}: &${name} [${TEN.fill(`*${before}`).join(',')}]`
  }),
].join('\n')

describe('a YAML file that is refused', () => {
  it.each([
    { what: 'a tag', yaml: 'log: !!js/function "x"', message: '/etc/exporter.yml:1:6: tags are not supported' },
    {
      what: 'binary data',
      yaml: 'log: {level: !!binary aW5mbw==}',
      message: '/etc/exporter.yml:1:14: tags are not supported',
    },
    {
      what: 'a key given twice',
      yaml: 'log:\n  level: info\n  level: warn',
      message: '/etc/exporter.yml:3:3: this key stands in the same mapping twice',
    },
    {
      what: 'a second document',
      yaml: 'log: {}\n---\nweb: {}',
      message: '/etc/exporter.yml:2:1: only one YAML document is read',
    },
    { what: 'a list as key', yaml: '? [a]\n: 1', message: '/etc/exporter.yml:1:3: keys must be text' },
    {
      what: 'an indentation by tab',
      yaml: 'web:\n\tmax_requests: 1',
      message: '/etc/exporter.yml:2:1: Tabs are not allowed as indentation',
    },
    {
      what: 'aliases that unfold to gigabytes',
      yaml: ALIAS_BOMB,
      message: '/etc/exporter.yml: aliases for too many values',
    },
    {
      what: 'an anchor that contains itself',
      yaml: 'web: &a {listen_address: *a}',
      message: '/etc/exporter.yml: an alias stands inside its own anchor',
    },
    {
      what: 'more than a megabyte',
      yaml: '#'.repeat(1_048_577),
      message: '/etc/exporter.yml: longer than 1048576 characters',
    },
    {
      what: 'a prototype',
      yaml: '__proto__: {level: debug}',
      message: '/etc/exporter.yml:1:1: __proto__: unknown setting',
    },
  ])('$what', async ({ yaml, message }) => {
    expect((await refusal({ yaml })).message).toBe(message)
  })

  it.each(['[', '{a: ', '- ', '? '])('%s nested a hundred thousand times', async (opening) => {
    expect((await refusal({ yaml: opening.repeat(100_000) })).message).toBe(
      '/etc/exporter.yml: nested more than 50 times',
    )
  })

  it('is named together with what is wrong elsewhere', async () => {
    const { message } = await refusal({ yaml: 'web: [1', env: { LOG_LEVEL: 'loud' } })
    expect(message).toMatch(/^2 problems:\n {2}CLAUDE_USAGE_EXPORTER_LOG_LEVEL: .*\n {2}\/etc\/exporter\.yml:1:8: /)
  })
})

describe('a YAML file that is read', () => {
  it.each([
    { what: 'nothing in it', yaml: '' },
    { what: 'comments alone', yaml: '# log: {level: debug}\n' },
    { what: 'a byte order mark and CRLF', yaml: '\ufefflog:\r\n  level: info\r\n' },
    { what: 'anchors and aliases', yaml: 'projects: {aliases: &same {a: b}}\npricing: {aliases: *same}' },
  ])('with $what', async ({ yaml }) => {
    expect((await loadFrom({ yaml })).config.log.level).toBe('info')
  })

  it('points at the value behind an alias', async () => {
    const { message } = await refusal({ yaml: 'projects:\n  aliases: &same\n    a: 1\npricing: {aliases: *same}' })
    expect(message.split('\n  ').slice(1)).toEqual([
      '/etc/exporter.yml:3:8: projects.aliases.a: expected text on one line (got 1)',
      '/etc/exporter.yml:3:8: pricing.aliases.a: expected text on one line (got 1)',
    ])
  })
})
