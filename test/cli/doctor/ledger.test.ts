import { expect, it } from 'vitest'
import { openLedgerHop } from '../../../src/cli/doctor/ledger.ts'
import { OperatorError } from '../../../src/core/errors.ts'
import { LedgerError } from '../../../src/ledger/ledger.ts'
import type { LedgerPlace } from '../../../src/ledger-place.ts'

const PLACE = 'postgres://usage@db.example.com/claude'
const placeThat = (error: Error): LedgerPlace => ({
  text: PLACE,
  file: null,
  exists: () => true,
  openWriter: () => Promise.reject(error),
  openReader: () => Promise.reject(error),
  isInUse: () => Promise.reject(error),
})

it.each([
  {
    of: 'a server that is away',
    error: new LedgerError('away', `${PLACE}: connect ECONNREFUSED`),
    seen: `${PLACE}: connect ECONNREFUSED`,
    remedy: /^Check storage\.url/,
  },
  {
    of: 'a password that is refused',
    error: new OperatorError(`Not let in at ${PLACE}`, { seen: 'password authentication failed', fix: 'Check it.' }),
    seen: `Not let in at ${PLACE} (got password authentication failed)`,
    remedy: /^Check it\.$/,
  },
  {
    of: 'an error that names no place',
    error: new Error('out of memory'),
    seen: `${PLACE}: out of memory`,
    remedy: /^Check storage\.url/,
  },
])('a database that cannot be opened is named once, with what was seen: $of', async ({ error, seen, remedy }) => {
  const { hop, ledger } = await openLedgerHop(placeThat(error), 0)
  expect(ledger).toBeNull()
  expect(hop).toMatchObject({ state: 'failed', seen, remedy: expect.stringMatching(remedy) })
})
