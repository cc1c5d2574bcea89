import { Document, isScalar, type Node } from 'yaml'
import { type KeyPath, nested } from './layer.ts'
import type { LoadedConfig } from './load.ts'
import { allSettings } from './settings.ts'

const SECRETS = new Set(allSettings.filter((row) => row.setting.secret).map((row) => row.path))

/** The configuration in force as a YAML file: secrets masked, each value that is no default with where it was given. */
export function printConfig({ settings }: LoadedConfig): string {
  const values = settings.map(
    ({ path, value }) => [path, SECRETS.has(path) && !isNothing(value) ? '[redacted]' : value] as const,
  )
  const document = new Document(nested(values), { aliasDuplicateObjects: false })
  for (const { path, where } of settings) {
    if (where !== null) comment(document, path.split('.'), where)
  }
  return document.toString({ lineWidth: 0 })
}

function isNothing(value: unknown): boolean {
  return value === '' || (value !== null && typeof value === 'object' && Object.keys(value).length === 0)
}

function comment(document: Document, path: KeyPath, where: string): void {
  const node = document.getIn(path, true) as Node | undefined
  if (!node) return
  // A comment behind a list or mapping would read as one of its last item.
  if (isScalar(node)) node.comment = ` ${where}`
  else node.commentBefore = ` ${where}`
}
