import type { UnknownReason } from '../core/budget.ts'

/** Why the state of a budget is not known, as a clause, and what to do about it. */
export const UNKNOWN_TEXTS: Readonly<Record<UnknownReason, string>> = {
  loading: 'the history of the logs is still being read',
  ledger_failing: 'the ledger cannot be written; the log of the exporter says why',
  source_unreadable: 'its logs cannot all be read; see the sources below',
  stale: 'its data are too old; see the last runs below',
  not_covered: "the provider's data do not cover the whole period; reading more days (sync --days 40) may help",
  misaligned: "the provider's buckets lie across the ends of its period; give it the time zone UTC",
}
