import type { Random } from './random.ts'

const BYTES = ['"', '\\', '{', '}', '[', ']', ',', ':', '\0', '\r', ' ', 'é', '0', 'n', '\x01', '\xff'] as const
const TAILS = ['}', ']', ',', '"', '}{}', ' x', '\0}', '{"type":"assistant"}', '\t', '\r'] as const

/** The line with one thing wrong: torn, a byte more, less or other, a piece lost or repeated, something behind it. */
export function damage(random: Random, line: Buffer): Buffer {
  const at = random.below(line.length + 1)
  const head = line.subarray(0, at)
  const byte = Buffer.from(random.pick(BYTES), random.oneIn(2) ? 'utf8' : 'latin1')
  switch (random.below(7)) {
    case 0:
      return head
    case 1:
      return Buffer.concat([head, byte, line.subarray(at)])
    case 2:
      return Buffer.concat([head, byte, line.subarray(at + 1)])
    case 3:
      return Buffer.concat([head, line.subarray(at + 1 + random.below(9))])
    case 4:
      return Buffer.concat([head, line.subarray(random.below(at + 1))])
    case 5:
      return Buffer.concat([line, Buffer.from(random.pick(TAILS))])
    default:
      return flipBit(random, line, at)
  }
}

function flipBit(random: Random, line: Buffer, at: number): Buffer {
  const copy = Buffer.from(line)
  if (at < copy.length) copy[at] = (copy[at] ?? 0) ^ (1 << random.below(8))
  return copy
}
