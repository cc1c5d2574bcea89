import { describe, expect, it } from 'vitest'
import { piFormat } from '../../../src/sources/pi/format.ts'
import { transcriptScanner } from '../../../src/sources/pi-log/line-scanner.ts'
import { answer, context, header, lines, MODIFIED_MS, readFile, scanAll } from './support.ts'

const TIME = '2026-06-20T10:00:01.000Z'
const TURN = { source: 'pi', session: 'session-1', time: Date.parse(TIME) }
const FILE = '--src-shop--/2026-06-20T10-00-00-000Z_session-1.jsonl'

const format = piFormat({
  env: {},
  home: '/home/someone',
  roots: [],
  billing: 'metered',
  projectName: (cwd) => cwd,
  now: () => MODIFIED_MS,
})

/** An entry of a human; `message` and `entry` may change anything. */
function said(content: unknown, message: object = {}, entry: object = {}) {
  return {
    type: 'message',
    id: 'u1',
    parentId: null,
    timestamp: TIME,
    message: { role: 'user', content, timestamp: Date.parse(TIME), ...message },
    ...entry,
  }
}

const text = (words: string) => ({ type: 'text', text: words })
const turnsOf = (...entries: readonly object[]) => readFile(format, FILE, lines(header, ...entries)).turns

describe('a human turn in pi', () => {
  it.each([
    { what: 'a prompt', entry: said('Fix the login.') },
    { what: 'a prompt in blocks', entry: said([text('Like this:'), { type: 'image', data: 'AAAA' }]) },
    { what: 'a prompt that speaks of usage', entry: said('Why is "usage" of the "session" 0?') },
    { what: 'a prompt dated by its entry', entry: said('x', { timestamp: undefined }) },
    { what: 'a prompt with a bad time of its own', entry: said('x', { timestamp: 'soon' }) },
    { what: 'a prompt of a version 1 file', entry: said('x', {}, { id: undefined, parentId: undefined }) },
  ])('is $what', ({ entry }) => {
    expect(turnsOf(entry)).toEqual([TURN])
  })

  it.each([
    { what: 'an answer', entry: answer({}) },
    { what: 'the result of a tool', entry: said([text('ok')], { role: 'toolResult' }) },
    { what: 'a result that quotes a turn', entry: said([text(JSON.stringify(said('x')))], { role: 'toolResult' }) },
    { what: 'a result in the place of a prompt', entry: said([{ type: 'toolResult', content: 'ok' }]) },
    { what: 'a command for the shell', entry: said('ls', { role: 'bashExecution' }) },
    { what: 'an entry of an extension', entry: { ...said('x'), type: 'custom_message' } },
    { what: 'an empty prompt', entry: said('  ') },
    { what: 'a prompt without content', entry: said(undefined) },
    { what: 'a prompt without a time', entry: said('x', { timestamp: undefined }, { timestamp: undefined }) },
    {
      what: 'a prompt of the year 2999',
      entry: said('x', { timestamp: 32_472_144_000_000 }, { timestamp: '2999-01-01T00:00:00Z' }),
    },
    { what: 'a message that is none', entry: { type: 'message', message: ['user'], role: 'user' } },
  ])('is not $what', ({ entry }) => {
    expect(turnsOf(entry)).toEqual([])
  })

  it('is the newest one of a block, whatever stands behind it', () => {
    const at = (time: string) => said('x', { timestamp: undefined }, { timestamp: `2026-06-20T${time}Z` })
    const turns = turnsOf(at('10:00:00'), at('11:00:00'), answer({}), said('', {}), at('nonsense'))
    expect(turns).toEqual([{ ...TURN, time: Date.parse('2026-06-20T11:00:00Z') }])
  })

  it('is told whatever the spacing', () => {
    const spaced = JSON.stringify(said('x')).replaceAll('":', '" : ').replaceAll(',"', ' , "')
    expect(readFile(format, FILE, `${JSON.stringify(header)}\n${spaced}\n`).turns).toEqual([TURN])
  })

  it('is not made of a torn line', () => {
    const torn = JSON.stringify(said('x')).slice(0, -5)
    expect(readFile(format, FILE, `${lines(header, said('x'))}${torn}\n`).turns).toEqual([TURN])
  })

  it('takes its session from the state of the scan when the header was read before', () => {
    const first = transcriptScanner(context, null)
    scanAll(first, lines(header))
    const second = transcriptScanner(context, first.state())
    expect(scanAll(second, lines(said('x'))).turns).toEqual([TURN])
  })

  it('is none in a transcript that belongs to no session', () => {
    expect(scanAll(transcriptScanner({ ...context, session: '' }, null), lines(said('x'))).turns).toEqual([])
  })

  it('is none in the session of a sub-agent', () => {
    const nested = '--src-shop--/2026-06-20T10-00-00-000Z_session-1/1-look.jsonl'
    const file = format.classify({ path: '/logs', billing: 'metered', configured: false }, nested)
    expect(file?.kind).toBe('subagent')
    expect(readFile(format, nested, lines(header, said('Look into it.'))).turns).toEqual([])
  })
})
