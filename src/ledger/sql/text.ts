/** By code unit; in code, because databases order text each their own way. */
export function compareTexts(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

/** By the first text that differs. */
export function compareTextLists(a: readonly string[], b: readonly string[]): number {
  for (const [index, text] of a.entries()) {
    const order = compareTexts(text, b[index] ?? '')
    if (order !== 0) return order
  }
  return 0
}

/** NUL, and halves of surrogate pairs that stand alone. */
const UNSTORABLE = /[\0\p{Surrogate}]/gu

/** A text as every database gives it back: some take no NUL, and UTF-8 cannot say half of a surrogate pair. */
export function storedText(text: string): string {
  return text.replace(UNSTORABLE, (character) => (character === '\0' ? '' : '\ufffd'))
}
