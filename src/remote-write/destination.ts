/** Where samples are sent and how. Holds secrets. */
export interface Destination {
  /** Without user and password. */
  readonly url: string
  /** How often a sample of every series is taken, milliseconds. */
  readonly intervalMs: number
  /** Longest time for one request, milliseconds. */
  readonly timeoutMs: number
  /** Samples older than this are not sent any more, milliseconds. */
  readonly maxAgeMs: number
  /** Besides those of the protocol. */
  readonly headers: ReadonlyMap<string, string>
  readonly bearerToken: Secret | null
  readonly basicAuth: { readonly username: string; readonly password: Secret } | null
  readonly tls: {
    /** Absolute paths of PEM files; null for the system's authorities, and for no client certificate. */
    readonly caFile: string | null
    readonly certFile: string | null
    readonly keyFile: string | null
  }
  /** For every series; `job` and `instance` among them. */
  readonly externalLabels: ReadonlyMap<string, string>
  /** Names of families that are not sent. */
  readonly drop: ReadonlySet<string>
}

/** The text itself, or the absolute path of a file that holds it. */
export type Secret = { readonly text: string } | { readonly file: string }

/** Host and port, for the log: nothing else of a URL is certain to be no secret. */
export function hostOf({ url }: Destination): string {
  return new URL(url).host
}
