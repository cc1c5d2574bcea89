import { parseDuration } from '../../lib/duration.ts'
import { type KeyPath, schemaProblems, type Where, webConfigError } from './problems.ts'
import { schema, type WebConfigFile } from './schema.ts'
import { tlsSettings } from './tls-section.ts'
import type { RateLimit, WebConfig } from './web-config.ts'

/** A web configuration file, read as YAML. */
export interface WebConfigText {
  /** Absolute path. */
  readonly file: string
  readonly values: unknown
  readonly where: Where
  /** Text of a file that it names; throws as `fs.readFileSync` does. */
  readonly readFile: (path: string) => string
}

/** What the file says. Throws an OperatorError that lists everything wrong with it, with the lines. */
export function parseWebConfig({ file, values, where, readFile }: WebConfigText): WebConfig {
  const result = schema.safeParse(values)
  if (!result.success) throw webConfigError(schemaProblems(values, result.error.issues, where))
  const { tls_server_config: tlsSection, http_server_config: http, basic_auth_users: users, rate_limit } = result.data
  const problems: string[] = []
  const report = (path: KeyPath, text: string) => problems.push(`${where(path, 'value')}: ${text}`)
  const files = [file]
  const tls = tlsSection ? tlsSettings(tlsSection, { file, readFile, report, files }) : null
  const rateLimit = rateLimitOf(rate_limit, report)
  if (problems.length > 0) throw webConfigError(problems)
  return {
    tls,
    users: new Map(Object.entries(users ?? {})),
    headers: Object.fromEntries(
      Object.entries(http?.headers ?? {}).filter((entry): entry is [string, string] => Boolean(entry[1])),
    ),
    rateLimit,
    wantsHttp2: http?.http2 === true,
    files,
  }
}

function rateLimitOf(
  section: WebConfigFile['rate_limit'],
  report: (path: KeyPath, text: string) => void,
): RateLimit | null {
  const intervalMs = parseDuration(section?.interval ?? '') ?? 0
  if (intervalMs === 0) return null
  const burst = section?.burst ?? 0
  if (burst === 0) report(['rate_limit'], 'without a burst of at least 1 every request would be refused')
  return { intervalMs, burst }
}
