import type { X509Certificate } from 'node:crypto'
import { isIP, SocketAddress } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { ClientCertificates } from './web-config.ts'

/** What is seen of a client's end of a connection. */
export type ClientSide = Pick<TLSSocket, 'authorized' | 'getPeerX509Certificate'>

/** Whether a client may stay, by the certificate it showed or did not show. */
export function isWelcome(socket: ClientSide, { policy, allowedNames }: ClientCertificates): boolean {
  if (policy === 'none' || policy === 'request') return true
  const certificate = socket.getPeerX509Certificate()
  if (certificate === undefined) return policy === 'verify if given'
  if (policy !== 'require any' && !socket.authorized) return false
  return allowedNames === null || alternativeNames(certificate).some((name) => allowedNames.includes(name))
}

/** A name with anything special in it is written as a JSON string, so that no name can pose as several. */
const NAME = /(?:^|, )([A-Za-z ]+):("(?:[^"\\]|\\.)*"|[^",]*)(?=, |$)/gy
const KINDS = new Set(['DNS', 'email', 'URI', 'IP Address'])

/** Host names, mail addresses, URIs and addresses that a certificate is made for; addresses in their usual form. */
export function alternativeNames({ subjectAltName }: Pick<X509Certificate, 'subjectAltName'>): string[] {
  return [...(subjectAltName ?? '').matchAll(NAME)]
    .filter(([, kind = '']) => KINDS.has(kind))
    .map(([, , written = '']) => (written.startsWith('"') ? String(JSON.parse(written)) : written))
    .map((name) => (isIP(name) === 6 ? new SocketAddress({ address: name, family: 'ipv6' }).address : name))
}
