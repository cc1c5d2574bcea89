/** Chance that always falls the same way: everything it gives follows from the key it was made with. */
export interface Random {
  /** From 0 inclusive to 1 exclusive. */
  next(): number
  chance(probability: number): boolean
  /** A whole number of the range, both ends included; the lower half of the range comes up most. */
  within(range: Range): number
  /** So many digits of base 16 or 36. */
  digits(count: number, base: 16 | 36): string
}

/** Lower and upper end, whole numbers. */
export type Range = readonly [min: number, max: number]

/** Digits that one number gives: fewer than its bits have. */
const CHUNK = 6

export function createRandom(key: string): Random {
  let state = scramble(hash(key, 0x01000193))
  // Steps of their own, so that two keys never walk along the same numbers.
  const step = scramble(hash(key, 0x0100a4c5)) | 1
  const next = (): number => {
    state = (state + step) | 0
    return (scramble(state) >>> 0) / 2 ** 32
  }
  return {
    next,
    chance: (probability) => next() < probability,
    within: ([min, max]) => min + Math.floor((max - min + 1) * next() ** 1.5),
    digits(count, base) {
      let text = ''
      for (let left = count; left > 0; left -= CHUNK) {
        const size = Math.min(left, CHUNK)
        text += Math.floor(next() * base ** size)
          .toString(base)
          .padStart(size, '0')
      }
      return text
    },
  }
}

/** A random UUID; with a time (epoch milliseconds) one of version 7, which begins with it. */
export function randomUuid(random: Random, time: number | null): string {
  const digits = time === null ? random.digits(12, 16) : time.toString(16).padStart(12, '0')
  const version = time === null ? '4' : '7'
  const rest = random.digits(18, 16)
  const groups = [
    digits.slice(0, 8),
    digits.slice(8),
    version + rest.slice(0, 3),
    `a${rest.slice(3, 6)}`,
    rest.slice(6),
  ]
  return groups.join('-')
}

/** FNV-1a over the characters, with this multiplier. */
function hash(key: string, multiplier: number): number {
  let value = 0x811c9dc5
  for (let at = 0; at < key.length; at++) value = Math.imul(value ^ key.charCodeAt(at), multiplier)
  return value
}

/** A bijection of 32 bits in which every bit of the input moves about half of the output. */
function scramble(value: number): number {
  let bits = value
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return bits ^ (bits >>> 16)
}
