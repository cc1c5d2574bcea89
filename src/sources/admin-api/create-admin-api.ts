import type { AdminApi, ReadEvents } from './admin-api.ts'
import type { Source } from './buckets.ts'
import { readClaudeCode } from './claude-code.ts'
import { readCost } from './cost.ts'
import { readDirectory } from './directory.ts'
import { createGenerationChoice } from './generation.ts'
import type { AdminApiOptions } from './options.ts'
import { createTransport } from './transport.ts'
import { readUsage } from './usage.ts'

/** An organisation's API over HTTP. Sends nothing and reads no credential before the first call. */
export function createAdminApi(options: AdminApiOptions): AdminApi {
  const transport = createTransport(options)
  const choose = createGenerationChoice()
  const source = (events: ReadEvents, signal: AbortSignal): Source => ({ transport, options, events, signal })
  return {
    organization: options.organization,
    credentialMark: () => transport.credentialMark(),
    chooseGeneration: (report, events, signal) => choose(report, source(events, signal)),
    readUsage: (query, events, signal) => readUsage(source(events, signal), query),
    readCost: (query, events, signal) => readCost(source(events, signal), query),
    readClaudeCode: (day, events, signal) => readClaudeCode(source(events, signal), day),
    readDirectory: (events, signal) => readDirectory(source(events, signal)),
  }
}
