import type { Overview } from '../../overview/overview.ts'
import { name, sentence } from './inline.ts'

/** What is true now of what is alerted on, critical ones first. */
export function alertLines({ alerts: { rows } }: Overview): string[] {
  if (rows.length === 0) return ['None is active.']
  return rows.map(
    ({ name: alert, severity, summary, description, runbook }) =>
      `- **${severity}** [${sentence(alert)}](${address(runbook)}): ${sentence(summary)} ${sentence(description)}`,
  )
}

/** Names of budgets and the like that an alert is about, for those who list several. */
export function subjectText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([label, value]) => `${label} ${name(value)}`)
    .join(', ')
}

/** An address of ours as the target of a link. */
export function address(url: string): string {
  return encodeURI(url).replace(/[()]/g, (mark) => (mark === '(' ? '%28' : '%29'))
}
