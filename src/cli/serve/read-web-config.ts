import type { ConfigInput } from '../../config/input.ts'
import { needsProtection } from '../../config/listen-address.ts'
import type { LoadedConfig } from '../../config/load.ts'
import { parseWebConfig } from '../../http/web-config/parse.ts'
import { webConfigError } from '../../http/web-config/problems.ts'
import { isProtected, type WebConfig } from '../../http/web-config/web-config.ts'
import { absolutePath } from '../../lib/paths.ts'

const REASONS = new Map([
  ['ENOENT', 'no such file'],
  ['EACCES', 'permission denied'],
  ['EISDIR', 'it is a folder'],
])

/**
 * Reads the web configuration file that the settings name, as often as it is called; null where they name none. It
 * throws an OperatorError for anything wrong in the file, and for one that does not protect an address which other
 * machines can reach.
 */
export async function webConfigReader(
  { config: { web }, settings }: LoadedConfig,
  host: Omit<ConfigInput, 'flags'>,
): Promise<(() => WebConfig) | null> {
  const file = web.configFile
  if (file === '') return null
  const { yamlLayer } = await import('../../config/yaml-file.ts')
  const placeOf = (path: string) => settings.find((setting) => setting.path === path)?.where ?? path
  return () => {
    const text = readText(file, placeOf('web.config_file'), host)
    const { values, where, problems } = yamlLayer(file, absolutePath(host, file, '..'), text)
    if (problems.length > 0) throw webConfigError(problems.map((problem) => problem.text))
    const read = parseWebConfig({ file, values, where, readFile: host.readFile })
    if (needsProtection(web) && !isProtected(read)) {
      throw webConfigError(
        [`${placeOf('web.listen_address')}: other machines can reach this address, and ${file} ${weakness(read)}`],
        'Give the file tls_server_config together with basic_auth_users, or with client_ca_file and client_auth_type RequireAndVerifyClientCert; or listen on 127.0.0.1; or set web.allow_unprotected to true where a firewall or proxy protects the port.',
      )
    }
    return read
  }
}

function readText(file: string, place: string, { readFile }: Pick<ConfigInput, 'readFile'>): string {
  try {
    return readFile(file)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    const reason = REASONS.get(code) ?? (code || String(error))
    throw webConfigError([`${place}: cannot read ${JSON.stringify(file)}: ${reason}`])
  }
}

function weakness({ tls, users }: WebConfig): string {
  if (tls !== null) return 'lets everybody in: it has neither users nor client certificates of an authority of your own'
  return users.size > 0
    ? 'has users but no tls_server_config, so that passwords would cross the network for everybody to read'
    : 'has neither TLS nor users'
}
