import { createRandom, randomUuid } from '../world/random.ts'

/** Hexadecimal digits that follow from a text, so that the same line always gets the same id. */
export function hexId(text: string, digits: number): string {
  return createRandom(text).digits(digits, 16)
}

/** The same in the shape of a UUID. */
export function uuidOf(text: string): string {
  return randomUuid(createRandom(text), null)
}

/** From 0 to 1, always the same for a text. */
export function shareOf(text: string): number {
  return createRandom(text).next()
}
