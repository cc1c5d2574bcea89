import { describe, expect, it } from 'vitest'
import { OperatorError } from '../../src/core/errors.ts'
import { refuseBadNode } from '../../src/ledger/sqlite/node-version.ts'

describe('refuseBadNode', () => {
  it.each(['20.19.0', '22.23.3', '24.0.0', '24.18.9'])('takes %s', (version) => {
    expect(() => refuseBadNode(version)).not.toThrow()
  })

  it.each(['24.19.0', '24.21.0', '25.0.0', '26.1.0'])('refuses %s', (version) => {
    expect(() => refuseBadNode(version)).toThrow(OperatorError)
  })
})
