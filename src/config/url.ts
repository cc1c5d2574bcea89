import { isLoopback } from './listen-address.ts'

/** True for a URL that nobody on the way can read: https, or http that does not leave this machine. */
export function isPrivateUrl(value: string): boolean {
  if (!URL.canParse(value)) return false
  const { protocol, hostname } = new URL(value)
  if (protocol === 'https:') return true
  return protocol === 'http:' && isLoopback({ host: hostname.replace(/^\[|\]$/g, ''), port: 0 })
}
