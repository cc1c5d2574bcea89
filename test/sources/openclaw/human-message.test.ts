import { describe, expect, it } from 'vitest'
import { isHumanMessage, isHumanSession } from '../../../src/sources/openclaw/human-message.ts'

const says = (words: string, fields: object = {}) => ({
  role: 'user',
  content: [{ type: 'text', text: words }],
  ...fields,
})

describe('a message of a human in OpenClaw', () => {
  it.each([
    { what: 'a plain one', message: says('Book a table.') },
    { what: 'one with the channel and time in front', message: says('[Wed 2026-03-11 09:00 GMT+1] Book a table.') },
    { what: 'one behind an event of the system', message: says('System: [09:00] Node connected.\n\nBook a table.') },
    { what: 'one that came from outside', message: says('Hi', { provenance: { kind: 'external_user' } }) },
    { what: 'one with an empty provenance', message: says('Hi', { provenance: null }) },
    { what: 'one as plain text', message: { role: 'user', content: 'Hi' } },
    { what: 'a picture', message: { role: 'user', content: [{ type: 'image', data: 'AAAA' }] } },
    { what: 'one that begins with a bracket', message: says('[urgent] cron is broken') },
  ])('is $what', ({ message }) => {
    expect(isHumanMessage(message)).toBe(true)
  })

  it.each([
    { what: 'the prompt of a job', message: says('[cron:670c0bc5 Status] Check the mentions.') },
    { what: 'a dated prompt of a job', message: says('[Wed 2026-03-11 09:00 GMT+1] [cron:670c0bc5 Status] Check.') },
    {
      what: 'a heartbeat',
      message: says('Read HEARTBEAT.md if it exists. If nothing needs attention, reply HEARTBEAT_OK.'),
    },
    {
      what: 'a heartbeat behind an event',
      message: says('System: [09:00] Exec completed.\n\nIf nothing needs attention, reply HEARTBEAT_OK.'),
    },
    { what: 'the poll of a heartbeat', message: says('[OpenClaw heartbeat poll]') },
    { what: 'the task of a sub-agent', message: says('[Tue 2026-04-14 15:18 GMT+8] [Subagent Context] You are one.') },
    { what: 'a message of another session', message: says('[Inter-session message] sourceSession=agent:x:main') },
    { what: 'a notice of the system', message: says('[System] Your previous turn was interrupted.') },
    { what: 'hidden context', message: says('<<<BEGIN_OPENCLAW_INTERNAL_CONTEXT>>>\nresult') },
    { what: 'one declared to be from another session', message: says('Hi', { provenance: { kind: 'inter_session' } }) },
    { what: 'one declared to be internal', message: says('Hi', { provenance: { kind: 'internal_system' } }) },
    { what: 'one of a provenance not known', message: says('Hi', { provenance: { kind: 'oracle' } }) },
    { what: 'one whose provenance is no object', message: says('Hi', { provenance: 'external_user' }) },
    { what: 'an empty one', message: says('') },
    { what: 'one without content', message: { role: 'user' } },
  ])('is not $what', ({ message }) => {
    expect(isHumanMessage(message)).toBe(false)
  })
})

describe('a session in which humans write', () => {
  it.each(['agent:main:main', 'agent:ops:telegram:direct:1', 'agent:main:cronicle:1', undefined, null, 7])(
    'is %s',
    (key) => {
      expect(isHumanSession(key)).toBe(true)
    },
  )

  it.each([
    'agent:main:cron:670c0bc5',
    'agent:main:cron:670c0bc5:run:1',
    'Agent:Main:CRON:x',
    'cron:670c0bc5',
    'agent:main:subagent:1',
    'agent:main:hook:mail',
    'agent:main:main:heartbeat',
  ])('is not %s', (key) => {
    expect(isHumanSession(key)).toBe(false)
  })
})
