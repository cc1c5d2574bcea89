import fs from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Signature } from '../../../src/sources/files/signature.ts'
import { tempFolder } from '../../support/temp.ts'

const bytes = Buffer.from(Array.from({ length: 4000 }, (_, n) => (n * 7919) % 251))

function signatureOf(cuts: readonly number[], upTo: number): Signature {
  const signature = new Signature()
  const edges = [...cuts.filter((cut) => cut < upTo), upTo].sort((a, b) => a - b)
  let from = 0
  for (const to of edges) {
    signature.add(bytes.subarray(from, to))
    from = to
  }
  return signature
}

describe('Signature', () => {
  it('does not depend on the pieces in which the bytes were consumed', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(4000)), fc.nat(4000), (cuts, upTo) => {
        const [pieces, whole] = [signatureOf(cuts, upTo), signatureOf([], upTo)]
        expect([pieces.offset, pieces.head, pieces.tail, pieces.lastByte]).toEqual([
          upTo,
          whole.head,
          whole.tail,
          upTo === 0 ? null : bytes[upTo - 1],
        ])
      }),
    )
  })

  it.each([
    { what: 'the same bytes', change: null, fits: true },
    { what: 'another first byte', change: 0, fits: false },
    { what: 'another byte at the end of the head', change: 1023, fits: false },
    { what: 'another byte in the middle', change: 2000, fits: true },
    { what: 'another byte at the start of the tail', change: 2488, fits: false },
    { what: 'another last byte', change: 2999, fits: false },
    { what: 'another byte behind the offset', change: 3000, fits: true },
  ])('of 3,000 bytes fits a file with $what: $fits', ({ change, fits }) => {
    const { head, tail } = signatureOf([], 3000)
    const content = Buffer.from(bytes)
    if (change !== null) content.writeUInt8((content.readUInt8(change) + 1) % 256, change)
    const file = path.join(tempFolder(), 'log')
    fs.writeFileSync(file, content)
    const fd = fs.openSync(file, 'r')
    const verified = Signature.verify(fs, fd, { stamp: '', offset: 3000, head, tail, state: null, mark: '' })
    fs.closeSync(fd)
    expect(verified !== null).toBe(fits)
    expect(verified?.offset ?? 3000).toBe(3000)
  })
})
