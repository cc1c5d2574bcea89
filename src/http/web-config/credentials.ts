import type { Credentials } from './passwords.ts'

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** User and password of an `Authorization` header (RFC 7617); null where it holds none. */
export function credentialsOf(header: string | undefined): Credentials | null {
  const encoded = /^basic +([A-Za-z0-9+/]+={0,2}) *$/i.exec(header ?? '')?.[1]
  if (encoded === undefined) return null
  try {
    const text = decoder.decode(Buffer.from(encoded, 'base64'))
    const colon = text.indexOf(':')
    return colon === -1 ? null : { user: text.slice(0, colon), password: text.slice(colon + 1) }
  } catch {
    return null
  }
}
