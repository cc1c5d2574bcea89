import { accessSync, constants } from 'node:fs'
import type { Config } from '../../config/config.ts'
import { type CredentialSettings, type OrganizationSettings, organizationsOf } from '../../config/organizations.ts'
import { durationText } from '../../core/duration-text.ts'
import { apiSource } from '../../core/organization.ts'
import type { SyncFailure } from '../../core/sync-run.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import { type Fault, type Hop, judgeHop, skippedHop } from './hop.ts'

/** Looks at the credential of each organisation and at its last runs. No request is sent. */
export async function organizationHops(config: Config, ledger: Ledger | null, now: number): Promise<Hop[]> {
  const organizations = organizationsOf(config)
  if (organizations.length === 0) {
    return [skippedHop('Organisation', 'no admin key: only session logs are read (ANTHROPIC_ADMIN_KEY_FILE)')]
  }
  return Promise.all(organizations.map((organization) => organizationHop(organization, ledger, now)))
}

async function organizationHop(
  { name, credential }: OrganizationSettings,
  ledger: Ledger | null,
  now: number,
): Promise<Hop> {
  const faults = credentialFaults(credential)
  const seen: string[] = [`credential: ${credential.kind.replaceAll('_', ' ')}`]
  for (const report of ['usage', 'cost'] as const) {
    const [run] = (await ledger?.runs({ source: apiSource(name, report), limit: 1 })) ?? []
    if (run === undefined) {
      faults.push({
        state: 'warning',
        seen: `${report} was never read`,
        remedy: 'Start the exporter, or run `sync --type both`.'.replace('both', report),
      })
      continue
    }
    const ago = `${durationText(now - run.startedAt)} ago`
    if (run.result === 'failed' || run.result === 'partial') {
      const state = run.result === 'failed' ? 'failed' : 'warning'
      faults.push({
        state,
        seen: `reading ${report} ${ago}: ${run.reason ?? run.result}`,
        remedy: remedyFor(run.reason),
      })
    } else seen.push(`${report} read ${ago}`)
  }
  return judgeHop(`Organisation ${name}`, seen.join(', '), faults)
}

function credentialFaults(credential: CredentialSettings): Fault[] {
  const path = pathOf(credential)
  if (path === null) return []
  try {
    accessSync(path, constants.R_OK)
    return []
  } catch {
    const remedy = 'Check the path, and that the user the exporter runs as may read it.'
    return [{ state: 'failed', seen: `the ${credential.kind.replaceAll('_', ' ')} ${path} cannot be read`, remedy }]
  }
}

function pathOf(credential: CredentialSettings): string | null {
  if (credential.kind === 'key_file' || credential.kind === 'token_file') return credential.path
  return credential.kind === 'federation' ? credential.identityTokenFile : null
}

const REMEDIES: Partial<Readonly<Record<SyncFailure, string>>> = {
  auth: 'Make a new admin key in the Console and put it in the file.',
  permission: 'This needs an admin key (sk-ant-admin...) or a key with read:analytics.',
  network: 'Look at the connection, a proxy or a firewall between here and admin_api.base_url.',
  unsupported: 'This organisation does not have these endpoints: admin_api.api names others.',
}

function remedyFor(reason: SyncFailure | null): string {
  return (reason === null ? undefined : REMEDIES[reason]) ?? '`runs --failed` tells more; it tries again by itself.'
}
