import { Document, isMap, isScalar } from 'yaml'

/** A comment before the key at the end of a path. */
export type Note = readonly [path: readonly (string | number)[], text: string]

const HEADER = ' Generated (scripts/kubernetes). Do not edit: "npm run docs" writes it.'

/** An object as a file, with a line that says where it comes from. Throws where a note has no key to stand at. */
export function toYaml(object: object, about: string, notes: readonly Note[] = []): string {
  const document = new Document(object, { aliasDuplicateObjects: false })
  for (const [path, text] of notes) {
    const parent = path.length > 1 ? document.getIn(path.slice(0, -1)) : document.contents
    const pair = isMap(parent)
      ? parent.items.find(({ key }) => isScalar(key) && key.value === path[path.length - 1])
      : undefined
    if (!isScalar(pair?.key)) throw new Error(`no key for the note at ${path.join('.')}`)
    pair.key.commentBefore = commented(text)
  }
  document.commentBefore = `${HEADER}\n${commented(about)}`
  return document.toString({ lineWidth: 0 })
}

function commented(text: string): string {
  return text
    .split('\n')
    .map((line) => ` ${line}`)
    .join('\n')
}
