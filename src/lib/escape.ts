// Controls start terminal sequences and forge lines, separators break lines, direction marks reorder what is shown.
const UNSAFE = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu

/** Replaces control and text-direction characters by `\uXXXX`, so that text from outside stays on its line. */
export function escapeControls(text: string): string {
  return text.replace(UNSAFE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
