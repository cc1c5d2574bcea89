import { describe, expect, it } from 'vitest'
import { responseIdentity } from '../../../src/sources/claude-code/identity.ts'

const ids = { id: '', requestId: '', session: 's-1', uuid: '', text: '{}' }
const API_ID = 'msg_0123456789abcdef'

describe('responseIdentity', () => {
  it.each([
    { by: 'an API id alone', one: { id: API_ID, requestId: 'a' }, other: { id: API_ID, session: 's-2', uuid: 'u' } },
    { by: 'an id and a request', one: { id: '1', requestId: 'a' }, other: { id: '1', requestId: 'a', session: 's-2' } },
    { by: 'an id and a session', one: { id: '1', uuid: 'u' }, other: { id: '1', uuid: 'v' } },
    { by: 'a request', one: { requestId: 'a', uuid: 'u' }, other: { requestId: 'a', uuid: 'v', session: 's-2' } },
    { by: 'a line id', one: { uuid: 'u' }, other: { uuid: 'u', text: '{"a":1}', session: 's-2' } },
    { by: 'the line itself', one: {}, other: { session: 's-2' } },
  ])('tells a response by $by', ({ one, other }) => {
    expect(responseIdentity({ ...ids, ...other })).toBe(responseIdentity({ ...ids, ...one }))
  })

  it.each([
    { what: 'API ids', one: { id: API_ID }, other: { id: `${API_ID}0` } },
    { what: 'requests with the id of a proxy', one: { id: '1', requestId: 'a' }, other: { id: '1', requestId: 'b' } },
    { what: 'sessions with the id of a proxy', one: { id: '1' }, other: { id: '1', session: 's-2' } },
    {
      what: 'an id one character short of an API id',
      one: { id: API_ID.slice(0, -1) },
      other: { id: API_ID.slice(0, -1), session: 's-2' },
    },
    {
      what: 'an id and a request that look alike joined',
      one: { id: '1', requestId: '12' },
      other: { id: '11', requestId: '2' },
    },
    { what: 'a request and a line id', one: { requestId: 'x' }, other: { uuid: 'x' } },
    { what: 'lines', one: { text: '{"a":1}' }, other: { text: '{"a":2}' } },
  ])('keeps $what apart', ({ one, other }) => {
    expect(responseIdentity({ ...ids, ...other })).not.toBe(responseIdentity({ ...ids, ...one }))
  })
})
