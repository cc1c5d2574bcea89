/** Values of JSON that are rarely met in a log, and texts that are no JSON at all. */

export const ODD_COUNTS = [
  'null',
  '0',
  '-0',
  '6.0',
  '1e3',
  '-1',
  '1.5',
  '007',
  '"12"',
  '[]',
  '{}',
  'true',
  '9007199254740991',
  '9007199254740993',
  '1e999',
  '123456789012345',
  '1234567890123456',
  '+1',
  '.5',
  '2.',
  'nul',
] as const

export const ODD_TEXTS = [
  'null',
  '""',
  '"  "',
  '" x "',
  '12',
  'true',
  '{}',
  '[]',
  '"caf\\u00e9"',
  '"café"',
  '"\\ud800"',
  '"a\\"b"',
  '"C:\\\\Users\\\\x"',
  '"\\q"',
  '"tab\tinside"',
  '"nul\0inside"',
  `"${'long'.repeat(80)}"`,
  `"msg_01${'long'.repeat(80)}"`,
  '" msg_01abcdefghijklmnop "',
  '"msg_01abcdef\x7fghijklmnop"',
  '"__proto__"',
  '"\x7f"',
  '"<synthetic>"',
] as const

export const ODD_TIMES = [
  '"2026-05-04"',
  '"soon"',
  '1777885964120',
  '"2026-02-30T00:00:00.000Z"',
  '" 2026-05-04T09:12:44.120Z"',
  '"2026-05-04T09:12:44"',
  'null',
] as const

/** What tools and people write, with traps for whoever does not parse it. */
export const CONTENTS = [
  '[]',
  'null',
  '"plain text"',
  '[{"type":"text","text":"she said \\"usage\\":{\\"input_tokens\\":5} \\\\"}]',
  '[{"type":"tool_use","input":{"id":null,"usage":{"input_tokens":5},"message":{"usage":{"input_tokens":7}}}}]',
  '[{"type":"text","text":"\\\\\\\\\\"}],\\"usage\\":{"}]',
  '[{"type":"thinking","signature":"QUJD/+=","thinking":"é\\u0000\\n"}]',
  '[[[[[[[[]]]]]]]]',
  '{"type":"user","usage":{"output_tokens":9}}',
  '[1,-2.5e+3,0.0,true,false,null,{}]',
] as const

export const ODD_CONTENTS = [
  `${'['.repeat(70)}${']'.repeat(70)}`,
  '[01]',
  '[1,]',
  '[1 ,2]',
  '{"a":1,}',
  '{,}',
  '[tru]',
  '["\\q"]',
  '["\\u12"]',
  '["\t"]',
  '"\\',
] as const

/** Short texts in place of a whole line. */
export const ODD_LINES = [
  '',
  ' ',
  '\0\0',
  '[]',
  'null',
  '{}',
  '{',
  '}',
  '"x"',
  '\ufeff{}',
  'x "type":"user"}',
  '{"a":"b"}',
  '{"type":"user","type":"assistant","message":{"usage":{"input_tokens":5}}}',
  '{"type":"assistant","message":{"usage":{"input_tokens":5}},"type":"user"}',
  '{"message":{},"type":"user","toolUseResult":{"search\\u0043ount":3}}',
] as const
