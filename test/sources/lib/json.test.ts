import { describe, expect, it } from 'vitest'
import { asObject, parseObject } from '../../../src/sources/lib/json.ts'

describe('parseObject', () => {
  it.each([
    { text: '{"a":1}', what: 'plain JSON' },
    { text: ' {"a" : 1}\r', what: 'JSON with white space' },
    { text: '{"a":1,"b":"x\0y"}', what: 'a NUL in a text' },
    { text: '{\0"a":1}', what: 'a NUL between members' },
    { text: '{"a":1,"b":"x\ty"}', what: 'a raw tab in a text' },
    { text: '{"a":1,"b":"\\q"}', what: 'an escape that JSON does not know' },
    { text: '{"a":1,"b":"\\u12"}', what: 'an escape that is cut short' },
    { text: '{"a":1,"b":"\\ud800"}', what: 'half of a surrogate pair' },
    { text: '{"a":1,"b":"\\\\"}', what: 'an escaped backslash at the end' },
  ])('reads $what', ({ text }) => {
    expect(parseObject(text)?.['a']).toBe(1)
  })

  it('keeps sound texts as they are while it mends others', () => {
    expect(parseObject('{"a":"\\n\\u00e9\\"\x7f","b":"\\q\0"}')).toEqual({ a: '\né"\x7f', b: '\\q ' })
  })

  it.each(['', '{', '{"a":1', '{"a":1}}', '[1]', '1', '"x"', 'null', '{"a":\\}', '{"a":"x\\"}'])(
    'gives null for %j',
    (text) => {
      expect(parseObject(text)).toBeNull()
    },
  )

  it('takes __proto__ as a name like any other', () => {
    const object = parseObject('{"__proto__":{"a":1}}')
    expect(object?.['a']).toBeUndefined()
    expect(Object.keys(object ?? {})).toEqual(['__proto__'])
  })
})

describe('asObject', () => {
  it.each([undefined, null, 1, 'x', true, [[]]])('gives null for %j', (value) => {
    expect(asObject(value)).toBeNull()
  })
})
