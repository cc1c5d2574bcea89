import fc from 'fast-check'
import { expect, it } from 'vitest'
import { LineAssembler } from '../../../src/sources/files/line-assembler.ts'

/** Lines of `a`, some of them long. */
const text = fc
  .array(fc.nat(25), { maxLength: 20 })
  .map((lengths) => lengths.map((length) => `${'a'.repeat(length)}\n`).join(''))

it('gives every line within the limit, in order, however the stream is cut, and counts the others', () => {
  fc.assert(
    fc.property(
      text,
      fc.nat(30),
      fc.array(fc.nat(400)),
      fc.integer({ min: 1, max: 20 }),
      (lines, rest, cuts, limit) => {
        const stream = lines + 'b'.repeat(rest)
        const assembler = new LineAssembler(limit)
        const blocks: string[] = []
        const edges = [...cuts, 0, stream.length].filter((cut) => cut <= stream.length).sort((a, b) => a - b)
        for (const [index, edge] of edges.entries()) {
          const piece = Buffer.from(stream.slice(edge, edges[index + 1] ?? stream.length))
          for (const block of assembler.push(piece)) blocks.push(block.toString())
        }
        const all = stream.match(/[^\n]*\n|[^\n]+$/g) ?? []
        const kept = all.filter((line) => line.length <= limit)
        expect(blocks.every((block) => block.endsWith('\n'))).toBe(true)
        expect(blocks.join('') + assembler.rest().toString()).toBe(kept.join(''))
        expect(assembler.takeOversize()).toBe(all.length - kept.length)
        expect(assembler.takeOversize()).toBe(0)
      },
    ),
  )
})
