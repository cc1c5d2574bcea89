import { parse } from 'yaml'
import type { Block } from './fenced-blocks.ts'

/** Who can tell whether a documented file is right. */
export type Kind = 'prometheus' | 'alertmanager' | 'machines' | 'exporter' | 'grafana' | 'kubernetes'

const KEYS: readonly (readonly [key: string, kind: Kind])[] = [
  ['scrape_configs', 'prometheus'],
  ['rule_files', 'prometheus'],
  ['route', 'alertmanager'],
  ['routes', 'alertmanager'],
  ['web', 'exporter'],
  ['datasources', 'grafana'],
  ['providers', 'grafana'],
  ['kind', 'kubernetes'],
]

/** What a block is of. Throws for one that nobody would check. */
export function kindOf({ page, heading, text }: Block): Kind {
  const content: unknown = parse(text)
  if (Array.isArray(content)) return 'op' in Object(content[0]) ? 'kubernetes' : 'machines'
  const kind = KEYS.find(([key]) => key in Object(content))?.[1]
  if (kind === undefined) throw new Error(`${page}, "${heading}": nobody knows how to check this:\n${text}`)
  return kind
}
