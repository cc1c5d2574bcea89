import type { Overview } from '../../overview/overview.ts'
import { checkList } from '../check-list.ts'
import { LOADING } from '../words.ts'
import { address } from './alerts.ts'
import { sentence } from './inline.ts'

export function checkListLines(overview: Overview): string[] {
  const tasks = checkList(overview)
  if (tasks.length === 0) return [overview.status.complete ? 'Nothing to do.' : LOADING]
  return tasks.map(
    ({ text, link }) => `- [ ] ${sentence(text)}${link === null ? '' : ` ([what to do](${address(link)}))`}`,
  )
}
