import type { SourceName } from '../core/usage.ts'
import { textMatching } from './types.ts'

const NAMES: readonly string[] = ['claude-code', 'openclaw', 'pi'] satisfies SourceName[]

/** `all`, `none`, or names of sources with commas between. */
export const sourceChoice = textMatching(
  'sources',
  `all, none, or names out of ${NAMES.join(', ')} with commas between`,
  (value) => value === 'all' || value === 'none' || value.split(',').every((name) => NAMES.includes(name.trim())),
)

/** True when the choice names the source. */
export function isChosen(choice: string, source: SourceName): boolean {
  return choice === 'all' || choice.split(',').some((name) => name.trim() === source)
}
