import * as z from 'zod/mini'
import { listOfObjects } from './collections.ts'
import { choice, path, text, textMatching } from './types.ts'
import { isPrivateUrl } from './url.ts'
import type { ValueType } from './value-type.ts'

export const apiChoice = choice(['auto', 'analytics', 'legacy'])

export const organizationName = textMatching(
  'name',
  'a name of up to 63 letters, digits, _, . and -, beginning with a letter or digit',
  (value) => /^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/.test(value),
)

/** Goes into a header, where a blank or anything beyond ASCII breaks the request. */
export const keyText = textMatching('text', 'a key without blanks', (value) => /^[\x21-\x7e]*$/.test(value))

/** `https://host/path`, or http where only this machine can listen in. */
export const baseUrl = textMatching(
  'URL',
  'an https URL without user, query and fragment (http only for this machine), such as https://api.anthropic.com',
  (value) => !/[?#\s@]/.test(value) && isPrivateUrl(value),
)

const variableName = textMatching(
  'variable',
  'the name of an environment variable, such as ACME_ADMIN_KEY (never the key itself)',
  (value) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(value),
)

const federation = z.strictObject(
  {
    rule_id: text.schema,
    organization_id: text.schema,
    identity_token_file: path.schema,
    service_account_id: z.optional(text.schema),
    workspace_id: z.optional(text.schema),
    scope: z.optional(text.schema),
  },
  { error: 'rule_id, organization_id and identity_token_file' },
)

const organization = z.strictObject(
  {
    name: organizationName.schema,
    key_file: z.optional(path.schema),
    key_variable: z.optional(variableName.schema),
    token_file: z.optional(path.schema),
    profile: z.optional(text.schema),
    federation: z.optional(federation),
    base_url: z.optional(baseUrl.schema),
    api: z.optional(apiChoice.schema),
  },
  { error: 'a name and a credential' },
)

/** One more organisation, in YAML form. */
export type OrganizationEntry = z.infer<typeof organization>

export const organizationList: ValueType<readonly OrganizationEntry[], ''> = {
  ...listOfObjects(organization, 'organisations'),
  locate: (entries, absolute) => entries.map((entry) => located(entry, absolute)),
}

/** Keys of an entry that say how to log in. */
export const CREDENTIAL_KEYS = ['key_file', 'key_variable', 'token_file', 'profile', 'federation'] as const

function located(entry: OrganizationEntry, absolute: (path: string) => string): OrganizationEntry {
  const { key_file: keyFile, token_file: tokenFile, federation: rule } = entry
  return {
    ...entry,
    ...(keyFile !== undefined && { key_file: absolute(keyFile) }),
    ...(tokenFile !== undefined && { token_file: absolute(tokenFile) }),
    ...(rule && { federation: { ...rule, identity_token_file: absolute(rule.identity_token_file) } }),
  }
}
