import { describe, expect, it } from 'vitest'
import { readPiName } from '../../../src/sources/pi/names.ts'

describe('readPiName', () => {
  it.each([
    {
      relative: '--home-u-shop--/2026-06-20T10-00-00-000Z_0197aa.jsonl',
      is: { kind: 'session', session: '0197aa', folder: 'home-u-shop' },
    },
    {
      relative: '--home-u-shop--/2026-06-20T10-00-00-000Z_my_own_id.jsonl',
      is: { kind: 'session', session: 'my_own_id', folder: 'home-u-shop' },
    },
    { relative: '2026-06-20T10-00-00-000Z_0197aa.jsonl', is: { kind: 'session', session: '0197aa', folder: '' } },
    { relative: 'imported.jsonl', is: { kind: 'session', session: 'imported', folder: '' } },
    {
      relative: '--home-u-shop--/2026-06-20T10-00-00-000Z_0197aa/0-explore.jsonl',
      is: { kind: 'subagent', session: '0197aa', folder: 'home-u-shop' },
    },
    {
      relative: '2026-06-20T10-00-00-000Z_0197aa/0-explore/1-read.jsonl',
      is: { kind: 'subagent', session: '0197aa', folder: '' },
    },
    { relative: '--home-u-shop--/notes.json', is: null },
  ])('$relative', ({ relative, is }) => {
    expect(readPiName(relative)).toEqual(is)
  })
})
