import type { Anthropic, ClientOptions } from '@anthropic-ai/sdk'
import type { Credential } from './credential.ts'
import { createGuardedFetch } from './guarded-fetch.ts'
import { type AdminApiOptions, requestTimeout } from './options.ts'

const CUSTOM_HEADERS = 'ANTHROPIC_CUSTOM_HEADERS'

/** An SDK client that takes nothing from the environment. `secret`: the key or token where the credential is one. */
export async function createClient(options: AdminApiOptions, secret: string | null): Promise<Anthropic> {
  // Loaded here because exporters without an organisation never need it.
  const { Anthropic } = await import('@anthropic-ai/sdk')
  const { baseUrl, version } = options
  const timeout = requestTimeout(options)
  const userAgent = `claude-usage-exporter/${version} (+https://www.npmjs.com/package/claude-usage-exporter)`
  const settings: ClientOptions = {
    ...credentialOptions(options.credential, baseUrl, secret),
    baseURL: baseUrl,
    webhookKey: null,
    maxRetries: 0,
    timeout,
    openTelemetry: false,
    logLevel: 'off',
    fetch: createGuardedFetch({ baseUrl, userAgent, timeoutMs: timeout }),
  }
  return withoutVariable(CUSTOM_HEADERS, () => new Anthropic(settings))
}

function credentialOptions(credential: Credential, baseUrl: string, secret: string | null): ClientOptions {
  switch (credential.kind) {
    case 'key':
    case 'key_file':
      return { apiKey: secret }
    case 'token_file':
      return { authToken: secret }
    case 'profile':
      return { profile: credential.name }
    case 'federation':
      return {
        config: {
          base_url: baseUrl,
          organization_id: credential.organizationId,
          workspace_id: credential.workspaceId,
          authentication: {
            type: 'oidc_federation',
            federation_rule_id: credential.ruleId,
            service_account_id: credential.serviceAccountId,
            identity_token: { source: 'file', path: credential.identityTokenFile },
            scope: credential.scope,
          },
        },
      }
  }
}

/** The SDK reads it in its constructor and would let it override `authorization`; nothing else runs meanwhile. */
function withoutVariable<T>(name: string, action: () => T): T {
  const value = process.env[name]
  delete process.env[name]
  try {
    return action()
  } finally {
    if (value !== undefined) process.env[name] = value
  }
}
