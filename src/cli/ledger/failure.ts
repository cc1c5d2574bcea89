import type { LedgerFailure } from '../../ledger/ledger.ts'

/** What a person can do about a ledger that fails while it is open. */
export function ledgerErrorFix(failure: LedgerFailure): string {
  switch (failure) {
    case 'busy':
      return 'Another program holds the ledger. Try again in a moment.'
    case 'full':
      return 'Free some disk space. Nothing is lost: what was not stored is read from the logs again.'
    case 'read_only':
      return 'Make the ledger and its folder writable for this user, or choose another folder with --storage.path.'
    case 'corrupt':
      return 'The ledger is damaged. Restore a backup (claude-usage-exporter ledger restore FILE), try `sqlite3 FILE .recover`, or start over with claude-usage-exporter --new-ledger, which keeps the old file beside the new one.'
    case 'conflict':
      return 'Another program has read the same logs into this ledger. Stop it, or give it a folder of its own with --storage.path.'
    case 'overflow':
      return 'The logs name counts that are too large to be added up.'
    case 'away':
      return 'Start the database server, or check storage.url and the network. Nothing is lost: what was not stored is read from the logs again.'
    case 'other':
      return 'Look at the ledger with claude-usage-exporter ledger check.'
  }
}
