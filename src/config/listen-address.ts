import { accepting, type ValueType } from './value-type.ts'

/** Where to listen. */
export interface ListenAddress {
  /** Null: every address of the machine, as for the empty host in Prometheus' own exporters. */
  readonly host: string | null
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
  return address.host !== null && /^(localhost|127(\.\d{1,3}){3}|::1)$/i.test(address.host)
}

function parseListenAddress(text: string): ListenAddress | undefined {
  const match = /^(?:\[([0-9a-f:.%a-z]+)\]|([^\s:/[\]]*)):(\d{1,5})$/i.exec(text)
  const port = Number(match?.[3])
  if (!match || port > 65_535) return undefined
  const host = match[1] ?? match[2] ?? ''
  return { host: host === '' ? null : host, port }
}
