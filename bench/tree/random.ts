const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))
const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
/** 62^5 is the largest power of 62 below 2^32: one draw gives five characters. */
const BASE62_PER_DRAW = 5

/** A random source that gives the same values for the same seed on every machine (sfc32). */
export class Random {
  #a: number
  #b: number
  #c: number
  #counter = 1

  constructor(seed: number, stream = 0) {
    this.#a = seed | 0
    this.#b = stream | 0
    this.#c = 0x9e3779b9
    for (let round = 0; round < 12; round++) this.uint32()
  }

  uint32(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0
    this.#counter = (this.#counter + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0
    return sum >>> 0
  }

  /** From 0 to below 1. */
  next(): number {
    return this.uint32() / 2 ** 32
  }

  /** A whole number from 0 to below `limit`. */
  below(limit: number): number {
    return Math.floor(this.next() * limit)
  }

  chance(probability: number): boolean {
    return this.next() < probability
  }

  pick<T>(choices: readonly T[]): T {
    return itemAt(choices, this.below(choices.length))
  }

  /** Picks by weight; the weights need not add up to 1. */
  pickWeighted<T extends { readonly weight: number }>(choices: readonly T[]): T {
    let rest = this.next() * choices.reduce((sum, { weight }) => sum + weight, 0)
    for (const choice of choices) {
      rest -= choice.weight
      if (rest < 0) return choice
    }
    return itemAt(choices, choices.length - 1)
  }

  /** Sizes of files, lines and answers: many small, few very large. `sigma` is the spread of the logarithm. */
  logNormal(median: number, sigma: number): number {
    const normal = Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next())
    return median * Math.exp(sigma * normal)
  }

  hex(digits: number): string {
    let text = ''
    while (text.length < digits) text += hexOf(this.uint32())
    return text.slice(0, digits)
  }

  uuid(): string {
    const text = hexOf(this.uint32()) + hexOf(this.uint32()) + hexOf(this.uint32()) + hexOf(this.uint32())
    return `${text.slice(0, 8)}-${text.slice(8, 12)}-4${text.slice(13, 16)}-a${text.slice(17, 20)}-${text.slice(20)}`
  }

  base62(characters: number): string {
    let text = ''
    while (text.length < characters) {
      let draw = this.uint32()
      for (let index = 0; index < BASE62_PER_DRAW; index++) {
        text += BASE62[draw % 62]
        draw = Math.floor(draw / 62)
      }
    }
    return text.slice(0, characters)
  }
}

function hexOf(value: number): string {
  return `${HEX[value >>> 24]}${HEX[(value >>> 16) & 255]}${HEX[(value >>> 8) & 255]}${HEX[value & 255]}`
}

function itemAt<T>(items: readonly T[], index: number): T {
  const item = items[index]
  if (item === undefined) throw new RangeError('cannot pick from an empty list')
  return item
}
