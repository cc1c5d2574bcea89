import type { Overview } from '../../overview/overview.ts'
import { LOADING } from '../words.ts'
import { sentence } from './inline.ts'

/** What is true now of what is alerted on, critical ones first. */
export function alertLines({ alerts: { rows, complete } }: Overview): string[] {
  if (rows.length === 0) return [complete ? 'None is active.' : LOADING]
  return rows.map(
    ({ name: alert, severity, summary, description, runbook }) =>
      `- **${severity}** [${sentence(alert)}](${address(runbook)}): ${sentence(summary)} ${sentence(description)}`,
  )
}

/** An address of ours as the target of a link. */
export function address(url: string): string {
  return encodeURI(url).replace(/[()]/g, (mark) => (mark === '(' ? '%28' : '%29'))
}
