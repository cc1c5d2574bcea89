import { accepting, type ValueType } from './value-type.ts'

/** Where to listen. */
export interface ListenAddress {
  /** A name or an address; `''` for every address of the machine, as in Prometheus' own exporters. */
  readonly host: string
  readonly port: number
}

export const listenAddress: ValueType<ListenAddress, ''> = {
  name: 'address',
  schema: accepting('HOST:PORT, [IPv6]:PORT or :PORT with a port from 0 to 65535', (value) =>
    typeof value === 'string' ? parseListenAddress(value) : undefined,
  ),
  fromText: (text) => text,
  flag: 'single',
  unit: '',
}

/** True when only this machine can connect. A name other than `localhost` may resolve to anything. */
export function isLoopback(address: ListenAddress): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|::1)$/i.test(address.host)
}

/** Whether other machines could read what is served, and nobody said that they may. */
export function needsProtection(web: {
  readonly allowUnprotected: boolean
  readonly listenAddress: readonly ListenAddress[]
}): boolean {
  return !web.allowUnprotected && !web.listenAddress.every(isLoopback)
}

function parseListenAddress(text: string): ListenAddress | undefined {
  const match = /^(?:\[([0-9a-f:.%a-z]+)\]|([^\s:/[\]]*)):(\d{1,5})$/i.exec(text)
  const port = Number(match?.[3])
  if (!match || port > 65_535) return undefined
  return { host: match[1] ?? match[2] ?? '', port }
}
