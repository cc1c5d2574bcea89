import { OperatorError } from '../../core/errors.ts'
import { codeOf, messageOf, toLedgerError } from './failure.ts'
import type { PostgresOptions } from './options.ts'

/** What a person has to mend, as an OperatorError; everything else as a LedgerError, which time may mend. */
export function explained(error: unknown, place: string, { schema }: PostgresOptions): Error {
  if (error instanceof OperatorError) return error
  const known = KNOWN.find(
    ({ codes, says }) => codes?.test(codeOf(error)) === true || says?.test(messageOf(error)) === true,
  )
  if (known === undefined) return toLedgerError(error, place)
  return new OperatorError(known.message(place, schema), { seen: messageOf(error), fix: known.fix, cause: error })
}

interface Known {
  /** Of SQLSTATEs or system errors. */
  readonly codes?: RegExp
  readonly says?: RegExp
  readonly message: (place: string, schema: string) => string
  readonly fix: string
}

const KNOWN: readonly Known[] = [
  {
    codes: /^28/,
    message: (place) => `The server does not let this program in at ${place}`,
    fix: 'Check the user in storage.url, the password in storage.password_file, and pg_hba.conf of the server.',
  },
  {
    says: /password must be a string/i,
    message: (place) => `The server at ${place} asks for a password and there is none`,
    fix: 'Set storage.password_file or CLAUDE_USAGE_EXPORTER_STORAGE_PASSWORD.',
  },
  {
    codes: /^3D000$/,
    message: (place) => `There is no such database: ${place}`,
    fix: 'Create it with `createdb`, or name another one in storage.url.',
  },
  {
    codes: /^(42501|25006)$/,
    message: (place, schema) => `The user may not use the schema ${schema} at ${place}`,
    fix: 'Let an administrator run GRANT CREATE ON DATABASE ... TO the user, or create the schema with the user as its owner. A read-only replica cannot hold the ledger.',
  },
  {
    says: /does not support SSL/i,
    message: (place) => `The server at ${place} does not offer TLS`,
    fix: 'Switch it on there (ssl = on), or set storage.tls.mode to disable where the network is trusted.',
  },
  {
    codes: /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    message: (place) => `The certificate of the server at ${place} is for another name`,
    fix: 'Use the name that stands in the certificate in storage.url.',
  },
  {
    codes: /CERT|SELF_SIGNED|UNABLE_TO_(VERIFY|GET)|ERR_SSL|ERR_OSSL/,
    message: (place) => `The certificate of the server at ${place} is not trusted`,
    fix: 'Name the authority that signed it in storage.tls.ca_file.',
  },
]
