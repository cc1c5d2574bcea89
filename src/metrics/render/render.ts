import type { FamilyInfo } from '../definition.ts'
import type { Family, Format } from './family.ts'
import { escapeLine, escapeQuoted } from './labels.ts'

/** The last line of an OpenMetrics exposition; without it the exposition counts as cut off. */
export const OPENMETRICS_END = '# EOF\n'

/**
 * Writes families as UTF-8, each in one piece and in the order given; families without samples are left out. The end
 * mark of OpenMetrics is not included, so that parts can be put together.
 */
export function renderFamilies(families: Iterable<Family>, format: Format): Buffer {
  const parts: Buffer[] = []
  for (const family of families) {
    if (family.lines.length > 0) parts.push(Buffer.from(renderFamily(family, format)))
  }
  return Buffer.concat(parts)
}

function renderFamily(family: Family, format: Format): string {
  let text = renderHead(family, format)
  for (const line of family.lines) text += `${family.name}${line}\n`
  return text
}

/** What stands before the samples of a family. */
export function renderHead(family: FamilyInfo, format: Format): string {
  if (format === 'text') {
    return `# HELP ${family.name} ${escapeLine(family.help)}\n# TYPE ${family.name} ${family.type}\n`
  }
  // In OpenMetrics the samples of a counter end in _total, but the family's name does not.
  const name = family.type === 'counter' ? family.name.replace(/_total$/, '') : family.name
  const unit = family.unit !== '' && name.endsWith(`_${family.unit}`) ? `# UNIT ${name} ${family.unit}\n` : ''
  return `# TYPE ${name} ${family.type}\n${unit}# HELP ${name} ${escapeQuoted(family.help)}\n`
}
