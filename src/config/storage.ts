import { dataFolder } from '../lib/paths.ts'
import { setting } from './setting.ts'
import { choice, duration, integer, path, pathOrNone, textMatching, textOrNone, toggle } from './types.ts'

/** How the connection to a PostgreSQL server is secured, in the words of libpq. */
const TLS_MODES = ['auto', 'disable', 'require', 'verify-full'] as const

const postgresUrl = textMatching(
  'URL',
  'a URL such as postgres://user@host:5432/database',
  (value) => value === '' || (/^postgres(ql)?:\/\//.test(value) && URL.canParse(value)),
)

/** What can name a schema without quotes, so that SQL people need none either. */
const schemaName = textMatching('schema', 'lower-case letters, digits and _, at most 63', (value) =>
  /^[a-z_][a-z0-9_]{0,62}$/.test(value),
)

/** Settings under `storage`. */
export const storage = {
  path: setting(path, {
    default: dataFolder,
    defaultText:
      '`$XDG_DATA_HOME/claude-usage-exporter` or `~/.local/share/claude-usage-exporter`; macOS `~/Library/Application Support/claude-usage-exporter`; Windows `%LOCALAPPDATA%\\claude-usage-exporter`',
    about: 'Folder of the ledger, the file `ledger.sqlite`, and of small files between the parts of this program.',
  }),
  url: setting(postgresUrl, {
    default: '',
    defaultText: 'none',
    about:
      'PostgreSQL database (15 or newer) that holds the ledger instead of a file: `postgres://user@host:5432/database`. Several machines may share it. A password is better kept in `storage.password_file` or the environment than in here.',
    secret: true,
  }),
  password: setting(textOrNone, {
    default: '',
    defaultText: 'none',
    about: 'Password for `storage.url`. Better in a file (`storage.password_file`) or in the environment than here.',
    secret: true,
    alsoEnvironment: 'PGPASSWORD',
  }),
  password_file: setting(pathOrNone, {
    default: '',
    defaultText: 'none',
    about: 'File with the password for `storage.url`. It is read again for every new connection.',
  }),
  schema: setting(schemaName, {
    default: 'claude_usage',
    about: 'PostgreSQL schema of the tables and views. It is made when it is missing.',
  }),
  pool_size: setting(integer(3, 50), {
    default: 4,
    about: 'Most connections to PostgreSQL: one writes, the others read.',
  }),
  tls: {
    mode: setting(choice(TLS_MODES), {
      default: 'auto',
      about:
        "TLS to PostgreSQL: `verify-full` encrypts and checks the server's certificate and name, `require` encrypts without checking, `disable` does neither. `auto`: what `sslmode` in the URL says, else `verify-full` for other machines and `disable` for this one.",
    }),
    ca_file: setting(pathOrNone, {
      default: '',
      defaultText: "the system's",
      about: 'Certificates of the authorities to trust for PostgreSQL, PEM.',
    }),
    cert_file: setting(pathOrNone, {
      default: '',
      defaultText: 'none',
      about: 'Client certificate for PostgreSQL, PEM.',
    }),
    key_file: setting(pathOrNone, { default: '', defaultText: 'none', about: 'Key of the client certificate, PEM.' }),
  },
  synchronous: setting(choice(['normal', 'full']), {
    default: 'normal',
    about:
      "SQLite's `synchronous`. With `normal` a power cut can take back the last moments, which are then read from the logs again; `full` writes through at every commit.",
  }),
  retention: setting(duration('1d', '36500d'), {
    default: '400d',
    about: 'How long single responses are kept. Sums per day are kept for ever.',
  }),
  allow_network_filesystem: setting(toggle, {
    default: false,
    about: 'Open a ledger on a network file system, where file locks are often not reliable.',
  }),
}
