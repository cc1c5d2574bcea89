import { Random } from './random.ts'

const POOL_BYTES = 2 * 1024 * 1024
/** Text comes in cells of this size, so that a slice never cuts an escape or a character. */
export const CELL_BYTES = 32

const SYLLABLES = 'ba ce di fo gu ka le mi no pu ra se ti vo wu xe za lo mer tan sil dor fen gar hul'.split(' ')
/** What text in real logs has besides letters: escapes and characters of two to four bytes. */
const SPECIALS = ['\\n', '\\n', '\\n  ', '\\t', '\\"', '\\\\', '{', '}', '();', ' = ', 'é', '—', '漢', '🙂']

/** Made-up text to fill log lines with: no real word was ever in a prompt. Already escaped for a JSON string. */
export interface Filler {
  readonly text: Buffer
  readonly base64: Buffer
}

export function createFiller(): Filler {
  const random = new Random(0x5eed)
  const text = Buffer.alloc(POOL_BYTES, '.')
  for (let cell = 0; cell < POOL_BYTES; cell += CELL_BYTES) fillCell(text, cell, random)
  return { text, base64: Buffer.from(random.base62(POOL_BYTES), 'latin1') }
}

function fillCell(pool: Buffer, start: number, random: Random): void {
  let at = start
  for (;;) {
    const piece = random.chance(0.12) ? random.pick(SPECIALS) : `${word(random)} `
    if (at + Buffer.byteLength(piece) > start + CELL_BYTES) return
    at += pool.write(piece, at)
  }
}

/** A made-up word of one to three syllables. */
export function word(random: Random): string {
  let text = ''
  for (let count = 1 + random.below(3); count > 0; count--) text += random.pick(SYLLABLES)
  return text
}
