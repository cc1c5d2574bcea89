export const healthOptions = {
  build: { version: '1.2.3', revision: 'abc', branch: 'main' },
  sources: ['claude-code', 'pi'],
  apiSources: ['anthropic-usage'],
  organizations: ['default'],
  failureReasons: ['ledger'],
  noticeFailureReasons: ['timeout'],
  processMetrics: true,
  startedAt: 1_750_000_000_500,
}
