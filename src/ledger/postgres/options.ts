import type { MachineIdentity } from '../machines.ts'

/** How the connection is secured; what the words mean is told with the setting `storage.tls.mode`. */
export type TlsMode = 'auto' | 'disable' | 'require' | 'verify-full'

export interface TlsOptions {
  readonly mode: TlsMode
  /** Paths of PEM files, '' for none. */
  readonly caFile: string
  readonly certFile: string
  readonly keyFile: string
}

export interface PostgresOptions {
  /** `postgres://user@host:5432/database` */
  readonly url: string
  /** Asked again for every new connection; null where only the URL may have one. */
  readonly password: () => string | null
  readonly schema: string
  /** Most connections at once: one writes, the others read. */
  readonly poolSize: number
  readonly tls: TlsOptions
  readonly machine: MachineIdentity
  /** Of this program. */
  readonly version: string
  /** Epoch milliseconds. */
  readonly now: number
}
