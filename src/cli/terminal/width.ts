let segmenter: Intl.Segmenter | undefined

// The wide and full-width blocks of https://www.unicode.org/reports/tr11/ and pictures.
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u
const INVISIBLE = /^[\p{Mn}\p{Me}\p{Cf}\p{Cc}]+$/u
const PLAIN = /^[ -~]*$/

/** Columns a terminal takes to show the text. */
export function displayWidth(text: string): number {
  if (PLAIN.test(text)) return text.length
  let width = 0
  for (const { segment } of graphemesOf(text)) width += graphemeWidth(segment)
  return width
}

/** The text, cut to a number of columns; `…` stands for what is missing. */
export function truncate(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text
  if (columns < 1) return ''
  let kept = ''
  let width = 1
  for (const { segment } of graphemesOf(text)) {
    width += graphemeWidth(segment)
    if (width > columns) break
    kept += segment
  }
  return `${kept}…`
}

/** Made when it is first needed: that takes a good part of the time a status line may take. */
function graphemesOf(text: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' })
  return segmenter.segment(text)
}

function graphemeWidth(segment: string): number {
  if (INVISIBLE.test(segment)) return 0
  // U+FE0F asks for the picture form of a character that is narrow without it.
  return WIDE.test(segment) || segment.includes('\ufe0f') ? 2 : 1
}
