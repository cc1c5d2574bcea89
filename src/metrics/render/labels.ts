const remembered = new Map<string, WeakMap<object, string>>()

/**
 * Makes the function that writes label sets with these names: `{source="pi",model="x"}`, or nothing without names. A
 * label that is null is left out.
 * The text is remembered for as long as the label object lives, because building it is most of the work of a scrape.
 */
export function labelWriter(names: readonly string[]): (labels: Readonly<Record<string, string | null>>) => string {
  if (names.length === 0) return () => ''
  const texts = textsFor(names)
  return (labels) => {
    let text = texts.get(labels)
    if (text === undefined) {
      const given = names.filter((name) => labels[name] !== null)
      text = writeLabels(given.map((name) => [name, labels[name] ?? '']))
      texts.set(labels, text)
    }
    return text
  }
}

/** Writes a label set that is met once. Names must be valid label names; values may be anything. */
export function writeLabels(pairs: readonly (readonly [name: string, value: string])[]): string {
  if (pairs.length === 0) return ''
  return `{${pairs.map(([name, value]) => `${name}="${escapeQuoted(value)}"`).join(',')}}`
}

/**
 * Escapes text between double quotes, in both formats. Everything else, NUL included, may stand as it is; a surrogate
 * without its partner becomes U+FFFD when the text is encoded.
 */
export function escapeQuoted(text: string): string {
  return /["\\\n]/.test(text) ? escapeLine(text).replaceAll('"', '\\"') : text
}

/** Escapes text that runs to the end of its line. */
export function escapeLine(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
}

function textsFor(names: readonly string[]): WeakMap<object, string> {
  const key = names.join(',')
  let texts = remembered.get(key)
  if (texts === undefined) {
    texts = new WeakMap()
    remembered.set(key, texts)
  }
  return texts
}
