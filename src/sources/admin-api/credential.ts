import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { SyncError } from '../../core/sync-run.ts'
import { escapeControls } from '../../lib/escape.ts'

/** What opens an organisation's API: a key or token, or what the SDK gets a token with. */
export type Credential =
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'key_file'; readonly path: string }
  /** An OAuth access token that something else renews. */
  | { readonly kind: 'token_file'; readonly path: string }
  /** A profile of the Anthropic command line tools. */
  | { readonly kind: 'profile'; readonly name: string }
  | {
      readonly kind: 'federation'
      readonly ruleId: string
      readonly organizationId: string
      readonly identityTokenFile: string
      readonly serviceAccountId?: string
      readonly workspaceId?: string
      readonly scope?: string
    }

export interface Secret {
  /** The key or token; null where the SDK gets one itself. */
  read(): Promise<string | null>
  /** Changes when the credential does; a digest of it. */
  mark(): Promise<string>
}

/** Reads the credential, a file again whenever it changed. Rejects with SyncError `auth`. */
export function createSecret(credential: Credential): Secret {
  const read = reader(credential)
  return {
    read,
    mark: async () => digest(credential.kind, (await read()) ?? JSON.stringify(credential)),
  }
}

function reader(credential: Credential): () => Promise<string | null> {
  switch (credential.kind) {
    case 'key':
      return async () => checked(credential.key, 'the key of the configuration')
    case 'key_file':
    case 'token_file':
      return fileReader(credential.path)
    case 'profile':
    case 'federation':
      return async () => null
  }
}

function fileReader(path: string): () => Promise<string> {
  const name = escapeControls(path)
  let known: { readonly stamp: string; readonly secret: string } | null = null
  return async () => {
    try {
      const { mtimeMs, size, ino } = await stat(path)
      const stamp = `${mtimeMs} ${size} ${ino}`
      if (known?.stamp === stamp) return known.secret
      const secret = checked(await readFile(path, 'utf8'), name)
      known = { stamp, secret }
      return secret
    } catch (error) {
      if (error instanceof SyncError) throw error
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
      throw new SyncError('auth', `cannot read the credential file ${name}: ${code}`)
    }
  }
}

function checked(text: string, where: string): string {
  const secret = text.trim()
  if (secret === '') throw new SyncError('auth', `no credential: ${where} is empty`)
  if (/[\r\n]/.test(secret)) throw new SyncError('auth', `no credential: ${where} has more than one line, expected one`)
  // Anything else would be refused as a header value, with the value in the message.
  if (!/^[\x21-\x7e]+$/.test(secret)) {
    throw new SyncError('auth', `no credential: ${where} has characters that no key has (expected printable ASCII)`)
  }
  return secret
}

function digest(kind: string, text: string): string {
  return createHash('sha256').update(`${kind}\n${text}`).digest('hex').slice(0, 16)
}
