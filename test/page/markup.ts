const VOID = new Set(['meta', 'link'])
const RAW = new Set(['script', 'style'])
/** Text outside tags holds no `<` and no bare `&`; attributes are quoted. */
const TOKEN =
  /<!doctype html>|<(\/?)([a-z][a-z0-9]*)((?:\s+[a-z][a-zA-Z0-9:-]*(?:="[^"<>]*")?)*)\s*(\/?)>|&(?:amp|lt|gt|quot|#\d+);|[^<&]+/gy
const ATTRIBUTE = /\s+([a-z][a-zA-Z0-9:-]*)(?:="([^"<>]*)")?/g

export interface Element {
  readonly tag: string
  readonly attributes: ReadonlyMap<string, string>
  readonly parents: readonly string[]
  /** Everything inside, as it is. */
  markup: string
}

/** Elements in document order. Throws where the markup is not strictly well-formed. */
export function parseMarkup(markup: string): readonly Element[] {
  const elements: Element[] = []
  const open: { element: Element; start: number }[] = []
  TOKEN.lastIndex = 0
  let at = 0
  while (at < markup.length) {
    TOKEN.lastIndex = at
    const match = TOKEN.exec(markup)
    if (match === null) throw new Error(`not well-formed: ${markup.slice(at, at + 120)}`)
    at = TOKEN.lastIndex
    const [, closing, tag, attributes = '', selfClosing] = match
    if (tag === undefined) continue
    if (closing === '/') {
      const last = open.pop()
      if (last?.element.tag !== tag) throw new Error(`</${tag}> closes <${last?.element.tag}>`)
      last.element.markup = markup.slice(last.start, match.index)
      continue
    }
    const element = { tag, attributes: attributesOf(attributes), parents: open.map((o) => o.element.tag), markup: '' }
    elements.push(element)
    if (selfClosing === '/' || VOID.has(tag)) continue
    open.push({ element, start: at })
    if (RAW.has(tag)) at = markup.indexOf(`</${tag}>`, at)
  }
  if (open.length > 0) throw new Error(`never closed: ${open.map(({ element }) => element.tag).join(' ')}`)
  return elements
}

function attributesOf(text: string): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>()
  for (const [, name = '', value = ''] of text.matchAll(ATTRIBUTE)) {
    if (attributes.has(name)) throw new Error(`attribute ${name} is there twice`)
    attributes.set(name, unescapeText(value))
  }
  return attributes
}

/** What a reader sees of markup, in one line. */
export function textOf(markup: string): string {
  const text = markup.replace(/<(script|style)\b[^>]*>.*?<\/\1>/gs, '').replace(/<[^>]*>/g, ' ')
  return unescapeText(text).replace(/\s+/g, ' ').trim()
}

function unescapeText(text: string): string {
  const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"' }
  return text.replace(/&(?:#(\d+)|(\w+));/g, (_all, code: string | undefined, word: string | undefined) =>
    code === undefined ? (named[word ?? ''] ?? '?') : String.fromCodePoint(Number(code)),
  )
}

/** Text of the element with the id. */
export function textOfId(page: string, id: string): string {
  const found = parseMarkup(page).find(({ attributes }) => attributes.get('id') === id)
  if (found === undefined) throw new Error(`nothing has the id ${id}`)
  return textOf(found.markup)
}
