/** Where the pages of `prometheus/runbooks` can be read. */
const RUNBOOK_BASE = 'https://github.com/claude-usage-exporter/claude-usage-exporter/blob/main/prometheus/runbooks'

/** The page that says what to do about an alert. */
export function runbookUrl(alert: string): string {
  return `${RUNBOOK_BASE}/${alert}.md`
}
