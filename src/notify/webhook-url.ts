import { readFile, stat } from 'node:fs/promises'
import { escapeControls } from '../lib/escape.ts'
import { WebhookError } from './webhook-error.ts'

const MAX_FILE_BYTES = 16_384

/** Where the URL of the webhook stands. It is a secret: whoever knows it can write there. */
export interface UrlPlace {
  readonly url: string | null
  readonly urlFile: string | null
}

/** Gives the URL, of a file again whenever that has changed. Rejects with WebhookError `url`. Null where none is set. */
export function urlReader({ url, urlFile }: UrlPlace): (() => Promise<URL>) | null {
  if (url !== null) return async () => parse(url, 'the setting')
  if (urlFile !== null) return fileReader(urlFile)
  return null
}

function fileReader(path: string): () => Promise<URL> {
  const name = escapeControls(path)
  let known: { readonly stamp: string; readonly url: URL } | null = null
  return async () => {
    try {
      const { mtimeMs, size, ino } = await stat(path)
      const stamp = `${mtimeMs} ${size} ${ino}`
      if (known?.stamp === stamp) return known.url
      if (size > MAX_FILE_BYTES) throw new WebhookError('url', `the file ${name} is too large to hold an address`)
      const url = parse(await readFile(path, 'utf8'), `the file ${name}`)
      known = { stamp, url }
      return url
    } catch (error) {
      if (error instanceof WebhookError) throw error
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
      throw new WebhookError('url', `cannot read the file ${name}: ${code}`)
    }
  }
}

/** Says where the text stands, never what it is. */
function parse(text: string, where: string): URL {
  const trimmed = text.trim()
  if (!/\s/.test(trimmed) && URL.canParse(trimmed) && isPrivate(new URL(trimmed))) return new URL(trimmed)
  throw new WebhookError('url', `${where} has no https address (http only for this machine)`)
}

/** Nobody on the way can read it. */
function isPrivate({ protocol, hostname }: URL): boolean {
  if (protocol === 'https:') return true
  return protocol === 'http:' && /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname)
}
