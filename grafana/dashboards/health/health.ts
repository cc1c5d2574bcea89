import type { DashboardSpec } from '../../lib/dashboard.ts'
import { alerts } from './alerts.ts'
import { credentials, ledger, loaded, reachable, reload, version } from './figures.ts'
import { ledgerErrors, ledgerSize, series, seriesLimit } from './ledger.ts'
import { ledgerAway, machines } from './machines.ts'
import { dropped, notFinal, rejected, unpriced } from './quality.ts'
import { apiRequests, cpu, eventLoop, httpRequests, memory, notices, scrape } from './running.ts'
import { apiAge, durations, failures, linesRead, runs, sources } from './sources.ts'

export const health: DashboardSpec = {
  name: 'health',
  title: 'Claude usage: exporter health',
  description: 'Whether the exporter reads everything, how late, what it could not count, and what it costs to run.',
  from: 'now-24h',
  refresh: '1m',
  filters: ['job', 'instance', 'machine', 'source'],
  // All sources, also of organisations, and those that never had a session.
  families: {
    machine: 'claude_exporter_machine_last_seen_timestamp_seconds',
    source: 'claude_exporter_source_up',
  },
  marks: ['reloads', 'restarts', 'corrections'],
  sections: (select) => [
    {
      panels: [reachable(select), loaded(select), ledger(select), reload(select), credentials(select), version(select)],
    },
    { panels: [alerts(select)] },
    {
      title: 'Sources',
      panels: [sources(select), failures(select), runs(select), durations(select), apiAge(select), linesRead(select)],
    },
    { title: 'Machines that share the ledger', panels: [machines(select), ledgerAway(select)] },
    {
      title: 'What is not counted, or not yet',
      panels: [rejected(select), unpriced(select), notFinal(select), dropped(select)],
    },
    {
      title: 'Ledger and series',
      panels: [ledgerSize(select), ledgerErrors(select), series(select), seriesLimit(select)],
    },
    {
      title: 'What it costs to run',
      panels: [
        scrape(select),
        cpu(select),
        memory(select),
        eventLoop(select),
        httpRequests(select),
        apiRequests(select),
        notices(select),
      ],
    },
  ],
}
