import type { Config } from './config.ts'
import type { OrganizationEntry } from './organization.ts'

/** How to log in to an organisation. */
export type CredentialSettings =
  | { readonly kind: 'key'; readonly key: string }
  /** Name of the environment variable that holds the key. */
  | { readonly kind: 'key_variable'; readonly variable: string }
  | { readonly kind: 'key_file'; readonly path: string }
  | { readonly kind: 'token_file'; readonly path: string }
  | { readonly kind: 'profile'; readonly name: string }
  | FederationSettings

export interface FederationSettings {
  readonly kind: 'federation'
  readonly ruleId: string
  readonly organizationId: string
  readonly identityTokenFile: string
  readonly serviceAccountId?: string
  readonly workspaceId?: string
  readonly scope?: string
}

/** An organisation to read. */
export interface OrganizationSettings {
  readonly name: string
  readonly baseUrl: string
  readonly api: Config['adminApi']['api']
  readonly credential: CredentialSettings
}

/** The organisations with a credential, the one directly under `admin_api` first; none where it is turned off. */
export function organizationsOf({ adminApi }: Config): readonly OrganizationSettings[] {
  if (!adminApi.enabled) return []
  const { organization: name, baseUrl, api, organizations } = adminApi
  const own = ownCredential(adminApi)
  const others = organizations.flatMap((entry): OrganizationSettings[] => {
    const credential = credentialOf(entry)
    if (credential === null) return []
    return [{ name: entry.name, baseUrl: entry.base_url ?? baseUrl, api: entry.api ?? api, credential }]
  })
  return own === null ? others : [{ name, baseUrl, api, credential: own }, ...others]
}

function ownCredential({ key, keyFile, tokenFile, profile }: Config['adminApi']): CredentialSettings | null {
  if (key !== '') return { kind: 'key', key }
  if (keyFile !== '') return { kind: 'key_file', path: keyFile }
  if (tokenFile !== '') return { kind: 'token_file', path: tokenFile }
  return profile === '' ? null : { kind: 'profile', name: profile }
}

function credentialOf(entry: OrganizationEntry): CredentialSettings | null {
  if (entry.key_file !== undefined) return { kind: 'key_file', path: entry.key_file }
  if (entry.key_variable !== undefined) return { kind: 'key_variable', variable: entry.key_variable }
  if (entry.token_file !== undefined) return { kind: 'token_file', path: entry.token_file }
  if (entry.profile !== undefined) return { kind: 'profile', name: entry.profile }
  return entry.federation === undefined ? null : federationOf(entry.federation)
}

function federationOf(rule: NonNullable<OrganizationEntry['federation']>): FederationSettings {
  return {
    kind: 'federation',
    ruleId: rule.rule_id,
    organizationId: rule.organization_id,
    identityTokenFile: rule.identity_token_file,
    ...(rule.service_account_id !== undefined && { serviceAccountId: rule.service_account_id }),
    ...(rule.workspace_id !== undefined && { workspaceId: rule.workspace_id }),
    ...(rule.scope !== undefined && { scope: rule.scope }),
  }
}
