import { readFile } from 'node:fs/promises'
import { escapeControls } from '../lib/escape.ts'
import { RemoteWriteError } from './client-error.ts'
import type { Destination, Secret } from './destination.ts'

const MAX_SECRET_BYTES = 16_384
const MAX_PEM_BYTES = 1_048_576

/** What a request is sent with, as it stands in the files now. */
export interface Credentials {
  readonly headers: Readonly<Record<string, string>>
  /** PEM texts. */
  readonly tls: { readonly ca?: string; readonly cert?: string; readonly key?: string }
  /** Texts that must not be shown. */
  readonly secrets: readonly string[]
}

/** Reads the files again each time: they are small, requests are rare, and so a new secret counts at once. */
export async function readCredentials(destination: Destination): Promise<Credentials> {
  const { headers, bearerToken, basicAuth, tls } = destination
  const authorization = await authorizationOf(bearerToken, basicAuth)
  const [ca, cert, key] = await Promise.all([tls.caFile, tls.certFile, tls.keyFile].map(readPem))
  return {
    headers: { ...Object.fromEntries(headers), ...(authorization && { authorization: authorization.header }) },
    tls: { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) },
    secrets: [...headers.values(), ...(authorization?.secrets ?? [])],
  }
}

async function authorizationOf(bearerToken: Secret | null, basicAuth: Destination['basicAuth']) {
  if (bearerToken !== null) {
    const token = await readSecret(bearerToken)
    return { header: `Bearer ${token}`, secrets: [token] }
  }
  if (basicAuth === null) return null
  const password = await readSecret(basicAuth.password)
  const encoded = Buffer.from(`${basicAuth.username}:${password}`).toString('base64')
  return { header: `Basic ${encoded}`, secrets: [encoded, password] }
}

async function readSecret(secret: Secret): Promise<string> {
  const text = 'text' in secret ? secret.text : (await readText(secret.file, MAX_SECRET_BYTES)).trim()
  // A line break in a header would begin another one.
  if (/[^\x20-\x7e\x80-\xff]/.test(text)) {
    throw new RemoteWriteError('credentials', 'the token or password holds characters that no header may have')
  }
  return text
}

async function readPem(path: string | null): Promise<string | null> {
  return path === null ? null : readText(path, MAX_PEM_BYTES)
}

async function readText(path: string, maxBytes: number): Promise<string> {
  const name = escapeControls(path)
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
    throw new RemoteWriteError('credentials', `cannot read the file ${name}: ${code}`)
  }
  if (text.trim() === '') throw new RemoteWriteError('credentials', `the file ${name} is empty`)
  if (text.length > maxBytes) throw new RemoteWriteError('credentials', `the file ${name} is too large`)
  return text
}
