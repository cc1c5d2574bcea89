import { validateHeaderValue } from 'node:http'
import * as z from 'zod/mini'
import { parseDuration } from '../../lib/duration.ts'
import { CIPHERS, CLIENT_POLICIES, CURVES, TLS_VERSIONS } from './tls-names.ts'

/** A hash of this cost takes ten seconds or so; nobody waits for it, and every wrong password would keep a core busy. */
const MAX_BCRYPT_COST = 16
const BCRYPT_HASH = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/

const text = z.string({ error: 'text' })

const names = <const Names extends Readonly<Record<string, unknown>>>(map: Names) => {
  const keys = Object.keys(map) as (keyof Names & string)[]
  return z.enum(keys, { error: `one of ${keys.filter(Boolean).join(', ')}` })
}

/** A key without a value counts as not given. */
const optional = <T extends z.ZodMiniType>(schema: T) => z.optional(z.nullable(schema))

const group = <T extends z.core.$ZodLooseShape>(shape: T) => z.strictObject(shape, { error: 'a mapping' })

const flag = z.boolean({ error: 'true or false' })

const passwordHash = z.string({ error: 'a bcrypt hash in quotes' }).check(
  z.refine((value) => BCRYPT_HASH.test(value), {
    error: 'a bcrypt hash, which begins with $2a$, $2b$ or $2y$ and has 60 characters',
    abort: true,
  }),
  z.refine((value) => costOf(value) >= 4 && costOf(value) <= MAX_BCRYPT_COST, {
    error: `a bcrypt hash of a cost from 4 to ${MAX_BCRYPT_COST}`,
  }),
)

const header = z.string({ error: 'text' }).check(z.refine(isHeaderValue, { error: 'text that a header can hold' }))

const oneOf = (values: readonly string[]) =>
  z.enum(['', ...values], { error: values.length === 1 ? String(values[0]) : `one of ${values.join(', ')}` })

/** The file as Prometheus' exporter-toolkit defines it. Messages complete "expected ...". */
export const schema = group({
  tls_server_config: optional(
    group({
      cert: optional(text),
      key: optional(text),
      client_ca: optional(text),
      cert_file: optional(text),
      key_file: optional(text),
      client_ca_file: optional(text),
      client_auth_type: optional(names({ '': null, ...CLIENT_POLICIES })),
      client_allowed_sans: optional(z.array(text, { error: 'a list of names' })),
      min_version: optional(names(TLS_VERSIONS)),
      max_version: optional(names(TLS_VERSIONS)),
      cipher_suites: optional(z.array(names(CIPHERS), { error: 'a list of cipher suites' })),
      prefer_server_cipher_suites: optional(flag),
      curve_preferences: optional(z.array(names(CURVES), { error: 'a list of curves' })),
    }),
  ),
  http_server_config: optional(
    group({
      http2: optional(flag),
      headers: optional(
        group({
          'Content-Security-Policy': optional(header),
          'Strict-Transport-Security': optional(header),
          'X-Content-Type-Options': optional(oneOf(['nosniff'])),
          'X-Frame-Options': optional(oneOf(['deny', 'sameorigin'])),
          'X-XSS-Protection': optional(header),
        }),
      ),
    }),
  ),
  basic_auth_users: optional(z.record(text, passwordHash, { error: 'a mapping of users to bcrypt hashes' })),
  rate_limit: optional(
    group({
      interval: optional(
        z
          .string({ error: 'a duration such as 1s' })
          .check(
            z.refine((value) => parseDuration(value) !== null, { error: 'a duration such as 1s, 200ms or 1m30s' }),
          ),
      ),
      burst: optional(z.int({ error: 'a whole number' }).check(z.minimum(0, { error: 'a number from 0' }))),
    }),
  ),
})

export type WebConfigFile = z.infer<typeof schema>
export type TlsSection = NonNullable<WebConfigFile['tls_server_config']>

/** Keys a mapping may have, for a suggestion; empty where the path leads to no mapping of fixed keys. */
export function knownKeys(path: readonly PropertyKey[]): readonly string[] {
  let node: z.core.$ZodType | undefined = schema
  for (const key of path) {
    const shape: z.core.$ZodShape | undefined = node && shapeOf(node)
    node = shape?.[String(key)]
  }
  return Object.keys((node && shapeOf(node)) ?? {})
}

/** The `2^cost` rounds of a hash. */
export function costOf(hash: string): number {
  return Number(BCRYPT_HASH.exec(hash)?.[1])
}

function shapeOf(node: z.core.$ZodType): z.core.$ZodShape | undefined {
  const { def } = node._zod
  if (def.type === 'optional' || def.type === 'nullable') return shapeOf((def as z.core.$ZodOptionalDef).innerType)
  return def.type === 'object' ? (def as z.core.$ZodObjectDef).shape : undefined
}

function isHeaderValue(value: string): boolean {
  try {
    validateHeaderValue('x', value)
    return true
  } catch {
    return false
  }
}
